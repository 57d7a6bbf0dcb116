import { proveEveryAwait } from '../support/every-await.ts';
import { allResponses } from '../support/failures.ts';

proveEveryAwait('auto', {
  seconds: (story) => (story === 'two new entries' ? allResponses : ['created']),
  deaths: 1,
  atLeast: 35_000,
  timeoutMs: 300_000,
});

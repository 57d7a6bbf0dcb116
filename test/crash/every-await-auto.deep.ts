import { proveEveryAwait } from '../support/every-await.ts';

proveEveryAwait('auto', {
  seconds: () => ['created'],
  deaths: 2,
  atLeast: 500_000,
  timeoutMs: 7_200_000,
});

import { proveEveryAwait } from '../support/every-await.ts';

proveEveryAwait('retry', {
  seconds: () => ['created'],
  deaths: 2,
  atLeast: 500_000,
  timeoutMs: 7_200_000,
});

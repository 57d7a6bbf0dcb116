import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

const RUNS = 25_000;
const MAX_HEAP_MB = 512;

test(`${RUNS} broken feeds are parsed or refused with a code, promptly and within ${MAX_HEAP_MB} MB`, {
  timeout: 600_000,
}, async () => {
  // A thread that exceeds its memory limit ends with an error, which fails this test.
  const worker = new Worker(new URL('../../../support/broken-feeds-thread.ts', import.meta.url), {
    workerData: { runs: RUNS },
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });

  const [read] = await once(worker, 'message');

  expect(read).toBe(RUNS);
});

import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import { brokenFeed, contentType, isReadOrRefused } from './broken-feeds.ts';

const { runs } = workerData as { runs: number };
let read = 0;

await fc.assert(
  fc.asyncProperty(brokenFeed, contentType, async (bytes, type) => {
    read += 1;
    return isReadOrRefused(bytes, type);
  }),
  { numRuns: runs },
);
parentPort?.postMessage(read);

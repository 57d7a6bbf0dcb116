import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Feed } from '../../core/entry.ts';
import { AppError, permanent, retryable } from '../../core/errors.ts';
import type { WorkerAnswer } from './parse-worker.ts';
import type { FeedDocument } from './read-feed.ts';

/** Ten megabytes of feed take a tenth of this; whatever takes longer was made to. */
const DEADLINE_MS = 15_000;
const MAX_HEAP_MB = 384;

/** In a bundle, which is CommonJS and has no `import.meta.url`, the worker is the file `parse-worker.js` beside it. */
const workerFile = (): string | URL =>
  import.meta.url ? new URL('./parse-worker.ts', import.meta.url) : join(__dirname, 'parse-worker.js');

const settle = (answer: WorkerAnswer): Feed => {
  if ('feed' in answer) return answer.feed;
  const { kind, code, message, details } = answer.error;
  throw new AppError(kind, code, message, { details });
};

const outOfMemory = (cause: unknown) =>
  permanent('feed.too-large', `Reading the document takes more than ${MAX_HEAP_MB} MB of memory.`, { cause });

const run = (worker: Worker, deadlineMs: number): Promise<WorkerAnswer> =>
  new Promise((resolve, reject) => {
    const late = () =>
      reject(retryable('feed.too-slow', `Reading the document takes more than ${deadlineMs} ms.`));
    const timer = setTimeout(late, deadlineMs);
    worker.once('message', resolve);
    worker.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfMemory(error) : error),
    );
    worker.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`The parse worker ended without an answer (exit code ${code}).`));
    });
  });

const readAlone = async (document: FeedDocument, deadlineMs: number): Promise<Feed> => {
  const worker = new Worker(workerFile(), {
    workerData: document,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  try {
    return settle(await run(worker, deadlineMs));
  } finally {
    await worker.terminate();
  }
};

let turn: Promise<unknown> = Promise.resolve();

/**
 * Reads a document in a thread of its own, one at a time: it may neither hold up the neighbours nor take their
 * memory. Throws what `readFeed` throws; retryable `feed.too-slow` after the deadline; permanent `feed.too-large`
 * when memory runs out. The deadline begins with the document's turn.
 */
export const readInWorker = (document: FeedDocument, deadlineMs = DEADLINE_MS): Promise<Feed> => {
  const reading = turn.then(() => readAlone(document, deadlineMs));
  turn = reading.catch(() => {});
  return reading;
};

import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Feed } from '../../core/entry.ts';
import { AppError, permanent, retryable } from '../../core/errors.ts';
import type { WorkerAnswer } from './parse-worker.ts';
import type { FeedDocument } from './read-feed.ts';

/** Ten megabytes of feed take a tenth of this; whatever takes longer was made to. */
const DEADLINE_MS = 15_000;
const MAX_HEAP_MB = 384;
/** Big documents come in bursts, and a thread that has read one reads the next several times as fast. */
const WAIT_MS = 5_000;

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

const isOutOfMemory = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';

const answerOf = async (
  worker: Worker,
  document: FeedDocument,
  deadlineMs: number,
): Promise<WorkerAnswer> => {
  const over = new AbortController();
  const { signal } = over;
  const answered = once(worker, 'message', { signal });
  const ended = once(worker, 'exit', { signal });
  const late = wait(deadlineMs, undefined, { signal });
  worker.postMessage(document);
  try {
    return await Promise.race([
      answered.then(([answer]) => answer as WorkerAnswer),
      ended.then(([code]) => {
        throw new Error(`The parse worker ended without an answer (exit code ${code}).`);
      }),
      late.then(() => {
        throw retryable('feed.too-slow', `Reading the document takes more than ${deadlineMs} ms.`);
      }),
    ]);
  } catch (error) {
    throw isOutOfMemory(error) ? outOfMemory(error) : error;
  } finally {
    over.abort();
  }
};

/** The thread that read last, as long as it waits for another document. */
let waiting: Worker | null = null;
let patience: NodeJS.Timeout | undefined;

const forget = (worker: Worker): void => {
  if (waiting === worker) waiting = null;
};

const start = (): Worker => {
  const worker = new Worker(workerFile(), { resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } });
  worker.on('exit', () => forget(worker));
  // told to whoever waits for its answer; of a thread that only waits itself, the exit is enough
  worker.on('error', () => {});
  // the deadline keeps the process alive while a document is read; a thread that waits does not
  worker.unref();
  return worker;
};

const letWait = (worker: Worker): void => {
  waiting = worker;
  patience = setTimeout(() => {
    forget(worker);
    worker.terminate();
  }, WAIT_MS).unref();
};

const readAlone = async (document: FeedDocument, deadlineMs: number): Promise<Feed> => {
  clearTimeout(patience);
  const worker = waiting ?? start();
  waiting = null;
  let answer: WorkerAnswer;
  try {
    answer = await answerOf(worker, document, deadlineMs);
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  letWait(worker);
  return settle(answer);
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

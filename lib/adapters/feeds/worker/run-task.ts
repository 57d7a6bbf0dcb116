import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError, permanent, retryable } from '../../../core/errors.ts';
import type { Reply } from './task-worker.ts';
import type { Input, Kind, Output, Request } from './tasks.ts';

/**
 * The file next to this one: the source, or in the npm package the compiled file. The bundle of a function is CommonJS
 * without `import.meta.url`.
 */
const workerFile = (): string | URL =>
  import.meta.url
    ? new URL(`./task-worker${extname(import.meta.url)}`, import.meta.url)
    : join(__dirname, 'task-worker.js');

const outputOf = <K extends Kind>(reply: Reply<K>): Output<K> => {
  if ('output' in reply) return reply.output;
  const { kind, code, message, details } = reply.error;
  throw new AppError(kind, code, message, { details });
};

/** The maximum time of a task, from its turn on, and its maximum memory. */
export type Limits = { deadlineMs: number; maxHeapMb: number };

const doing: Record<Kind, string> = {
  read: 'Reading the document',
  identify: 'Reading the document',
  render: 'Rendering the posts of its entries',
};

const outOfMemory = (kind: Kind, { maxHeapMb }: Limits, cause: unknown) =>
  permanent('feed.too-large', `${doing[kind]} needed more than the allowed ${maxHeapMb} MB of memory.`, {
    cause,
  });

const isOutOfMemory = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';

type Post = { request: Request; transfer: ArrayBuffer[] };

const tooSlow = (kind: Kind, { deadlineMs }: Limits) =>
  retryable('feed.too-slow', `${doing[kind]} took longer than the allowed ${deadlineMs} ms.`);

// listeners and a timer, because `once` and an abort signal take longer than many a document
const replyOf = async (worker: Worker, { request, transfer }: Post, limits: Limits): Promise<Reply> => {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const ended = (code: number) =>
    reject(new Error(`The worker thread ended without a response (exit code ${code}).`));
  const late = setTimeout(() => reject(tooSlow(request.kind, limits)), limits.deadlineMs);
  worker.on('message', resolve).on('error', reject).on('exit', ended);
  worker.postMessage(request, transfer);
  try {
    return await promise;
  } catch (error) {
    throw isOutOfMemory(error) ? outOfMemory(request.kind, limits, error) : error;
  } finally {
    clearTimeout(late);
    worker.off('message', resolve).off('error', reject).off('exit', ended);
  }
};

const start = ({ maxHeapMb }: Limits): Worker => {
  const worker = new Worker(workerFile(), { resourceLimits: { maxOldGenerationSizeMb: maxHeapMb } });
  // reported to the caller; for an idle thread, the exit is enough
  worker.on('error', () => {});
  // the deadline keeps the process alive during a request; an idle thread does not
  worker.unref();
  return worker;
};

type Waiting = Post & { bytes: number; resolve: (reply: Promise<Reply>) => void };

/** Takes the smallest document, so that a large one does not delay small ones that arrived with it. */
const takeSmallest = (waiting: Waiting[]): Waiting | undefined => {
  const smallest = waiting.toSorted((a, b) => a.bytes - b.bytes)[0];
  if (smallest) waiting.splice(waiting.indexOf(smallest), 1);
  return smallest;
};

/** One thread, from the first request on, for one request after another; replaced after a request that failed. */
const thread = (limits: Limits) => {
  const waiting: Waiting[] = [];
  let current: Worker | null = null;
  let isServing = false;

  const started = (): Worker => {
    const worker = start(limits);
    worker.on('exit', () => {
      if (current === worker) current = null;
    });
    return worker;
  };
  const send = async (post: Post): Promise<Reply> => {
    current ??= started();
    const worker = current;
    try {
      return await replyOf(worker, post, limits);
    } catch (error) {
      current = null;
      await worker.terminate();
      throw error;
    }
  };
  const serve = async (): Promise<void> => {
    isServing = true;
    for (let next = takeSmallest(waiting); next; next = takeSmallest(waiting)) {
      const reply = send(next);
      next.resolve(reply);
      await reply.catch(() => {}); // errors are for the caller
    }
    isServing = false;
  };
  return (post: Post, bytes: number): Promise<Reply> =>
    new Promise((resolve) => {
      waiting.push({ ...post, bytes, resolve });
      if (!isServing) void serve();
    });
};

export type RunTask = <K extends Kind>(kind: K, input: Input<K>, size?: Size) => Promise<Output<K>>;

/** `transfer`: buffers of an input that are transferred instead of copied. `bytes`: its approximate size. */
export type Size = { transfer?: ArrayBuffer[]; bytes?: number };

/**
 * Runs tasks on a publisher's input in a separate thread, one at a time, so that they neither block the calling thread
 * nor use its memory. The smallest waiting task is next. The thread is reused and replaced only after a task that
 * exceeded its limits. The deadline begins with the task's turn. Throws what the task throws; retryable `feed.too-slow`
 * after the deadline; permanent `feed.too-large` if memory runs out.
 */
export const taskRunner = (limits: Limits): RunTask => {
  const send = thread(limits);
  return <K extends Kind>(kind: K, input: Input<K>, { transfer = [], bytes = 0 }: Size = {}) =>
    send({ request: { kind, input }, transfer }, bytes).then((reply) => outputOf<K>(reply as Reply<K>));
};

/** The thread of this process. Ten megabytes of feed take a tenth of this time; a slower document is hostile. */
export const runTask = taskRunner({ deadlineMs: 15_000, maxHeapMb: 384 });

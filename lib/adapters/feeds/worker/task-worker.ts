import { parentPort } from 'node:worker_threads';
import { AppError, type ErrorKind } from '../../../core/errors.ts';
import { type Kind, type Output, type Request, tasks } from './tasks.ts';

/** An error loses its class between threads, so its fields are transferred. */
export type Reply<K extends Kind = Kind> =
  | { output: Output<K> }
  | { error: { kind: ErrorKind; code: string; message: string; details: Record<string, unknown> } };

const reply = async ({ kind, input }: Request): Promise<Reply> => {
  try {
    return { output: await tasks[kind](input as never) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { kind, code, message, details } = error;
    return { error: { kind, code, message, details } };
  }
};

// Processes one request after another. An exception ends the thread with an `error` event.
parentPort?.on('message', async (request: Request) => {
  parentPort?.postMessage(await reply(request));
});

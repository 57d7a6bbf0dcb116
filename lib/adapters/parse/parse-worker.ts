import { parentPort } from 'node:worker_threads';
import type { Feed } from '../../core/entry.ts';
import { AppError, type ErrorKind } from '../../core/errors.ts';
import { type FeedDocument, readFeed } from './read-feed.ts';

/** An error loses its class on the way between threads, so it travels as what makes it one. */
export type WorkerAnswer =
  | { feed: Feed }
  | { error: { kind: ErrorKind; code: string; message: string; details: Record<string, unknown> } };

const answer = async (document: FeedDocument): Promise<WorkerAnswer> => {
  try {
    return { feed: await readFeed(document) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { kind, code, message, details } = error;
    return { error: { kind, code, message, details } };
  }
};

// One document after the other. What throws ends the thread with an `error` event.
parentPort?.on('message', async (document: FeedDocument) => {
  parentPort?.postMessage(await answer(document));
});

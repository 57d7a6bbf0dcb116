import { createHash } from 'node:crypto';
import type { FeedHints } from '../../lib/core/entry.ts';
import type { AppError } from '../../lib/core/errors.ts';
import type { Validators } from '../../lib/core/feed-row.ts';
import { politeBatch } from '../../lib/core/polite-batch.ts';
import {
  isMoveSettled,
  type Moved,
  notBeforeAfterAnswer,
  notBeforeAfterFailure,
  rememberMove,
} from '../../lib/core/politeness.ts';
import type { FetchAnswer, FetchFeed } from '../../lib/core/ports.ts';

/** What a reader keeps of a feed between two polls: plain JSON, so that it survives a restart. */
export type Subscription = {
  url: string;
  validators: Validators | null;
  bodyHash: string | null;
  hints: FeedHints | null;
  nextAt: number;
  failures: number;
  moved: Moved | null;
  isGone: boolean;
  /** How many documents were read, not merely fetched. */
  reads: number;
  lastCode: string | null;
};

export const subscribe = (url: string): Subscription => ({
  url,
  validators: null,
  bodyHash: null,
  hints: null,
  nextAt: 0,
  failures: 0,
  moved: null,
  isGone: false,
  reads: 0,
  lastCode: null,
});

export type ReaderOptions = {
  fetch: FetchFeed;
  now: () => number;
  random: () => number;
  intervalMs: (subscription: Subscription) => number;
  /** Reads the hints of a document, as a parser would. */
  hintsOf: (body: string) => FeedHints | null;
};

const afterAnswer = (options: ReaderOptions, subscription: Subscription, answer: FetchAnswer): void => {
  const now = options.now();
  if (answer.kind === 'document') {
    const bodyHash = createHash('sha256').update(answer.bytes).digest('hex');
    if (bodyHash !== subscription.bodyHash) {
      subscription.reads += 1;
      subscription.hints = options.hintsOf(Buffer.from(answer.bytes).toString());
    }
    Object.assign(subscription, { bodyHash, validators: answer.validators });
  }
  const { hints } = subscription;
  const intervalMs = options.intervalMs(subscription);
  const floor = notBeforeAfterAnswer({ now, intervalMs, freshUntil: answer.hints.freshUntil, hints });
  subscription.moved = rememberMove(subscription.moved, answer.permanentUrl, now);
  if (subscription.moved && isMoveSettled(subscription.moved, now)) subscription.url = subscription.moved.to;
  Object.assign(subscription, { failures: 0, lastCode: null, nextAt: Math.max(now + intervalMs, floor) });
};

const afterFailure = (options: ReaderOptions, subscription: Subscription, error: AppError): void => {
  const failures = subscription.failures + 1;
  const { retryAfterMs } = error;
  const nextAt = notBeforeAfterFailure({
    now: options.now(),
    failures,
    random: options.random(),
    retryAfterMs,
  });
  Object.assign(subscription, { failures, nextAt, lastCode: error.code, isGone: error.code === 'feed.gone' });
};

/**
 * The smallest reader that can be made of the real rules: for tests of those rules before any store or queue
 * is in play. `poll` takes those that are due, as one batch; `manual` takes all.
 */
export const politeReader = (options: ReaderOptions) => {
  const pollOne = async (subscription: Subscription, fetch: FetchFeed, noCache: boolean): Promise<void> => {
    const { url, validators } = subscription;
    await fetch({ url, validators, noCache, allowPrivate: true, deadlineMs: 5_000 }).then(
      (answer) => afterAnswer(options, subscription, answer),
      (error) => afterFailure(options, subscription, error),
    );
  };

  return {
    poll: async (
      subscriptions: Subscription[],
      how: { manual?: boolean; forced?: boolean } = {},
    ): Promise<void> => {
      const isDue = ({ isGone, nextAt }: Subscription) =>
        !isGone && (nextAt <= options.now() || how.manual === true);
      const fetch = politeBatch(options.fetch, { now: options.now });
      const due = subscriptions.filter(isDue);
      await Promise.all(due.map((subscription) => pollOne(subscription, fetch, how.forced ?? false)));
    },
  };
};

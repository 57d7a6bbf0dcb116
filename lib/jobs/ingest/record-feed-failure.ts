import type { FeedConfig } from '../../core/config/config.ts';
import type { AppError } from '../../core/errors.ts';
import { ownTrouble } from '../../core/polling/address.ts';
import { type FeedFailure, type FeedRow, nothingRead } from '../../core/polling/feed-row.ts';
import { nothingLearned, slotOf } from '../../core/polling/learn-from-response.ts';
import { notBeforeAfterFailure } from '../../core/polling/politeness.ts';
import type { Clock, FeedStore, Invocation } from '../../core/ports.ts';

type Deps = { feedStore: Pick<FeedStore, 'read' | 'save' | 'setSlot'>; clock: Clock; random: () => number };

const day = 86_400_000;

/** A feed that fails for so long, or too often in a row, is reported once. */
const reportAfterMs = day;
const reportAfterFailures = 10;

/** The row of a feed about which nothing is known. */
export const unreadRow = (feed: FeedConfig): FeedRow => ({
  id: feed.id,
  rev: 0,
  url: feed.url,
  ...nothingRead,
  trouble: null,
});

/** A feed that is gone is reported at once, because that does not change by itself. */
const isReported = ({ code, since, failures, lastAt }: FeedFailure): boolean =>
  code === 'feed.gone' || lastAt - since >= reportAfterMs || failures >= reportAfterFailures;

const troubleOf = (
  deps: Deps,
  { url }: FeedConfig,
  before: FeedFailure | null,
  error: AppError,
): FeedFailure => {
  const now = deps.clock();
  const failures = (before?.failures ?? 0) + 1;
  const { code, message, retryAfterMs } = error;
  const nextAt = notBeforeAfterFailure({ now, failures, random: deps.random(), retryAfterMs });
  const trouble = {
    url,
    code,
    message,
    since: before?.since ?? now,
    failures,
    lastAt: now,
    nextAt: Math.min(nextAt, now + day),
  };
  return before?.reported || isReported(trouble) ? { ...trouble, reported: true } : trouble;
};

/** A permanent redirect that led nowhere is dropped: the address in feeds.yml is requested again. */
const withoutMove = ({ learned, ...row }: FeedRow): FeedRow =>
  learned ? { ...row, learned: { ...learned, moved: null } } : row;

/**
 * Records a feed's failure on its row, for the address it occurred at: code, message, start and count. The feed is
 * polled again after the pause its server requested, or with a back-off up to a day, without limit. A feed that is
 * gone (410) is not polled until its address changes.
 */
export const recordFeedFailure = async (
  deps: Deps,
  feed: FeedConfig,
  error: AppError,
  invocation: Invocation,
): Promise<void> => {
  const row = withoutMove((await deps.feedStore.read(feed.id)) ?? unreadRow(feed));
  const before = ownTrouble(feed, row);
  const trouble = troubleOf(deps, feed, before, error);
  // Another worker has polled it meanwhile and has newer data.
  if (!(await deps.feedStore.save({ ...row, trouble, rev: row.rev + 1 }))) return;
  const { code, message, since, failures, nextAt } = trouble;
  const slot = slotOf(feed, row.learned ?? nothingLearned, nextAt);
  await deps.feedStore.setSlot(feed.id, code === 'feed.gone' ? { ...slot, gone: true } : slot);
  invocation.report({ event: 'poll.failed', feed: feed.id, code, message, failures, nextAt });
  if (trouble.reported && !before?.reported)
    invocation.report({ event: 'feed.failing', feed: feed.id, code, message, since, failures });
};

/** Logs that a failing feed works again, and notifies if its failure was reported. */
export const reportRecovery = (feed: string, trouble: FeedFailure, invocation: Invocation): void => {
  const { code, since, failures, reported } = trouble;
  invocation.report({ event: 'poll.recovered', feed });
  if (reported) invocation.report({ event: 'feed.working', feed, code, since, failures });
};

import type { FeedConfig } from '../../core/config/config.ts';
import type { AppError } from '../../core/errors.ts';
import { ownTrouble } from '../../core/polling/address.ts';
import { type FeedFailure, type FeedRow, nothingRead } from '../../core/polling/feed-row.ts';
import { nothingLearned, slotOf } from '../../core/polling/learn-from-answer.ts';
import { notBeforeAfterFailure } from '../../core/polling/politeness.ts';
import type { Clock, FeedStore, Invocation } from '../../core/ports.ts';

type Deps = { feedStore: Pick<FeedStore, 'read' | 'save' | 'setSlot'>; clock: Clock; random: () => number };

const day = 86_400_000;

/** A feed that fails for so long, or so often in a row, is told of: once. */
const tellAfterMs = day;
const tellAfterFailures = 10;

/** A feed of which nothing is known yet. */
export const unreadRow = (feed: FeedConfig): FeedRow => ({
  id: feed.id,
  rev: 0,
  url: feed.url,
  ...nothingRead,
  trouble: null,
});

/** Gone for good is told at once: nothing that comes later could change it. */
const isTold = ({ code, since, failures, lastAt }: FeedFailure): boolean =>
  code === 'feed.gone' || lastAt - since >= tellAfterMs || failures >= tellAfterFailures;

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
    ...{ url, code, message, since: before?.since ?? now, failures, lastAt: now },
    nextAt: Math.min(nextAt, now + day),
  };
  return before?.told || isTold(trouble) ? { ...trouble, told: true } : trouble;
};

/** A permanent redirect that led nowhere is forgotten: the address in feeds.yml is asked again. */
const withoutMove = ({ learned, ...row }: FeedRow): FeedRow =>
  learned ? { ...row, learned: { ...learned, moved: null } } : row;

/**
 * A feed's failure stays with the feed, at the address it was met at: code, message, since when and how often go onto its row, and it is polled
 * again after what the server asked for, or a back-off up to a day, for ever. One that is gone (410) is polled no
 * more until its address changes.
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
  // Overtaken: somebody else has polled it meanwhile and knows better.
  if (!(await deps.feedStore.save({ ...row, trouble, rev: row.rev + 1 }))) return;
  const { code, message, since, failures, nextAt } = trouble;
  const slot = slotOf(feed, row.learned ?? nothingLearned, nextAt);
  await deps.feedStore.setSlot(feed.id, code === 'feed.gone' ? { ...slot, gone: true } : slot);
  invocation.report({ event: 'poll.failed', feed: feed.id, code, message, failures, nextAt });
  if (trouble.told && !before?.told)
    invocation.report({ event: 'feed.failing', feed: feed.id, code, message, since, failures });
};

/** Says that a feed which had failed answers again, and once more aloud if its failure had been told. */
export const reportRecovery = (feed: string, trouble: FeedFailure, invocation: Invocation): void => {
  const { code, since, failures, told } = trouble;
  invocation.report({ event: 'poll.recovered', feed });
  if (told) invocation.report({ event: 'feed.working', feed, code, since, failures });
};

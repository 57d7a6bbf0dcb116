import type { FeedConfig } from '../../core/config/config.ts';
import { ownRow } from '../../core/polling/address.ts';
import type { FeedRow } from '../../core/polling/feed-row.ts';
import { afterAnswer, nothingLearned, type Read, slotOf } from '../../core/polling/learn-from-answer.ts';
import { afterDailyPoll, type PollRequest } from '../../core/polling/poll-request.ts';
import type { FeedSlot } from '../../core/polling/schedule-rows.ts';
import type { Clock, FeedStore, FetchAnswer, FetchFeed, Invocation } from '../../core/ports.ts';
import { doubt304 } from './doubt-304.ts';
import { reportRecovery } from './record-feed-failure.ts';

type Deps = { feedStore: Pick<FeedStore, 'save' | 'setSlot'>; fetchFeed: FetchFeed; clock: Clock };

/** How a poll was asked for. `next`: the next regular one; `manual`: a person asked; `force`: and wants all sent again. */
export type Asked = { manual: boolean; force?: boolean | undefined; next?: number | undefined };

/**
 * An answer to a poll of a feed whose row is this one; `read`: what its document says, if it is another than before;
 * `hasNews`: entries in it that nobody knew.
 */
type FeedAnswer = PollRequest & {
  row: FeedRow;
  answer: FetchAnswer;
  asked: Asked;
  read: Read | null;
  hasNews?: boolean;
};

/** The row after an answer, and what the schedule is to be told, if anything: a pause that is over, a plan, a quiet time. */
const settled = (feed: FeedConfig, { row, answer, asked, read }: FeedAnswer, now: number) => {
  const before = row.learned ?? nothingLearned;
  const { hints, permanentUrl } = answer;
  const { freshUntil } = hints;
  const next = asked.next ?? now;
  const { learned, slot } = afterAnswer(feed, before, { now, next, freshUntil, permanentUrl, read });
  return {
    row: { ...row, learned, trouble: null, rev: row.rev + 1 },
    slot: slot ?? (row.trouble ? slotOf(feed, learned, 0) : null),
    isNews: learned !== before || row.trouble !== null,
  };
};

const finish = async (
  deps: Deps,
  { id }: FeedConfig,
  [before, after]: [FeedRow, FeedRow],
  slot: FeedSlot | null,
  invocation: Invocation,
): Promise<void> => {
  if (slot) await deps.feedStore.setSlot(id, slot);
  if (before.trouble) reportRecovery(id, before.trouble, invocation);
  const moved = after.learned?.moved;
  if (moved?.adopted && !before.learned?.moved?.adopted)
    invocation.report({ event: 'poll.moved', feed: id, to: moved.to });
};

/** The same document may come with other validators; the latest are the ones to bring. */
const newValidators = ({ row, answer }: FeedAnswer): Partial<FeedRow> => {
  if (answer.kind === 'unchanged') return {};
  const { etag, lastModified } = answer.validators;
  return etag === row.validators.etag && lastModified === row.validators.lastModified
    ? {}
    : { validators: answer.validators };
};

/** The day's poll without validators is noted, and what it showed of the 304s before it. */
const daily = async (
  deps: Deps,
  feed: FeedConfig,
  { row, request, isDaily, hasNews = false }: FeedAnswer,
  invocation: Invocation,
): Promise<Partial<FeedRow>> => {
  if (!isDaily) return {};
  const before = ownRow(feed, row);
  const isWrong = hasNews && before !== null && (await doubt304(deps, request, before));
  const unconditional = afterDailyPoll(before?.unconditional, { now: deps.clock(), isWrong });
  if (isWrong) invocation.report({ event: 'poll.wrong-304', feed: feed.id, until: unconditional.until ?? 0 });
  return { unconditional };
};

/**
 * A feed answered that nothing has changed. Writes nothing either, unless a failure is over, its server wants to be
 * asked later than planned, keeps sending us elsewhere, or has given its document another name, or it was the one poll
 * of the day without validators.
 */
export const noteUnchanged = async (
  deps: Deps,
  feed: FeedConfig,
  answer: FeedAnswer,
  invocation: Invocation,
): Promise<void> => {
  const { row, slot, isNews } = settled(feed, answer, deps.clock());
  const changes = { ...newValidators(answer), ...(await daily(deps, feed, answer, invocation)) };
  const after = { ...row, ...changes };
  if ((isNews || Object.keys(changes).length > 0) && !(await deps.feedStore.save(after))) return;
  await finish(deps, feed, [answer.row, after], slot, invocation);
};

/** Saves a feed's row after all that was in its document is settled; false when another poll was faster. */
export const saveAnswer = async (
  deps: Deps,
  feed: FeedConfig,
  answer: FeedAnswer,
  changes: Partial<FeedRow>,
  invocation: Invocation,
): Promise<boolean> => {
  const { row, slot } = settled(feed, answer, deps.clock());
  const changed = { ...row, ...(await daily(deps, feed, answer, invocation)), ...changes };
  if (!(await deps.feedStore.save(changed))) {
    invocation.report({ event: 'poll.overtaken', feed: feed.id });
    return false;
  }
  await finish(deps, feed, [answer.row, changed], slot, invocation);
  return true;
};

import type { FeedConfig } from '../../core/config/config.ts';
import { AppError } from '../../core/errors.ts';
import { ownRow } from '../../core/polling/address.ts';
import type { FeedRow } from '../../core/polling/feed-row.ts';
import { afterResponse, nothingLearned, type Read, slotOf } from '../../core/polling/learn-from-response.ts';
import { afterDailyPoll, type PollRequest, usableValidators } from '../../core/polling/poll-request.ts';
import type { FeedSlot } from '../../core/polling/schedule-rows.ts';
import type {
  Clock,
  FeedStore,
  FetchFeed,
  FetchRequest,
  FetchResponse,
  Invocation,
} from '../../core/ports.ts';
import { reportRecovery } from './record-feed-failure.ts';

type Deps = { feedStore: Pick<FeedStore, 'save' | 'setSlot'>; fetchFeed: FetchFeed; clock: Clock };

/** How a poll was requested. `next`: the next regular one; `manual`: requested by you; `force`: without validators. */
export type PollOptions = { manual: boolean; force?: boolean | undefined; next?: number | undefined };

/**
 * A poll's response for a feed with this row. `read`: what its document shows, if it has changed; `hasNews`: whether
 * it contains unknown entries.
 */
type FeedResponse = PollRequest & {
  row: FeedRow;
  response: FetchResponse;
  options: PollOptions;
  read: Read | null;
  hasNews?: boolean;
};

/** The row after a response, and the changes to the schedule, if any: an ended pause, a plan, a quiet time. */
const settled = (feed: FeedConfig, { row, response, options, read }: FeedResponse, now: number) => {
  const before = row.learned ?? nothingLearned;
  const { hints, permanentUrl } = response;
  const { freshUntil } = hints;
  const next = options.next ?? now;
  const { learned, slot } = afterResponse(feed, before, { now, next, freshUntil, permanentUrl, read });
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

/** The same document may come with new validators; the latest are sent next time. */
const newValidators = ({ row, response }: FeedResponse): Partial<FeedRow> => {
  if (response.kind === 'unchanged') return {};
  const { etag, lastModified } = response.validators;
  return etag === row.validators.etag && lastModified === row.validators.lastModified
    ? {}
    : { validators: response.validators };
};

/** Records the daily poll without validators, and what it showed about the 304s before it. */
const daily = async (
  deps: Deps,
  feed: FeedConfig,
  { row, request, isDaily, hasNews = false }: FeedResponse,
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
 * Handles an unchanged poll. Writes nothing unless a failure ended, the server asks for a later poll than planned, it
 * redirects repeatedly, the validators changed, or it was the daily poll without validators.
 */
export const noteUnchanged = async (
  deps: Deps,
  feed: FeedConfig,
  response: FeedResponse,
  invocation: Invocation,
): Promise<void> => {
  const { row, slot, isNews } = settled(feed, response, deps.clock());
  const changes = { ...newValidators(response), ...(await daily(deps, feed, response, invocation)) };
  const after = { ...row, ...changes };
  if ((isNews || Object.keys(changes).length > 0) && !(await deps.feedStore.save(after))) return;
  await finish(deps, feed, [response.row, after], slot, invocation);
};

/** Saves a feed's row after everything in its document is settled; false if another poll was faster. */
export const saveResponse = async (
  deps: Deps,
  feed: FeedConfig,
  response: FeedResponse,
  changes: Partial<FeedRow>,
  invocation: Invocation,
): Promise<boolean> => {
  const { row, slot } = settled(feed, response, deps.clock());
  const changed = { ...row, ...(await daily(deps, feed, response, invocation)), ...changes };
  if (!(await deps.feedStore.save(changed))) {
    invocation.report({ event: 'poll.overtaken', feed: feed.id });
    return false;
  }
  await finish(deps, feed, [response.row, changed], slot, invocation);
  return true;
};

/**
 * Whether a server responds 304 although it has new entries: a poll without validators has just found some, so the
 * feed is requested once more with the earlier validators. Only a 304 proves it, because entries published a moment
 * ago are new as well. If this request fails, the server is not blamed, and the next day's poll checks again.
 */
const doubt304 = async (
  { fetchFeed }: { fetchFeed: FetchFeed },
  request: FetchRequest,
  before: FeedRow,
): Promise<boolean> => {
  const validators = usableValidators(before);
  if (validators === null) return false;
  try {
    return (await fetchFeed({ ...request, validators })).kind === 'unchanged';
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
};

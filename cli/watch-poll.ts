import type { Counts, FeedFailure, FeedRow } from '../lib/core/polling/feed-row.ts';
import type { Target } from './target.ts';

/** The result of a poll, as shown by the feed's row; `pending`: none is visible yet. */
export type Polled = {
  feed: string;
  outcome: 'changed' | 'unchanged' | 'failed' | 'pending';
  counts: Counts | null;
  trouble: FeedFailure | null;
};

/** How often to check, and how to wait between two checks. */
type Patience = { looks: number; everyMs: number; pause: (ms: number) => Promise<unknown> };

const polledAs = (feed: string, outcome: Polled['outcome'], row: FeedRow | null): Polled => ({
  feed,
  outcome,
  counts: outcome === 'changed' ? (row?.counts ?? null) : null,
  trouble: outcome === 'failed' ? (row?.trouble ?? null) : null,
});

/** The row's change; null while it is the same. */
const changeOf = (feed: string, before: FeedRow | null, row: FeedRow | null): Polled | null => {
  if (row === null || row.rev === before?.rev) return null;
  if (row.trouble && row.trouble.lastAt !== before?.trouble?.lastAt) return polledAs(feed, 'failed', row);
  const isChanged = row.changedAt !== before?.changedAt || before?.facts === null;
  return polledAs(feed, isChanged ? 'changed' : 'unchanged', row);
};

/** A batch may be in transit between the queue and its worker. */
const calmLooks = 3;

/**
 * Polls feeds and waits for the results. An unchanged poll writes nothing, so if queue depths are exact (`exact`; those
 * of SQS are approximate), a feed is unchanged once nothing is waiting or in progress.
 */
export const pollAndWatch = async (
  { feedStore, sendFeeds, queueDepths }: Pick<Target, 'feedStore' | 'sendFeeds' | 'queueDepths'>,
  request: { feeds: string[]; force: boolean; exact: boolean },
  { looks, everyMs, pause }: Patience,
): Promise<Polled[]> => {
  const { feeds, force, exact } = request;
  const before = new Map<string, FeedRow | null>();
  for (const id of feeds) before.set(id, await feedStore.read(id));
  await sendFeeds([{ feeds, manual: true, ...(force && { force }) }]);

  const read = async (id: string) => changeOf(id, before.get(id) ?? null, await feedStore.read(id));
  const found = new Map<string, Polled>();
  let calm = 0;
  for (let look = 0; look < looks && found.size < feeds.length && calm < calmLooks; look++) {
    await pause(everyMs);
    const isIdle = exact && (await queueDepths())?.feeds === 0; // read first, so that rows include everything done by then
    for (const id of feeds) {
      const polled = found.get(id) ?? (await read(id));
      if (polled) found.set(id, polled);
    }
    calm = isIdle ? calm + 1 : 0;
  }
  const otherwise = calm >= calmLooks ? 'unchanged' : 'pending';
  return feeds.map((id) => found.get(id) ?? polledAs(id, otherwise, null));
};

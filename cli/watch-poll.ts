import type { Counts, FeedFailure, FeedRow } from '../lib/core/polling/feed-row.ts';
import type { Target } from './target.ts';

/** What came of a poll, as the feed's row tells; `pending`: nothing is to be seen of it yet. */
export type Polled = {
  feed: string;
  outcome: 'changed' | 'unchanged' | 'failed' | 'pending';
  counts: Counts | null;
  trouble: FeedFailure | null;
};

/** How long to look, and how to pass the time between two looks. */
type Patience = { looks: number; everyMs: number; pause: (ms: number) => Promise<unknown> };

const tell = (feed: string, outcome: Polled['outcome'], row: FeedRow | null): Polled => ({
  feed,
  outcome,
  counts: outcome === 'changed' ? (row?.counts ?? null) : null,
  trouble: outcome === 'failed' ? (row?.trouble ?? null) : null,
});

/** What the row tells beside what it told before; null while it is the same. */
const newsOf = (feed: string, before: FeedRow | null, row: FeedRow | null): Polled | null => {
  if (row === null || row.rev === before?.rev) return null;
  if (row.trouble && row.trouble.lastAt !== before?.trouble?.lastAt) return tell(feed, 'failed', row);
  const isChanged = row.changedAt !== before?.changedAt || before?.facts === null;
  return tell(feed, isChanged ? 'changed' : 'unchanged', row);
};

/** A batch may be on the wire between the queue and its worker. */
const calmLooks = 3;

/**
 * Has feeds polled and looks what comes of it. An unchanged poll writes nothing: where the queue can be counted on
 * the spot (`exact`; SQS itself counts only about), a feed is unchanged once nothing waits or is at work.
 */
export const pollAndWatch = async (
  { feedStore, sendFeeds, queueDepths }: Pick<Target, 'feedStore' | 'sendFeeds' | 'queueDepths'>,
  asked: { feeds: string[]; force: boolean; exact: boolean },
  { looks, everyMs, pause }: Patience,
): Promise<Polled[]> => {
  const { feeds, force, exact } = asked;
  const before = new Map<string, FeedRow | null>();
  for (const id of feeds) before.set(id, await feedStore.read(id));
  await sendFeeds([{ feeds, manual: true, ...(force && { force }) }]);

  const read = async (id: string) => newsOf(id, before.get(id) ?? null, await feedStore.read(id));
  const found = new Map<string, Polled>();
  let calm = 0;
  for (let look = 0; look < looks && found.size < feeds.length && calm < calmLooks; look++) {
    await pause(everyMs);
    const isIdle = exact && (await queueDepths())?.feeds === 0; // first: what is done by then is on the rows
    for (const id of feeds) {
      const news = found.get(id) ?? (await read(id));
      if (news) found.set(id, news);
    }
    calm = isIdle ? calm + 1 : 0;
  }
  const otherwise = calm >= calmLooks ? 'unchanged' : 'pending';
  return feeds.map((id) => found.get(id) ?? tell(id, otherwise, null));
};

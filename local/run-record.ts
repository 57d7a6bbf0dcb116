import type { AppEvent } from '../lib/core/events.ts';
import type { State } from '../lib/core/ledger/row.ts';
import type { Counts } from '../lib/core/polling/feed-row.ts';
import type { TikTokPost } from '../lib/core/posts/tiktok-post.ts';

/** A feed's result in this run; `error` only if its last poll failed. */
type FeedResult = { id: string } & Counts & { error?: { code: string; message: string } };

/** A draft made in this run. `entry` is its key in the ledger, `post` the body exactly as sent. */
export type DraftResult = { feed: string; entry: string; postId: number | null; post: TikTokPost };

export type LedgerSums = Partial<Record<State, number>>;

/** The result of one run, as printed by `--json`. */
export type RunResult = { feeds: FeedResult[]; drafts: DraftResult[]; ledger: LedgerSums };

const none: Counts = { seen: 0, known: 0, baselined: 0, filtered: 0, held: 0, review: 0, queued: 0 };

/** Collects each feed's result from its poll events. */
export function recordPolls(ids: string[]) {
  const feeds = new Map<string, FeedResult>(ids.map((id) => [id, { id, ...none }]));
  const polled = new Set<string>();

  return {
    hear: (news: AppEvent): void => {
      if (!('feed' in news) || !news.event.startsWith('poll.')) return;
      polled.add(news.feed);
      const { id, error: _, ...counts } = feeds.get(news.feed) ?? { id: news.feed, ...none };
      if (news.event === 'poll.changed') feeds.set(id, { id, ...sum(counts, news.counts) });
      else if (news.event === 'poll.unchanged') feeds.set(id, { id, ...counts });
      else if (news.event === 'poll.failed') {
        feeds.set(id, { id, ...counts, error: { code: news.code, message: news.message } });
      }
    },
    results: (): FeedResult[] => [...feeds.values()],
    /** Feeds without any poll event yet. */
    missing: (): string[] => ids.filter((id) => !polled.has(id)),
  };
}

const sum = (a: Counts, b: Counts): Counts => ({
  seen: a.seen + b.seen,
  known: a.known + b.known,
  baselined: a.baselined + b.baselined,
  filtered: a.filtered + b.filtered,
  held: a.held + b.held,
  review: a.review + b.review,
  queued: a.queued + b.queued,
});

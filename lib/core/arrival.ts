import type { FeedConfig } from './config.ts';
import type { Sighting } from './identity.ts';
import type { Verdict } from './life.ts';
import type { TikTokPost } from './tiktok-post.ts';

/** A story at the one door, judged: what it is to become if nobody knows it yet. */
export type Arrival = {
  feed: FeedConfig;
  /** By which of the two roads of a feed it came. */
  side: 'feed' | 'hook';
  sighting: Sighting;
  verdict: Verdict;
  /** The finished post; null when it cannot be rendered. */
  post: TikTokPost | null;
  /** The feed's last window did not hold it. */
  fresh: boolean;
  /** It is dated later than everything this feed had before, or not dated. */
  news: boolean;
  /** The webhook says that this is its first publication. */
  firstPublished: boolean;
};

/** What became of it at the door and why, as its row says it, and the key of its entry. */
export type Admitted = { outcome: 'known' | Verdict['state']; key: string; code: string };

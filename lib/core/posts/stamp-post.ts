import type { FeedConfig } from '../config/config.ts';
import { leadMs } from '../dash/timing.ts';
import type { TikTokPost } from './tiktok-post.ts';

/** An instant as the API takes it. */
export const timestampOf = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;

export const withoutTimestamp = ({ timestamp: _, ...post }: TikTokPost): TikTokPost => post;

/** Whether the time of a feed's posts is only decided when they are sent: what a post carries before is a foretaste. */
export const isTimedWhenSent = ({ editorial: { at } }: FeedConfig): boolean =>
  at?.kind === 'slot' || at?.kind === 'after';

/**
 * The post with the time that it is to carry, if any: `time` where the feed counts slots or waits a while, else what
 * was made of the entry. A draft never carries a time that has passed when it is sent: then it carries none. What
 * goes public at once carries none either, and what is to go public at a time that has passed is not ours to change.
 */
export const stampPost = (
  post: TikTokPost,
  feed: FeedConfig,
  time: number | null,
  now: number,
): TikTokPost => {
  const { at } = feed.editorial;
  if (post.status === 'AUTOPUBLISHING') return post;
  if (time !== null) return { ...post, timestamp: timestampOf(time) };
  const isOurs = at !== null || feed.post.timestamp === undefined;
  const isStale = at?.kind !== 'template' || Date.parse(post.timestamp ?? '') < now + leadMs;
  return post.status === 'DRAFT' && post.timestamp && isOurs && isStale ? withoutTimestamp(post) : post;
};

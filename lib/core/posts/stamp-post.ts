import type { FeedConfig } from '../config/config.ts';
import { leadMs } from '../dash/timing.ts';
import type { TikTokPost } from './tiktok-post.ts';

/** A time in the API's format. */
export const timestampOf = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;

export const withoutTimestamp = ({ timestamp: _, ...post }: TikTokPost): TikTokPost => post;

/** Whether the time of a feed's posts is decided only when they are sent; before that it is provisional. */
export const isTimedWhenSent = ({ editorial: { at } }: FeedConfig): boolean =>
  at?.kind === 'slot' || at?.kind === 'after';

/**
 * The post with the time it is sent with, if any: `time` if the feed uses slots or a delay, otherwise the rendered one.
 * A draft is never sent with a time in the past, but without one. A post published at once has none either, and a
 * scheduled post whose time has passed is not changed here.
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

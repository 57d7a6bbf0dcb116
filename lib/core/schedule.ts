import { createHash } from 'node:crypto';
import { Cron } from 'croner';
import type { FeedConfig, Rhythm } from './config.ts';
import type { ScheduleSlot } from './feed-row.ts';

/** The time a tick answers for: after `from`, up to and including `to`; epoch milliseconds. */
export type Window = { from: number; to: number };

/** How many shards the schedule lies in; fixed, so that no feed ever moves. */
const shards = 256;

const hashOf = (text: string) => createHash('sha256').update(text).digest();

/** The shard of a feed: two hexadecimal digits. */
export const shardOf = (feed: string): string =>
  ((hashOf(feed)[0] ?? 0) % shards).toString(16).padStart(2, '0');

/** Where in its interval a feed is polled: from the hash of its address, so that a fleet spreads evenly. */
export const phaseMs = (url: string, everyMs: number): number => hashOf(url).readUIntBE(0, 6) % everyMs;

const fires = (rhythm: Rhythm, url: string, { from, to }: Window): boolean => {
  if ('cron' in rhythm) {
    const next = new Cron(rhythm.cron, { timezone: rhythm.timezone }).nextRun(new Date(from));
    return next !== null && next.getTime() <= to;
  }
  const phase = phaseMs(url, rhythm.everyMs);
  return Math.floor((to - phase) / rhythm.everyMs) > Math.floor((from - phase) / rhythm.everyMs);
};

/**
 * Whether a feed is to be polled in this window: a multiple of its interval (or its cron time) falls into it, or
 * the end of a pause does. A feed without a slot has never been polled and is due. Over windows that adjoin, each
 * due time is served once, and a feed at most once a window.
 */
export const isDue = (feed: FeedConfig, slot: ScheduleSlot | undefined, window: Window): boolean => {
  if (feed.paused) return false;
  if (!slot) return true;
  if (slot.goneUrl === feed.url || slot.notBefore > window.to) return false;
  return slot.notBefore > window.from || fires(feed.rhythm, feed.url, window);
};

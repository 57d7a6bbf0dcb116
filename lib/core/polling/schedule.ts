import { createHash } from 'node:crypto';
import { Cron } from 'croner';
import type { FeedConfig, Rhythm } from '../config/config.ts';
import { stepMs } from './intervals/poll-intervals.ts';
import { phaseMs } from './phase.ts';
import type { Timing } from './schedule-rows.ts';

/** The time that a tick covers: after `from`, up to and including `to`; epoch milliseconds. */
export type Window = { from: number; to: number };

/** The number of shards of the schedule; fixed, so that no feed ever moves. */
const shards = 256;

const hashOf = (text: string) => createHash('sha256').update(text).digest();

/** The shard of a feed: two hexadecimal digits. */
export const shardOf = (feed: string): string =>
  ((hashOf(feed)[0] ?? 0) % shards).toString(16).padStart(2, '0');

/**
 * Milliseconds between two regular polls; null for a cron. An adaptively polled feed without a step uses the fleet's
 * mean.
 */
export const intervalOf = (rhythm: Rhythm, slot: Timing | undefined): number | null => {
  if ('cron' in rhythm) return null;
  if ('everyMs' in rhythm) return rhythm.everyMs;
  const { meanMs, minMs, maxMs } = rhythm.adaptive;
  return slot?.step === undefined ? Math.min(Math.max(meanMs, minMs), maxMs) : stepMs(slot.step);
};

const fires = (feed: FeedConfig, slot: Timing, { from, to }: Window): boolean => {
  const { rhythm, url } = feed;
  if ('cron' in rhythm) {
    const next = new Cron(rhythm.cron, { timezone: rhythm.timezone }).nextRun(new Date(from));
    return next !== null && next.getTime() <= to;
  }
  const everyMs = intervalOf(rhythm, slot) ?? 1;
  const phase = phaseMs(url, everyMs);
  return Math.floor((to - phase) / everyMs) > Math.floor((from - phase) / everyMs);
};

/**
 * Whether a feed is to be polled in this window: if it contains a multiple of its interval (or its cron time) outside
 * quiet time, or the end of a pause. A feed without a slot for its address has never been polled there and is due. Over
 * adjacent windows, each due time is served once, and a feed at most once per window.
 */
export const isDue = (feed: FeedConfig, slot: Timing | undefined, { from, to }: Window): boolean => {
  if (feed.paused) return false;
  if (!slot) return true;
  if (slot.gone || slot.notBefore > to) return false;
  if (slot.notBefore > from) return true;
  // a time equal to the end of quiet time is not quiet
  const start = Math.max(from, (slot.quietUntil ?? 0) - 1);
  return start < to && fires(feed, slot, { from: start, to });
};

import * as v from 'valibot';
import { type BackOff, backOffMs } from '../backoff.ts';
import type { FeedHints } from '../entries/entry.ts';
import { Count, Time } from '../read-stored.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A feed that fails is never given up. */
const failureBackOff = { firstMs: 5 * MINUTE, maxMs: DAY, jitter: 'half' } as const satisfies BackOff;
/** `ttl` and `sy:updatePeriod` are mostly software defaults, so they are limited to hours. */
export const MAX_TTL_MS = 6 * HOUR;

/**
 * Epoch milliseconds before which a feed is not polled that has failed `failures` times in a row, this one included;
 * `retryAfterMs` comes from its server or the error.
 */
export const notBeforeAfterFailure = (trouble: {
  now: number;
  failures: number;
  random: number;
  retryAfterMs?: number | undefined;
}): number => {
  const { now, failures, random, retryAfterMs = 0 } = trouble;
  return now + Math.max(backOffMs(failures - 1, failureBackOff, random), retryAfterMs);
};

type Skips = Pick<FeedHints, 'skipHours' | 'skipDays'>;

/** Whether a feed's hints skip this time; both lists are in GMT (RSS 2.0, skipHours and skipDays). */
export const isSkipped = (at: number, { skipHours, skipDays }: Skips): boolean => {
  const moment = new Date(at);
  return skipHours.includes(moment.getUTCHours()) || skipDays.includes(moment.getUTCDay());
};

const HOURS_OF_A_WEEK = 7 * 24;
const nextHour = (at: number): number => Math.floor(at / HOUR) * HOUR + HOUR;

/** The first time from `at` on that is not skipped; `at` itself if the whole week is skipped. */
export const afterSkipped = (at: number, skips: Skips): number => {
  let candidate = at;
  for (let hour = 0; hour <= HOURS_OF_A_WEEK; hour += 1) {
    if (!isSkipped(candidate, skips)) return candidate;
    candidate = nextHour(candidate);
  }
  return at;
};

/** The hints of a feed and its server in their last response, and the interval without them. */
type RetryHint = { now: number; intervalMs: number; freshUntil: number | null; hints: FeedHints | null };

/**
 * Epoch milliseconds before which a feed that responded is not polled: while it is fresh, for its `ttl`, and, if its
 * next regular poll would be in skipped hours or days, until they end. 0 if it may be polled at any time.
 */
export const notBeforeAfterResponse = ({ now, intervalMs, freshUntil, hints }: RetryHint): number => {
  const ttlUntil = hints?.ttlMs ? now + Math.min(hints.ttlMs, MAX_TTL_MS) : 0;
  const floor = Math.max(freshUntil ?? 0, ttlUntil);
  if (!hints) return floor;
  const next = Math.max(floor, now + intervalMs);
  return isSkipped(next, hints) ? afterSkipped(next, hints) : floor;
};

/** A permanent redirect (301, 308): its target, since when, and how often in a row. */
export const Moved = v.object({ to: v.string(), since: Time, times: Count });
export type Moved = v.InferOutput<typeof Moved>;

/** What to store about a move after a response; null if there was no permanent redirect. */
export const rememberMove = (
  before: Moved | null,
  permanentUrl: string | undefined,
  now: number,
): Moved | null => {
  if (permanentUrl === undefined) return null;
  if (before?.to !== permanentUrl) return { to: permanentUrl, since: now, times: 1 };
  return { ...before, times: before.times + 1 };
};

const MOVE_SETTLES_MS = 3 * DAY;
const MOVE_SETTLES_TIMES = 3;

/**
 * Whether a redirect has been the same for so long that its target is adopted as the feed's address. Captive portals
 * and parked domains redirect permanently too, but not for days.
 */
export const isMoveSettled = (move: Moved, now: number): boolean =>
  now - move.since >= MOVE_SETTLES_MS && move.times >= MOVE_SETTLES_TIMES;

import * as v from 'valibot';
import { type BackOff, backOffMs } from '../backoff.ts';
import type { FeedHints } from '../entries/entry.ts';
import { Count, Time } from '../read-stored.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A feed that fails is never given up for good. */
const failureBackOff = { firstMs: 5 * MINUTE, mostMs: DAY, jitter: 'half' } as const satisfies BackOff;
/** `ttl` and `sy:updatePeriod` are mostly left as some software set them: they count for hours, not for months. */
export const MAX_TTL_MS = 6 * HOUR;

/**
 * Epoch milliseconds before which a feed is left alone that has failed `failures` times in a row, this one included;
 * `retryAfterMs` is what its server, or the error, asked for.
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

/** Whether a feed asked not to be polled at this moment; both lists are in GMT (RSS 2.0, skipHours and skipDays). */
export const isSkipped = (at: number, { skipHours, skipDays }: Skips): boolean => {
  const moment = new Date(at);
  return skipHours.includes(moment.getUTCHours()) || skipDays.includes(moment.getUTCDay());
};

const HOURS_OF_A_WEEK = 7 * 24;
const nextHour = (at: number): number => Math.floor(at / HOUR) * HOUR + HOUR;

/** The first moment from `at` on that is not skipped; `at` itself for a feed that skips the whole week. */
export const afterSkipped = (at: number, skips: Skips): number => {
  let candidate = at;
  for (let hour = 0; hour <= HOURS_OF_A_WEEK; hour += 1) {
    if (!isSkipped(candidate, skips)) return candidate;
    candidate = nextHour(candidate);
  }
  return at;
};

/** What a feed and its server told on their last answer, and how often we would ask if they had not. */
type Told = { now: number; intervalMs: number; freshUntil: number | null; hints: FeedHints | null };

/**
 * Epoch milliseconds before which a feed that answered is left alone: while it is fresh, for its `ttl`, and, when
 * its next regular poll would fall into hours or days that it skips, until they are over. 0 when it may be asked
 * at any time.
 */
export const notBeforeAfterAnswer = ({ now, intervalMs, freshUntil, hints }: Told): number => {
  const ttlUntil = hints?.ttlMs ? now + Math.min(hints.ttlMs, MAX_TTL_MS) : 0;
  const floor = Math.max(freshUntil ?? 0, ttlUntil);
  if (!hints) return floor;
  const next = Math.max(floor, now + intervalMs);
  return isSkipped(next, hints) ? afterSkipped(next, hints) : floor;
};

/** A permanent redirect (301, 308) that was met: where to, since when, and how often in a row. */
export const Moved = v.object({ to: v.string(), since: Time, times: Count });
export type Moved = v.InferOutput<typeof Moved>;

/** What to remember of a move after an answer; null when the answer came without a permanent redirect. */
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
 * Whether a move has said the same for so long that its new address is the feed's address. Captive portals and
 * parked domains redirect permanently too, but not for days.
 */
export const isMoveSettled = (move: Moved, now: number): boolean =>
  now - move.since >= MOVE_SETTLES_MS && move.times >= MOVE_SETTLES_TIMES;

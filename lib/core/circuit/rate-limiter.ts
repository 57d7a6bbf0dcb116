import type { RateLimit } from '../ports.ts';

/**
 * One worker's share of the rate limit, by GCRA (the generic cell rate algorithm, ITU-T I.371): a turn every `everyMs`,
 * and a burst within `slackMs`. Together they keep every minute within the share.
 */
type Rate = { everyMs: number; slackMs: number };

/**
 * A worker's state. `next`: when the next turn would be due if all were evenly spaced. `slow`: the limit from the
 * server's headers, until its window ends; `everyMs` is Infinity if nothing remains in the window.
 */
export type Pace = { next: number; lastAt: number; slow: { everyMs: number; until: number } | null };

const minuteMs = 60_000;
/** The unused share of the limit, which allows for bursts and for clocks that differ. */
const margin = 0.03;

/** How much later after its turn one request may reach the server than another, because of writes and the network. */
export const unevenMs = 500;

/**
 * Splits `perMinute` among `workers`. A window that opens just before a burst gets 1 + (window + uneven + slack) / every
 * requests: the slack is the largest that keeps this within the worker's share of the limit itself.
 */
export const rateOf = (perMinute: number, workers: number): Rate => {
  const share = Math.max(1, Math.floor(perMinute / workers));
  const everyMs = (minuteMs * Math.max(workers / perMinute, 1 / share)) / (1 - margin);
  // Minus a millisecond: a window includes its first turn, and must not include one exactly at its end.
  return { everyMs, slackMs: Math.max(0, share * everyMs - minuteMs - unevenMs - 1) };
};

export const freshPace: Pace = { next: 0, lastAt: 0, slow: null };

/** The time of the next turn, epoch milliseconds, and the state after it is taken. */
export const nextTurn = (pace: Pace, rate: Rate, now: number): { at: number; pace: Pace } => {
  const own = Math.max(now, pace.next - rate.slackMs);
  const { slow } = pace;
  const slowed = slow && own < slow.until ? Math.min(pace.lastAt + slow.everyMs, slow.until) : own;
  const at = Math.max(own, slowed);
  return { at, pace: { ...pace, next: Math.max(at, pace.next) + rate.everyMs, lastAt: at } };
};

/**
 * The state after a response's headers: this worker's share of what remains, spread over the rest of the window. A
 * window is a minute, so a later reset counts as a minute ahead. What remains only ever slows down, never speeds up.
 */
export const slowedBy = (pace: Pace, news: RateLimit, workers: number, now: number): Pace => {
  if (!news) return pace;
  const until = Math.min(news.resetAt, now + minuteMs);
  if (until <= now) return { ...pace, slow: null };
  const everyMs = news.remaining > 0 ? ((until - now) * workers) / news.remaining : Number.POSITIVE_INFINITY;
  return { ...pace, slow: { everyMs, until } };
};

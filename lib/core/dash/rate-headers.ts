import type { RateLimit } from '../ports.ts';

/** Header names in lower case, as Node provides them. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

const hourMs = 3_600_000;
/** The wait after a 429 that does not state one; the limit is per minute. */
const unsaidMs = 60_000;
const leastWaitMs = 1_000;

const whole = (headers: ResponseHeaders, name: string): number | null => {
  const text = headers[name];
  if (typeof text !== 'string' || !/^\s*\d{1,16}(\.\d+)?\s*$/.test(text)) return null;
  return Math.floor(Number(text));
};

// UNIX seconds according to the API documentation. Others send milliseconds or the remaining seconds: current UNIX
// times are between 10^9 and 10^11 seconds.
const resetOf = (headers: ResponseHeaders, serverNow: number): number | null => {
  const reset = whole(headers, 'x-ratelimit-reset');
  if (reset === null) return null;
  if (reset < 1e9) return serverNow + reset * 1_000;
  return reset < 1e11 ? reset * 1_000 : reset;
};

const dateOf = (headers: ResponseHeaders): number | null => {
  const date = Date.parse(String(headers.date));
  return Number.isNaN(date) ? null : date;
};

/**
 * When the window ends by our clock: never in the past, never more than an hour ahead; null if unknown. The reset is
 * taken relative to the response's `Date`, unless only our clock yields a plausible time.
 */
export const readReset = (headers: ResponseHeaders, now: number): number | null => {
  const serverNow = dateOf(headers) ?? now;
  const reset = resetOf(headers, serverNow);
  if (reset === null) return null;
  const sane = [reset - serverNow, reset - now].find((aheadMs) => aheadMs >= 0 && aheadMs <= hourMs);
  return now + (sane ?? (reset > serverNow ? hourMs : 0));
};

/**
 * The three `x-ratelimit-*` headers; null unless all three are readable and the limit is positive. `now` is epoch
 * milliseconds.
 */
export const readRate = (headers: ResponseHeaders, now: number): RateLimit => {
  const limit = whole(headers, 'x-ratelimit-limit');
  const remaining = whole(headers, 'x-ratelimit-remaining');
  const resetAt = readReset(headers, now);
  if (limit === null || limit < 1 || remaining === null || resetAt === null) return null;
  return { limit, remaining: Math.min(remaining, limit), resetAt };
};

const retryAfter = (headers: ResponseHeaders, now: number): number | null => {
  const seconds = whole(headers, 'retry-after');
  if (seconds !== null) return now + seconds * 1_000;
  const at = Date.parse(String(headers['retry-after']));
  return Number.isNaN(at) ? null : now + at - (dateOf(headers) ?? now);
};

/** When to try again after a 429, by our clock; at least a second, at most an hour ahead. */
export const readThrottle = (headers: ResponseHeaders, now: number): number => {
  const until = readReset(headers, now) ?? retryAfter(headers, now) ?? now + unsaidMs;
  return Math.min(Math.max(until, now + leastWaitMs), now + hourMs);
};

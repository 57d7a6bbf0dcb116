const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** Publishers send `max-age=31536000` for feeds that change daily, so freshness is limited to hours. */
export const MAX_FRESH_MS = 6 * HOUR;

/** The longest `Retry-After` that is respected; a server that needs longer repeats it the next day. */
export const MAX_RETRY_AFTER_MS = 24 * HOUR;

/** The `Cache-Control` directives (RFC 9111, 5.2) relevant to a client's own cache. */
type CacheControl = { maxAgeMs: number | null; mustRevalidate: boolean };

/**
 * Reads `Cache-Control` leniently: any case, quoted numbers, the first of repeated directives. `mustRevalidate` is true
 * for `no-cache` and `no-store`: nothing in the response counts as fresh.
 */
export const parseCacheControl = (value: string | null): CacheControl => {
  const directives = (value ?? '')
    .toLowerCase()
    .split(',')
    .map((part) => part.trim());
  const maxAge = directives.map((part) => /^max-age\s*=\s*"?(\d+)"?$/.exec(part)?.[1]).find(Boolean);

  return {
    maxAgeMs: maxAge === undefined ? null : Number(maxAge) * SECOND,
    mustRevalidate: directives.some((part) => /^no-(cache|store)$/.test(part)),
  };
};

/** The obsolete asctime form has no zone but means GMT (RFC 9110, 5.6.7); Date.parse would read it as local time. */
const inGmt = (text: string): string => (/(gmt|utc|[+-]\d{4})$/i.test(text) ? text : `${text} GMT`);

/** Epoch milliseconds of an HTTP date in any of its three forms; null for anything else (`0` and `-1` are common). */
export const parseHttpDate = (value: string | null): number | null => {
  const text = (value ?? '').trim();
  if (!/^[a-z]{3,9},? /i.test(text)) return null;
  const at = Date.parse(inGmt(text));
  return Number.isNaN(at) ? null : at;
};

/**
 * Milliseconds to wait according to `Retry-After` (RFC 9110, 10.2.3), in seconds or as an HTTP date, at most a day;
 * null if missing or unreadable. `serverNow` is the response's own `Date`, so that a wrong clock on either side does
 * not matter.
 */
export const parseRetryAfter = (
  value: string | null,
  now: number,
  serverNow: number | null = null,
): number | null => {
  const text = (value ?? '').trim();
  const at = parseHttpDate(text);
  const waitMs = /^\d+$/.test(text) ? Number(text) * SECOND : at === null ? null : at - (serverNow ?? now);
  return waitMs === null ? null : Math.min(Math.max(waitMs, 0), MAX_RETRY_AFTER_MS);
};

/** The headers that state how long a response stays fresh; null if missing. */
type FreshnessHeaders = {
  cacheControl: string | null;
  expires: string | null;
  date: string | null;
  age: string | null;
};

const lifetimeMs = (headers: FreshnessHeaders, now: number): number | null => {
  const { maxAgeMs, mustRevalidate } = parseCacheControl(headers.cacheControl);
  if (mustRevalidate) return null;
  if (maxAgeMs !== null) return maxAgeMs;
  const expires = parseHttpDate(headers.expires);
  return expires === null ? null : expires - (parseHttpDate(headers.date) ?? now);
};

const ageMs = (age: string | null): number => (/^\d+$/.test(age ?? '') ? Number(age) * SECOND : 0);

/**
 * Until when, in epoch milliseconds, the document is fresh according to the server: `max-age` before `Expires`, minus
 * the response's age in a cache (RFC 9111, 4.2), limited to some hours. Null if unstated, or if the document may change
 * at once.
 */
export const freshUntil = (headers: FreshnessHeaders, now: number): number | null => {
  const lifetime = lifetimeMs(headers, now);
  const leftMs = lifetime === null ? 0 : lifetime - ageMs(headers.age);
  return leftMs <= 0 ? null : now + Math.min(leftMs, MAX_FRESH_MS);
};

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  freshUntil,
  MAX_FRESH_MS,
  MAX_RETRY_AFTER_MS,
  parseCacheControl,
  parseHttpDate,
  parseRetryAfter,
} from '../../../lib/core/polling/http-caching.ts';

const NOW = Date.UTC(1994, 10, 6, 8, 49, 37);
const MINUTE = 60_000;

describe('parseHttpDate', () => {
  it.each([
    ['IMF-fixdate', 'Sun, 06 Nov 1994 08:49:37 GMT', NOW],
    ['RFC 850', 'Sunday, 06-Nov-94 08:49:37 GMT', NOW],
    ['asctime, which has no zone and means GMT', 'Sun Nov  6 08:49:37 1994', NOW],
    ['a numeric zone, as some servers write', 'Sun, 06 Nov 1994 09:49:37 +0100', NOW],
    ['0, a common value of Expires', '0', null],
    ['-1', '-1', null],
    ['words', 'soon', null],
    ['null', null, null],
  ])('reads %s', (_name, value, at) => {
    expect(parseHttpDate(value)).toBe(at);
  });
});

describe('parseRetryAfter', () => {
  it.each([
    ['seconds', '120', 2 * MINUTE],
    ['seconds with spaces around', ' 120 ', 2 * MINUTE],
    ['zero', '0', 0],
    ['a date', 'Sun, 06 Nov 1994 08:59:37 GMT', 10 * MINUTE],
    ['a date that has passed', 'Sun, 06 Nov 1994 08:00:00 GMT', 0],
    ['a month of seconds, capped at a day', '2592000', MAX_RETRY_AFTER_MS],
    ['a far date, capped at a day', 'Sun, 06 Nov 2094 08:59:37 GMT', MAX_RETRY_AFTER_MS],
    ['a fraction', '1.5', null],
    ['a negative number', '-5', null],
    ['words', 'in a while', null],
    ['an empty value', '', null],
    ['null', null, null],
  ])('reads %s', (_name, value, waitMs) => {
    expect(parseRetryAfter(value, NOW)).toBe(waitMs);
  });

  it("takes a date relative to the server's clock", () => {
    const serverNow = NOW + 60 * MINUTE;

    const waitMs = parseRetryAfter('Sun, 06 Nov 1994 09:59:37 GMT', NOW, serverNow);

    expect(waitMs).toBe(10 * MINUTE);
  });

  it('always returns at most a day', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.date().map(String)), (value) => {
        const waitMs = parseRetryAfter(value, NOW);

        return waitMs === null || (waitMs >= 0 && waitMs <= MAX_RETRY_AFTER_MS);
      }),
    );
  });
});

describe('parseCacheControl', () => {
  it.each([
    ['max-age=600', 600_000, false],
    ['public, MAX-AGE=600', 600_000, false],
    ['max-age="600"', 600_000, false],
    ['max-age=600, max-age=5', 600_000, false],
    ['s-maxage=600', null, false],
    ['max-age=abc', null, false],
    ['no-cache, max-age=600', 600_000, true],
    ['no-store', null, true],
    ['', null, false],
    [null, null, false],
  ])('reads %s', (value, maxAgeMs, mustRevalidate) => {
    expect(parseCacheControl(value)).toEqual({ maxAgeMs, mustRevalidate });
  });
});

describe('freshUntil', () => {
  const silent = { cacheControl: null, expires: null, date: null, age: null };

  it.each([
    ['max-age', { cacheControl: 'max-age=600' }, 10 * MINUTE],
    [
      'max-age before Expires',
      { cacheControl: 'max-age=600', expires: 'Sun, 06 Nov 1994 08:00:00 GMT' },
      10 * MINUTE,
    ],
    ['max-age less the age', { cacheControl: 'max-age=600', age: '240' }, 6 * MINUTE],
    ['a year, capped', { cacheControl: 'max-age=31536000' }, MAX_FRESH_MS],
    ['Expires', { expires: 'Sun, 06 Nov 1994 08:59:37 GMT' }, 10 * MINUTE],
    [
      "Expires relative to the server's clock",
      { expires: 'Sun, 06 Nov 1994 09:59:37 GMT', date: 'Sun, 06 Nov 1994 09:54:37 GMT' },
      5 * MINUTE,
    ],
  ])('uses %s', (_name, headers, freshMs) => {
    expect(freshUntil({ ...silent, ...headers }, NOW)).toBe(NOW + freshMs);
  });

  it.each([
    ['no headers', {}],
    ['max-age=0', { cacheControl: 'max-age=0' }],
    ['no-cache with max-age', { cacheControl: 'no-cache, max-age=600' }],
    ['Expires in the past', { expires: 'Thu, 19 Nov 1981 08:52:00 GMT' }],
    ['Expires: 0', { expires: '0' }],
    ['a response aged in a cache', { cacheControl: 'max-age=600', age: '600' }],
  ])('returns null for %s', (_name, headers) => {
    expect(freshUntil({ ...silent, ...headers }, NOW)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import {
  type ResponseHeaders,
  readRate,
  readReset,
  readThrottle,
} from '../../../lib/core/dash/rate-headers.ts';

const now = Date.parse('2026-03-01T00:00:10Z');
const seconds = now / 1_000;
const date = new Date(now).toUTCString();
const headers = (more: ResponseHeaders = {}): ResponseHeaders => ({
  date,
  'x-ratelimit-limit': '1000',
  'x-ratelimit-remaining': '998',
  'x-ratelimit-reset': String(seconds + 50),
  ...more,
});
const reset = (value: number | string, more: ResponseHeaders = {}) =>
  headers({ 'x-ratelimit-reset': String(value), ...more });
const hour = 3_600_000;

describe('the end of a window', () => {
  const cases: { name: string; given: ResponseHeaders; aheadMs: number | null }[] = [
    { name: 'is read from UNIX seconds', given: headers(), aheadMs: 50_000 },
    { name: 'may have a fraction', given: reset(`${seconds + 50}.7`), aheadMs: 50_000 },
    { name: 'may be in UNIX milliseconds', given: reset(now + 50_500), aheadMs: 50_500 },
    { name: 'may be in remaining seconds', given: reset(50), aheadMs: 50_000 },
    {
      name: 'is relative to the Date header when our clock is fast',
      given: reset(seconds - 300 + 50, { date: new Date(now - 300_000).toUTCString() }),
      aheadMs: 50_000,
    },
    {
      name: 'is relative to the Date header when our clock is slow',
      given: reset(seconds + 300 + 50, { date: new Date(now + 300_000).toUTCString() }),
      aheadMs: 50_000,
    },
    {
      name: 'is relative to our clock without a Date header',
      given: reset(seconds + 50, { date: undefined }),
      aheadMs: 50_000,
    },
    {
      name: 'is relative to our clock when the Date header is invalid',
      given: reset(seconds + 50, { date: 'yesterday' }),
      aheadMs: 50_000,
    },
    {
      name: 'is relative to our clock when the Date header is far off',
      given: reset(seconds + 50, { date: new Date(0).toUTCString() }),
      aheadMs: 50_000,
    },
    { name: 'is now when it has passed', given: reset(seconds - 30), aheadMs: 0 },
    { name: 'is now when it has long passed', given: reset(1_000_000_000), aheadMs: 0 },
    { name: 'is at most an hour ahead', given: reset(seconds + 86_400), aheadMs: hour },
    { name: 'is at most an hour ahead, even in the year 5138', given: reset('99999999999'), aheadMs: hour },
    { name: 'is not read from a word', given: reset('soon'), aheadMs: null },
    { name: 'is not read from a negative number', given: reset('-5'), aheadMs: null },
    { name: 'is not read from NaN', given: reset('NaN'), aheadMs: null },
    {
      name: 'is not read from a number of seventeen digits',
      given: reset('12345678901234567'),
      aheadMs: null,
    },
    { name: 'is not read from an empty header', given: reset(''), aheadMs: null },
    { name: 'is not read from a repeated header', given: reset(`${seconds}, ${seconds}`), aheadMs: null },
    {
      name: 'is not read without the header',
      given: headers({ 'x-ratelimit-reset': undefined }),
      aheadMs: null,
    },
  ];

  it.each(cases)('$name', ({ given, aheadMs }) => {
    const resetAt = readReset(given, now);

    expect(resetAt === null ? null : resetAt - now).toBe(aheadMs);
  });
});

describe('the rate', () => {
  const good = { limit: 1_000, remaining: 998, resetAt: now + 50_000 };
  const cases: { name: string; given: ResponseHeaders; rate: object | null }[] = [
    { name: 'is read from all three headers', given: headers(), rate: good },
    {
      name: 'may have nothing remaining',
      given: headers({ 'x-ratelimit-remaining': '0' }),
      rate: { ...good, remaining: 0 },
    },
    {
      name: 'has at most its limit remaining',
      given: headers({ 'x-ratelimit-remaining': '5000' }),
      rate: { ...good, remaining: 1_000 },
    },
    { name: 'rejects a limit of zero', given: headers({ 'x-ratelimit-limit': '0' }), rate: null },
    { name: 'rejects a negative limit', given: headers({ 'x-ratelimit-limit': '-1' }), rate: null },
    { name: 'rejects a negative remainder', given: headers({ 'x-ratelimit-remaining': '-1' }), rate: null },
    { name: 'is not read without a limit', given: headers({ 'x-ratelimit-limit': undefined }), rate: null },
    {
      name: 'is not read without a remainder',
      given: headers({ 'x-ratelimit-remaining': undefined }),
      rate: null,
    },
    { name: 'is not read without a reset', given: headers({ 'x-ratelimit-reset': undefined }), rate: null },
    { name: 'is not read without headers', given: {}, rate: null },
  ];

  it.each(cases)('$name', ({ given, rate }) => {
    expect(readRate(given, now)).toEqual(rate);
  });
});

describe('after a 429 the next try', () => {
  const cases: { name: string; given: ResponseHeaders; aheadMs: number }[] = [
    { name: 'waits for the reset', given: headers(), aheadMs: 50_000 },
    {
      name: 'waits for the reset although other headers are missing',
      given: { date, 'x-ratelimit-reset': String(seconds + 7) },
      aheadMs: 7_000,
    },
    { name: 'prefers the reset to Retry-After', given: headers({ 'retry-after': '9' }), aheadMs: 50_000 },
    { name: 'waits for the seconds in Retry-After', given: { date, 'retry-after': '9' }, aheadMs: 9_000 },
    {
      name: 'waits for the date in Retry-After',
      given: { date, 'retry-after': new Date(now + 9_000).toUTCString() },
      aheadMs: 9_000,
    },
    {
      name: 'takes that date relative to the Date header',
      given: {
        date: new Date(now - hour).toUTCString(),
        'retry-after': new Date(now - hour + 9_000).toUTCString(),
      },
      aheadMs: 9_000,
    },
    { name: 'waits a minute without headers', given: {}, aheadMs: 60_000 },
    {
      name: 'waits a minute for invalid headers',
      given: { 'x-ratelimit-reset': 'x', 'retry-after': 'y' },
      aheadMs: 60_000,
    },
    { name: 'waits a second when the reset has passed', given: reset(seconds - 5), aheadMs: 1_000 },
    { name: 'waits at most an hour', given: { date, 'retry-after': '99999999' }, aheadMs: hour },
    { name: 'waits at least a second', given: { date, 'retry-after': '0' }, aheadMs: 1_000 },
  ];

  it.each(cases)('$name', ({ given, aheadMs }) => {
    expect(readThrottle(given, now) - now).toBe(aheadMs);
  });
});

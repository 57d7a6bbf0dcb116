import { describe, expect, it } from 'vitest';
import { formatDuration, formatRelative, timeFormat } from '../../../lib/core/text/format-time.ts';

const at = Date.parse('2026-11-28T22:38:12Z');
const hour = 3_600_000;

describe('timeFormat', () => {
  it.each([
    ['UTC', '28 Nov 2026, 22:38 UTC'],
    ['Europe/Berlin', '28 Nov 2026, 23:38 CET'],
    ['America/New_York', '28 Nov 2026, 17:38 GMT-5'],
    ['Asia/Kolkata', '29 Nov 2026, 04:08 GMT+5:30'],
  ])('shows date, time and zone in %s', (zone, text) => {
    expect(timeFormat(zone).dateTime(at)).toBe(text);
  });

  it('follows daylight saving time', () => {
    expect(timeFormat('Europe/Berlin').dateTime(Date.parse('2026-07-01T12:00:00Z'))).toBe(
      '1 Jul 2026, 14:00 CEST',
    );
  });

  it('leaves the date out on the same day of the zone', () => {
    const { time } = timeFormat('Europe/Berlin');

    expect(time(at, at - 2 * hour)).toBe('23:38 CET');
    expect(time(at + hour, at)).toBe('29 Nov 2026, 00:38 CET');
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [36_400, '36 s'],
    [5 * 60_000, '5 min'],
    [26 * hour, '1 d'],
  ])('shows %i ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('formatRelative', () => {
  it.each([
    [null, 'never'],
    [at + 400, 'now'],
    [at + 36_000, 'in 36 s'],
    [at - 3 * 60_000, '3 min ago'],
  ])('shows %j as %s', (time, text) => {
    expect(formatRelative(time, at)).toBe(text);
  });
});

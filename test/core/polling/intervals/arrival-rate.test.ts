import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addArrivals,
  firstArrivals,
  HALF_LIFE_DAYS,
  ratePerDay,
} from '../../../../lib/core/polling/intervals/arrival-rate.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 7, 1);
/** Evenly spaced times, the last of them `now`. */
const every = (ms: number, count: number, now = NOW) =>
  Array.from({ length: count }, (_, index) => now - index * ms);

describe('the arrival rate of a feed', () => {
  it('is one entry per two days while nothing is known', () => {
    expect(ratePerDay(null, NOW)).toBe(0.5);
    expect(ratePerDay(firstArrivals([], NOW), NOW)).toBe(0.5);
  });

  it.each([
    ['an hour that shows less than a day', DAY / 24, 20, 10.8],
    ['an hour that shows a week', DAY / 24, 168, 21],
    ['a day', DAY, 20, 0.97],
    ['a month, longer than the half-life', 30 * DAY, 20, 0.069],
  ])(
    'is accurate or slightly low after one document of a feed with an entry %s',
    (_name, ms, count, rate) => {
      const learned = ratePerDay(firstArrivals(every(ms, count), NOW), NOW);

      expect(learned / rate).toBeGreaterThan(0.95);
      expect(learned / rate).toBeLessThan(1.05);
    },
  );

  it('depends on arrivals and silence, not on how often the feed was polled', () => {
    const start = firstArrivals([], NOW);
    const times = [1, 2, 3, 4, 5, 6].map((day) => NOW + day * DAY);

    const atOnce = addArrivals(start, times, NOW + 6 * DAY);
    const oneByOne = times.reduce((arrivals, time) => addArrivals(arrivals, [time], time), start);

    expect(ratePerDay(oneByOne, NOW + 9 * DAY)).toBeCloseTo(ratePerDay(atOnce, NOW + 9 * DAY), 10);
  });

  it('decays for a feed that stopped publishing', () => {
    const busy = firstArrivals(every(DAY / 24, 480), NOW);

    const rates = [0, 1, 2, 4].map((halves) => ratePerDay(busy, NOW + halves * HALF_LIFE_DAYS * DAY));

    expect(rates[0]).toBeGreaterThan(20);
    expect(rates[3]).toBeLessThan(2);
    expect(rates).toEqual([...rates].sort((a, b) => b - a));
  });

  it('adapts to a new rate within weeks', () => {
    const slow = firstArrivals(every(10 * DAY, 20), NOW);

    const later = NOW + 30 * DAY;
    const busy = addArrivals(slow, every(DAY / 10, 300, later), later);

    expect(ratePerDay(slow, NOW)).toBeLessThan(0.2);
    expect(ratePerDay(busy, later)).toBeGreaterThan(5);
  });

  it.each([
    ['in the future', NOW + 5_000 * DAY],
    ['long ago', 0],
  ])('is finite and positive for entries dated %s', (_name, time) => {
    const rate = ratePerDay(addArrivals(firstArrivals([time], NOW), [time], NOW), NOW);

    expect(rate).toBeGreaterThan(0);
    expect(rate).toBeLessThan(2);
  });

  it('is always finite and positive, whatever dates entries have', () => {
    const times = fc.array(fc.integer({ min: NOW - 5_000 * DAY, max: NOW + 5_000 * DAY }), { maxLength: 50 });

    fc.assert(
      fc.property(times, times, fc.nat(1_000), (first, later, days) => {
        const now = NOW + days * DAY;
        const rate = ratePerDay(addArrivals(firstArrivals(first, NOW), later, now), now);

        return Number.isFinite(rate) && rate > 0;
      }),
    );
  });
});

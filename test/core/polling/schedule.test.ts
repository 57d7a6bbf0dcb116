import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phaseMs } from '../../../lib/core/polling/phase.ts';
import { isDue, shardOf } from '../../../lib/core/polling/schedule.ts';
import { feedOf } from '../../support/entries.ts';

const minute = 60_000;
const hour = 60 * minute;
const slot = { notBefore: 0 };
const start = Date.UTC(2026, 2, 28, 12);

/** The ticks at which a feed is polled; each tick covers the time since the previous one. */
const pollsAt = (feed: ReturnType<typeof feedOf>, ticks: number[]) =>
  ticks.filter((to, i) => i > 0 && isDue(feed, slot, { from: ticks[i - 1] as number, to }));

describe('a feed is due', () => {
  const feed = feedOf({ rhythm: { everyMs: hour } });
  const next = start + hour - ((start - phaseMs(feed.url, hour)) % hour);

  it.each([
    ['in the window that contains its time', slot, { from: next - minute, to: next }, true],
    ['not in the one before', slot, { from: next - 2 * minute, to: next - 1 }, false],
    ['not in the one after', slot, { from: next, to: next + minute }, false],
    ['when it was never polled', undefined, { from: next, to: next + 1 }, true],
    [
      'not before its earliest time',
      { notBefore: next + 5 * minute },
      { from: next - minute, to: next },
      false,
    ],
    [
      'at its earliest time',
      { notBefore: next + 5 * minute },
      { from: next + 4 * minute, to: next + 5 * minute },
      true,
    ],
    [
      'never after its address is gone',
      { notBefore: 0, gone: true as const },
      { from: next - minute, to: next },
      false,
    ],
  ])('%s', (_, at, window, due) => {
    expect(isDue(feed, at, window)).toBe(due);
    expect(isDue({ ...feed, paused: true }, at, window)).toBe(false);
  });
});

/** Every whole minute that a tick may cover. */
const minutesBetween = (from: number, to: number) =>
  Array.from({ length: (to - from) / minute }, (_, i) => from + (i + 1) * minute);
const isCronTime = (time: number) => new Date(time).getUTCMinutes() % 7 === 0;
const intervalTimes = (from: number, to: number) => {
  const phase = phaseMs(feedOf().url, 7 * minute);
  const first = Math.floor((from - phase) / (7 * minute)) + 1;
  return Array.from({ length: 300 }, (_, i) => phase + (first + i) * 7 * minute).filter((time) => time <= to);
};

describe('for any sequence of ticks', () => {
  const steps = fc.array(
    fc.oneof(
      fc.constant(minute),
      fc.integer({ min: 1, max: 180 }).map((seconds) => seconds * 1000),
      fc.constant(hour),
    ),
    { minLength: 5, maxLength: 20 },
  );
  const ticksOf = (list: number[]) =>
    list.reduce((ticks, step) => ticks.concat((ticks.at(-1) ?? start) + step), [start]);

  it.each([
    ['an interval', { everyMs: 7 * minute }, intervalTimes],
    [
      'a cron',
      { cron: '*/7 * * * *', timezone: 'Europe/Berlin' },
      (from: number, to: number) =>
        minutesBetween(from, Math.ceil(to / minute) * minute).filter(
          (time) => isCronTime(time) && time <= to,
        ),
    ],
  ])('each due time of %s is served once, and a feed at most once per window', (_, rhythm, dueTimesIn) => {
    fc.assert(
      fc.property(steps, (list) => {
        const feed = feedOf({ rhythm });
        const ticks = ticksOf(list);

        const served = pollsAt(feed, ticks);

        const dueTimes = dueTimesIn(start, ticks.at(-1) as number);
        const holding = ticks.filter(
          (to, i) => i > 0 && dueTimes.some((time) => time > (ticks[i - 1] as number) && time <= to),
        );
        expect(served).toEqual(holding);
      }),
      { numRuns: 20 },
    );
  });

  it('a window and its two halves serve the same due times', () => {
    const three = fc.tuple(fc.nat(hour), fc.nat(hour), fc.nat(hour));
    fc.assert(
      fc.property(three, fc.integer({ min: minute, max: 3 * hour }), ([a, b, c], everyMs) => {
        const [from, middle, to] = [start + a, start + a + b, start + a + b + c] as const;
        const feed = feedOf({ rhythm: { everyMs } });

        const halves = isDue(feed, slot, { from, to: middle }) || isDue(feed, slot, { from: middle, to });

        expect(isDue(feed, slot, { from, to })).toBe(halves);
      }),
    );
  });

  it('a repeated tick serves nothing', () => {
    fc.assert(
      fc.property(fc.nat(24 * hour), (ms) => !isDue(feedOf(), slot, { from: start + ms, to: start + ms })),
    );
  });
});

it('a feed is polled once after a long standstill', () => {
  expect(
    pollsAt(feedOf({ rhythm: { everyMs: minute } }), [start, start + 9 * hour, start + 9 * hour + minute]),
  ).toHaveLength(2);
});

it('cron times follow daylight saving in their time zone', () => {
  const feed = feedOf({ rhythm: { cron: '0 9 * * *', timezone: 'Europe/Berlin' } });
  const at = (iso: string) => Date.parse(iso);

  expect(isDue(feed, slot, { from: at('2026-03-28T07:59:00Z'), to: at('2026-03-28T08:00:00Z') })).toBe(true);
  expect(isDue(feed, slot, { from: at('2026-03-29T06:59:00Z'), to: at('2026-03-29T07:00:00Z') })).toBe(true);
  expect(isDue(feed, slot, { from: at('2026-03-29T07:59:00Z'), to: at('2026-03-29T08:00:00Z') })).toBe(false);
});

it('feeds are spread evenly over their interval', () => {
  const buckets = new Array(12).fill(0);
  for (let i = 0; i < 12_000; i++)
    buckets[Math.floor(phaseMs(`https://example.com/${i}.xml`, hour) / (5 * minute))] += 1;

  expect(Math.min(...buckets)).toBeGreaterThan(850);
  expect(Math.max(...buckets)).toBeLessThan(1150);
});

it('feeds are assigned to 256 shards', () => {
  const used = new Set(Array.from({ length: 5000 }, (_, i) => shardOf(`feed-${i}`)));

  expect(used.size).toBe(256);
  expect([...used].every((shard) => /^[0-9a-f]{2}$/.test(shard))).toBe(true);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedConfig } from '../../lib/core/config/config.ts';
import type { PollPlan } from '../../lib/core/polling/feed-row.ts';
import { stepMs } from '../../lib/core/polling/intervals/poll-intervals.ts';
import { story } from '../support/entries.ts';
import { aSlot } from '../support/store-rows.ts';
import { world } from '../support/world.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const bounds = { meanMs: hour, minMs: 10 * minute, maxMs: day };
const adaptive = { rhythm: { adaptive: bounds } };

const planOf = (perDay: number, floorMs: number, at: number): PollPlan => ({
  arrivals: { count: perDay * 20, days: 20, at },
  floorMs,
});

type Fleet = { perDay: number; floorMs: number }[];

const fleetWorld = (fleet: Fleet, given: Partial<FeedConfig> = {}) => {
  const w = world(
    fleet.map((_, i) => ({ id: `f${i}`, url: `https://h${i}.example.com/f`, ...adaptive, ...given })),
  );
  fleet.forEach(({ perDay, floorMs }, i) => {
    const plan = planOf(perDay, floorMs, w.state.now);
    w.stores.feedStore.memory.slots.set(`f${i}`, aSlot({ plan }, w.url(`f${i}`)));
  });
  return w;
};

/** Ticks every minute for `lengthMs`; returns when each feed was sent to be polled. */
const ticks = async (w: ReturnType<typeof fleetWorld>, lengthMs: number) => {
  const polls = new Map<string, number[]>();
  for (const end = w.state.now + lengthMs; w.state.now < end; ) {
    w.state.now += minute;
    await w.tick();
    for (const { feeds } of w.stores.queues.feeds.splice(0))
      for (const id of feeds) polls.set(id, [...(polls.get(id) ?? []), w.state.now]);
  }
  return polls;
};
const countOf = (polls: Map<string, number[]>) =>
  [...polls.values()].reduce((sum, { length }) => sum + length, 0);

const anyFleet = fc.array(
  fc.record({
    perDay: fc.double({ min: 0.01, max: 60, noNaN: true }),
    floorMs: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: minute, max: 2 * hour })),
  }),
  { minLength: 30, maxLength: 60 },
);

describe('adaptive intervals', () => {
  it('keep within a tenth of the budget over a day, for any fleet', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyFleet, async (fleet) => {
        const w = fleetWorld(fleet);
        await ticks(w, hour);

        const polls = countOf(await ticks(w, day));

        const wanted = fleet.length * 24;
        expect(polls / wanted).toBeGreaterThan(0.9);
        expect(polls / wanted).toBeLessThan(1.1);
      }),
      { numRuns: 8 },
    );
  });

  it('follow another mean and the bounds of each feed', async () => {
    const w = fleetWorld(
      [0.01, 0.1, 1, 10, 100, 1000].map((perDay) => ({ perDay, floorMs: 0 })),
      { rhythm: { adaptive: { meanMs: 2 * hour, minMs: hour, maxMs: 4 * hour } } },
    );
    await ticks(w, hour);

    const polls = await ticks(w, 2 * day);

    for (const times of polls.values()) {
      const gaps = times.slice(1).map((at, i) => at - (times[i] ?? 0));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(hour - minute);
      expect(Math.max(...gaps)).toBeLessThanOrEqual(4 * hour + minute);
    }
    expect(countOf(polls) / (6 * 24)).toBeCloseTo(1, 0);
  });

  it('are planned once an hour, writing only feeds whose step changes', async () => {
    const writes: number[] = [];
    const w = world(
      Array.from({ length: 20 }, (_, i) => ({
        id: `f${i}`,
        url: `https://h${i}.example.com/f`,
        ...adaptive,
      })),
      { before: (name) => void (name === 'feeds.setIntervalStep' && writes.push(w.state.now)) },
    );
    for (let i = 0; i < 20; i++)
      w.stores.feedStore.memory.slots.set(
        `f${i}`,
        aSlot({ plan: planOf(i, 0, w.state.now) }, w.url(`f${i}`)),
      );

    await ticks(w, minute);
    const first = writes.length;
    await ticks(w, 10 * hour);

    expect(first).toBe(20);
    expect(writes.length - first).toBeLessThan(20); // rates decay, but steps stay
    for (const at of writes.slice(first)) expect(at % hour).toBe(0);
  });

  it('include a new feed in the tick after its first poll', async () => {
    const w = world([adaptive]);
    w.publish([1, 2, 3].map((n) => story(n, { published: new Date(w.state.now - n * hour).toISOString() })));

    await w.minutes(2);

    expect(w.stores.feedStore.memory.steps.get('newsroom')).toMatchObject({ step: 0 });
  });

  it('ignore feeds with a fixed interval or a cron schedule', async () => {
    const w = world([
      { rhythm: { everyMs: 5 * minute } },
      { id: 'nine', rhythm: { cron: '0 9 * * *', timezone: 'UTC' } },
    ]);
    w.publish([story(1)]);

    await w.minutes(130);

    expect(w.stores.feedStore.memory.steps).toEqual(new Map());
    expect([...w.stores.feedStore.memory.slots.values()]).toEqual([aSlot(), aSlot()]);
  });

  it('are not lost when the first poll is faster than the tick that sent it', async () => {
    const w = world([adaptive], {
      after: async (name) => {
        if (name === 'queues.sendFeeds') await w.deliverFeeds();
      },
    });
    w.publish([story(1)]);

    await w.tick();

    expect((await w.services.feedStore.schedule()).slots.get('newsroom')).toMatchObject({
      plan: { floorMs: 0 },
    });
  });
});

describe('a gap between windows', () => {
  const window = (from: number, at: number) =>
    [0, 1, 2, 3].map((n) => story(from + n, { published: new Date(at - n * 20 * minute).toISOString() }));

  it('is stored on the row, and caps the interval for two weeks', async () => {
    const w = world([adaptive, { id: 'other', url: 'https://other.example.com/f', ...adaptive }]);
    w.publish(window(0, w.state.now));
    await w.minutes(3);
    w.state.now += 5 * hour;
    w.publish(window(100, w.state.now));
    await w.poll(['newsroom']);
    const overrunAt = w.state.now;

    await w.minutes(2);
    const slot = (await w.services.feedStore.schedule()).slots.get('newsroom');
    const soon = stepMs(slot?.step ?? 99);

    expect(w.reported('poll.gap')).toHaveLength(1);
    expect(w.stores.feedStore.memory.feeds.get('newsroom')?.learned?.gapAt).toBe(overrunAt);
    expect(slot?.plan?.ceiling).toEqual({ ms: 30 * minute, until: overrunAt + 14 * day });
    expect(soon).toBeLessThanOrEqual(30 * minute);
  });
});

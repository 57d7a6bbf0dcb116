import { describe, expect, it } from 'vitest';
import { world } from '../support/world.ts';

const minute = 60_000;
const hourly = Array.from({ length: 30 }, (_, i) => ({
  id: `feed-${i}`,
  url: `https://host-${i % 7}.example.com/${i}.xml`,
  rhythm: { everyMs: 60 * minute },
}));

type Crash = { call: number; side: 'before' | 'after' };

/** Runs a tick an hour later, when every feed is due, that dies at a call of a port, and then the next tick. */
const sentWith = async (crash: Crash | null) => {
  const death = { armed: false, calls: 0 };
  const dieAt = (side: Crash['side']) => {
    if (death.armed && crash?.call === death.calls && crash.side === side) throw new Error('killed');
  };
  const w = world(hourly, {
    before: () => {
      death.calls += death.armed ? 1 : 0;
      dieAt('before');
    },
    after: () => dieAt('after'),
  });
  await w.tick();
  w.stores.queues.feeds.length = 0;

  w.state.now += 60 * minute;
  death.armed = true;
  await w.tick().catch((error: Error) => expect(error.message).toBe('killed'));
  death.armed = false;
  w.state.now += minute;
  await w.tick();

  return { calls: death.calls, sent: new Set(w.stores.queues.feeds.flatMap(({ feeds }) => feeds)) };
};

describe('a tick that dies at any await', () => {
  it('is completed by the next, which sends every due feed', async () => {
    const { calls } = await sentWith(null);
    const crashes = Array.from({ length: calls }, (_, i) => i + 1).flatMap((call): Crash[] => [
      { call, side: 'before' },
      { call, side: 'after' },
    ]);

    const sizes = await Promise.all(crashes.map(async (crash) => (await sentWith(crash)).sent.size));

    expect(sizes.length).toBeGreaterThan(8);
    expect(new Set(sizes)).toEqual(new Set([hourly.length]));
  });
});

import { describe, expect, it } from 'vitest';
import { turns } from '../../lib/adapters/turns.ts';
import type { Invocation } from '../../lib/core/ports.ts';

/** A worker whose clock advances only while it sleeps. */
const worker = ({ perMinute = 1_000, workers = 2, callMs = 60_000 } = {}) => {
  const time = { now: 1_000_000 };
  const sleeps: number[] = [];
  const sleeping: (() => void)[] = [];
  const started = time.now;
  const invocation: Invocation = { remainingMs: () => started + callMs - time.now, report: () => {} };
  const made = turns({
    perMinute,
    workers,
    reserveMs: 15_000,
    clock: () => time.now,
    sleep: async (ms) => {
      sleeps.push(ms);
      for (const wake of sleeping.splice(0)) wake();
      time.now += ms;
    },
  });
  return { ...made, time, sleeps, call: invocation, whenAsleep: (then: () => void) => sleeping.push(then) };
};

describe('acquiring a turn', () => {
  it('is immediate after idle time', async () => {
    const { acquireTurn, call: invocation, sleeps } = worker();

    expect(await acquireTurn(invocation)).toBe(true);
    expect(sleeps).toEqual([]);
  });

  it('waits after a burst', async () => {
    const { acquireTurn, call: invocation, time } = worker();

    for (let turn = 0; turn < 100; turn += 1) await acquireTurn(invocation);

    expect(time.now - 1_000_000).toBeCloseTo((100 * 60_000) / 485 - 1_355 - 124, -2);
  });

  it('fails when the turn would come too late for the invocation, and uses none up', async () => {
    const { acquireTurn, call: invocation, sleeps } = worker({ perMinute: 2, workers: 2 });
    await acquireTurn(invocation);

    const late = [
      await acquireTurn(invocation),
      await acquireTurn(invocation),
      await acquireTurn(invocation),
    ];

    expect(late).toEqual([false, false, false]);
    expect(sleeps).toEqual([]);
    expect(await acquireTurn({ ...invocation, remainingMs: () => 60_000 * 2 })).toBe(true);
    expect(sleeps).toHaveLength(1);
  });

  it('fails when the invocation has no time left for a request', async () => {
    const { acquireTurn, call: invocation } = worker({ callMs: 14_999 });

    expect(await acquireTurn(invocation)).toBe(false);
  });

  it('gives each turn to one caller', async () => {
    const { acquireTurn, call: invocation, time } = worker({ perMinute: 60, workers: 1 });

    await Promise.all(Array.from({ length: 10 }, () => acquireTurn(invocation)));

    expect(time.now - 1_000_000).toBeGreaterThan(7_000);
  });
});

describe('a rate reported by the API', () => {
  const rate = (remaining: number, aheadMs: number, limit = 1_000) => ({
    limit,
    remaining,
    resetAt: 1_000_000 + aheadMs,
  });

  it('slows down when little remains', async () => {
    const { acquireTurn, updateRate, call: invocation, time } = worker();
    await acquireTurn(invocation);

    updateRate(rate(10, 20_000));
    await acquireTurn(invocation);

    expect(time.now - 1_000_000).toBe(4_000);
  });

  it('stops until the reset when nothing remains', async () => {
    const { acquireTurn, updateRate, call: invocation, time } = worker();

    updateRate(rate(0, 20_000));

    expect(await acquireTurn(invocation)).toBe(true);
    expect(time.now - 1_000_000).toBe(20_000);
  });

  it('refuses turns when the reset is too late for the invocation', async () => {
    const { acquireTurn, updateRate, call: invocation } = worker();

    updateRate(rate(0, 50_000));

    expect(await acquireTurn(invocation)).toBe(false);
  });

  it('also applies to callers that are already waiting', async () => {
    const {
      acquireTurn,
      updateRate,
      call: invocation,
      time,
      whenAsleep,
    } = worker({ perMinute: 60, workers: 1 });
    await acquireTurn(invocation);
    await acquireTurn(invocation);
    whenAsleep(() => updateRate(rate(0, 30_000, 60)));

    await acquireTurn(invocation);

    expect(time.now - 1_000_000).toBe(30_000);
  });

  it('lowers the limit but never raises it', async () => {
    const spent = async (limit: number) => {
      const { acquireTurn, updateRate, call: invocation, time } = worker({ perMinute: 600, workers: 2 });
      updateRate(rate(limit, 0, limit));
      for (let turn = 0; turn < 50; turn += 1) await acquireTurn(invocation);
      return time.now - 1_000_000;
    };

    const [asConfigured, lower, higher] = [await spent(600), await spent(300), await spent(100_000)];

    expect(lower).toBeGreaterThan(1.9 * asConfigured);
    expect(higher).toBe(asConfigured);
  });

  it('may be missing', async () => {
    const { acquireTurn, updateRate, call: invocation, sleeps } = worker();

    updateRate(null);

    expect([await acquireTurn(invocation), sleeps]).toEqual([true, []]);
  });
});

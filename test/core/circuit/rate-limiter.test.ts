import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  freshPace,
  nextTurn,
  type Pace,
  rateOf,
  slowedBy,
  unevenMs,
} from '../../../lib/core/circuit/rate-limiter.ts';

const minute = 60_000;

/** Takes a turn at each requested time; each is used as soon as it comes. */
const turnsOf = (wants: readonly number[], perMinute: number, workers: number): number[] => {
  const rate = rateOf(perMinute, workers);
  let pace: Pace = freshPace;
  return wants.map((want) => {
    const turn = nextTurn(pace, rate, want);
    pace = turn.pace;
    return turn.at;
  });
};

const maxInAnyMinute = (times: readonly number[]): number => {
  const sorted = times.toSorted((a, b) => a - b);
  let from = 0;
  return sorted.reduce((most, time, index) => {
    while (time - (sorted[from] ?? time) >= minute) from += 1;
    return Math.max(most, index - from + 1);
  }, 0);
};

// Bursts, trickles and long silences, in any order.
const wants = fc
  .array(fc.tuple(fc.constantFrom(0, 1, 50, 124, 1_000, 30_000, 61_000), fc.integer({ min: 1, max: 150 })), {
    maxLength: 20,
  })
  .map((runs) => {
    let now = 1_000;
    return runs.flatMap(([gap, count]) => Array.from({ length: count }, () => (now += gap)));
  });

describe('the rate limiter', () => {
  it('never lets all workers together exceed the limit in any minute', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 1_000 }),
        fc.array(wants, { minLength: 1, maxLength: 4 }),
        (perMinute, workers) => {
          fc.pre(perMinute >= workers.length);
          const all = workers.flatMap((each) => turnsOf(each, perMinute, workers.length));

          expect(maxInAnyMinute(all)).toBeLessThanOrEqual(perMinute);
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each([1, 2, 5])('leaves room for requests that arrive unevenly; %i workers', (workers) => {
    const backlog = Array.from({ length: 1_000 }, () => 1_000);
    const turns = Array.from({ length: workers }, () => turnsOf(backlog, 1_000, workers)).flat();

    // The first requests are slow and the others are not, so they arrive as close together as they can.
    const arrivals = turns.map((at) => Math.max(at, 1_000 + unevenMs));

    expect(maxInAnyMinute(arrivals)).toBeLessThanOrEqual(1_000);
  });

  it.each([
    { perMinute: 1_000, workers: 2 },
    { perMinute: 1_000, workers: 1 },
    { perMinute: 100, workers: 2 },
    { perMinute: 1_000, workers: 5 },
  ])('uses 95 % of $perMinute a minute with $workers busy workers', ({ perMinute, workers }) => {
    const wanted = Array.from({ length: (5 * perMinute) / workers }, () => 0);

    const lasts = Array.from({ length: workers }, () => turnsOf(wanted, perMinute, workers).at(-1) ?? 0);

    expect((5 * perMinute * minute) / Math.max(...lasts)).toBeGreaterThanOrEqual(0.95 * perMinute);
  });

  it('allows a short burst after idle time, then spaces evenly', () => {
    const times = turnsOf(
      Array.from({ length: 20 }, () => 1_000),
      1_000,
      2,
    );

    expect(times.filter((time) => time === 1_000).length).toBeGreaterThan(10);
    expect((times[19] ?? 0) - (times[18] ?? 0)).toBeCloseTo(minute / 485, 5);
  });

  it('never gives a turn in the past or before an earlier one', () => {
    fc.assert(
      fc.property(wants, (each) => {
        const times = turnsOf(each, 300, 2);

        times.forEach((time, index) => {
          expect(time).toBeGreaterThanOrEqual(each[index] ?? 0);
          expect(time).toBeGreaterThanOrEqual(times[index - 1] ?? 0);
        });
      }),
    );
  });

  it.each([
    { perMinute: 1, workers: 2, everyMs: 123_711 },
    { perMinute: 1, workers: 1, everyMs: 61_856 },
  ])(
    'spaces turns over a minute apart for $perMinute a minute and $workers workers',
    ({ perMinute, workers, everyMs }) => {
      expect(rateOf(perMinute, workers).everyMs).toBeCloseTo(everyMs, 0);
    },
  );
});

describe('rate headers', () => {
  const rate = rateOf(1_000, 2);
  const now = 100_000;
  const slowed = (remaining: number, aheadMs: number) =>
    slowedBy({ ...freshPace, lastAt: now }, { limit: 1_000, remaining, resetAt: now + aheadMs }, 2, now);

  it('with plenty remaining change nothing', () => {
    expect(nextTurn(slowed(900, 30_000), rate, now + 200).at).toBe(now + 200);
  });

  it('with little remaining spread it over the rest of the window', () => {
    expect(nextTurn(slowed(10, 30_000), rate, now).at).toBe(now + 6_000);
  });

  it('with nothing remaining wait for the reset', () => {
    expect(nextTurn(slowed(0, 30_000), rate, now).at).toBe(now + 30_000);
  });

  it('with nothing remaining wait before the first turn too', () => {
    const pace = slowedBy(freshPace, { limit: 1_000, remaining: 0, resetAt: now + 5_000 }, 2, now);

    expect(nextTurn(pace, rate, now).at).toBe(now + 5_000);
  });

  it('expire with the reset', () => {
    expect(nextTurn(slowed(0, 30_000), rate, now + 30_001).at).toBe(now + 30_001);
  });

  it('never wait longer than a minute, whatever the reset', () => {
    expect(nextTurn(slowed(0, 3_600_000), rate, now).at).toBe(now + minute);
    expect(nextTurn(slowed(0, Number.MAX_SAFE_INTEGER), rate, now).at).toBe(now + minute);
  });

  it('with a reset in the past lift an earlier wait', () => {
    const pace = slowedBy(slowed(0, 30_000), { limit: 1_000, remaining: 0, resetAt: now - 1 }, 2, now);

    expect(nextTurn(pace, rate, now).at).toBe(now);
  });

  it('that are missing change nothing', () => {
    const pace = slowed(10, 30_000);

    expect(slowedBy(pace, null, 2, now)).toBe(pace);
  });

  it('can only slow down, so the limit holds under any of them', () => {
    const reported = fc.record({
      limit: fc.nat(),
      remaining: fc.nat(2_000),
      resetAt: fc.integer({ min: -minute, max: 10 * minute }),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(500), fc.option(reported)), { maxLength: 400 }), (steps) => {
        let [time, pace]: [number, Pace] = [0, freshPace];
        const times = steps.map(([gap, given]) => {
          time += gap;
          pace = slowedBy(pace, given, 1, time);
          const turn = nextTurn(pace, rateOf(60, 1), time);
          pace = turn.pace;
          return turn.at;
        });

        expect(maxInAnyMinute(times)).toBeLessThanOrEqual(60);
      }),
    );
  });
});

describe('two workers against a server that allows a thousand requests per minute', () => {
  type Event = { at: number; worker: number | 'other'; arrives: boolean };

  /**
   * Both workers always have more to send; responses take `latencyMs`; another application uses some of the
   * limit.
   */
  const fiveMinutes = ({ latencyMs, othersPerMinute }: { latencyMs: number; othersPerMinute: number }) => {
    const start = 17_000;
    const end = start + 5 * minute;
    const rate = rateOf(1_000, 2);
    const paces: Pace[] = [freshPace, freshPace];
    const found = { sent: 0, refused: 0 };
    const window = { index: -1, used: 0 };
    const queue: Event[] = [0, 1].map((worker) => ({ at: start, worker, arrives: false }));
    if (othersPerMinute > 0) queue.push({ at: start, worker: 'other', arrives: true });

    const arrive = (at: number) => {
      const index = Math.floor(at / minute);
      if (index !== window.index) Object.assign(window, { index, used: 0 });
      const taken = window.used < 1_000;
      if (taken) window.used += 1;
      return {
        taken,
        reported: { limit: 1_000, remaining: 1_000 - window.used, resetAt: (index + 1) * minute },
      };
    };

    while (queue.length > 0) {
      queue.sort((a, b) => b.at - a.at);
      const event = queue.pop() as Event;
      if (event.at >= end) break;
      if (event.worker === 'other') {
        arrive(event.at);
        queue.push({ ...event, at: event.at + minute / othersPerMinute });
        continue;
      }
      const { worker, at } = event;
      const pace = paces[worker] as Pace;
      if (!event.arrives) {
        const turn = nextTurn(pace, rate, at);
        paces[worker] = turn.pace;
        queue.push({ at: turn.at + latencyMs / 2, worker, arrives: true });
        continue;
      }
      const { taken, reported } = arrive(at);
      found[taken ? 'sent' : 'refused'] += 1;
      paces[worker] = slowedBy(pace, reported, 2, at + latencyMs / 2);
      queue.push({ at: at + latencyMs / 2, worker, arrives: false });
    }
    return found;
  };

  it.each([0, 20, 100])('use 95 % of the limit at %i ms latency and are never refused', (latencyMs) => {
    const { sent, refused } = fiveMinutes({ latencyMs, othersPerMinute: 0 });

    expect(refused).toBe(0);
    expect(sent).toBeGreaterThanOrEqual(0.95 * 5_000);
    expect(sent).toBeLessThanOrEqual(5_000);
  });

  it.each([100, 500, 900])('leave room for another application that sends %i a minute', (othersPerMinute) => {
    const { sent, refused } = fiveMinutes({ latencyMs: 20, othersPerMinute });

    expect(refused).toBeLessThanOrEqual(10);
    expect(sent).toBeGreaterThanOrEqual(0.9 * 5 * (970 - othersPerMinute));
  });
});

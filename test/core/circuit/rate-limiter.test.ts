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

/** Takes a turn whenever one is wanted; each is used at the moment it comes. */
const turnsOf = (wants: readonly number[], perMinute: number, workers: number): number[] => {
  const rate = rateOf(perMinute, workers);
  let pace: Pace = freshPace;
  return wants.map((want) => {
    const turn = nextTurn(pace, rate, want);
    pace = turn.pace;
    return turn.at;
  });
};

const mostInAnyMinute = (times: readonly number[]): number => {
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

describe('the pace', () => {
  it('never lets the workers together pass the limit in any minute', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 1_000 }),
        fc.array(wants, { minLength: 1, maxLength: 4 }),
        (perMinute, workers) => {
          fc.pre(perMinute >= workers.length);
          const all = workers.flatMap((each) => turnsOf(each, perMinute, workers.length));

          expect(mostInAnyMinute(all)).toBeLessThanOrEqual(perMinute);
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each([1, 2, 5])(
    'leaves room for requests that are slower to arrive than others; %i workers',
    (workers) => {
      const backlog = Array.from({ length: 1_000 }, () => 1_000);
      const turns = Array.from({ length: workers }, () => turnsOf(backlog, 1_000, workers)).flat();

      // The first ones are slow, what follows is not: so they are as close together as they can come.
      const arrivals = turns.map((at) => Math.max(at, 1_000 + unevenMs));

      expect(mostInAnyMinute(arrivals)).toBeLessThanOrEqual(1_000);
    },
  );

  it.each([
    { perMinute: 1_000, workers: 2 },
    { perMinute: 1_000, workers: 1 },
    { perMinute: 100, workers: 2 },
    { perMinute: 1_000, workers: 5 },
  ])('uses 95 % of $perMinute a minute with $workers workers that never rest', ({ perMinute, workers }) => {
    const wanted = Array.from({ length: (5 * perMinute) / workers }, () => 0);

    const lasts = Array.from({ length: workers }, () => turnsOf(wanted, perMinute, workers).at(-1) ?? 0);

    expect((5 * perMinute * minute) / Math.max(...lasts)).toBeGreaterThanOrEqual(0.95 * perMinute);
  });

  it('lets a few go at once after a rest, the next ones evenly', () => {
    const times = turnsOf(
      Array.from({ length: 20 }, () => 1_000),
      1_000,
      2,
    );

    expect(times.filter((time) => time === 1_000).length).toBeGreaterThan(10);
    expect((times[19] ?? 0) - (times[18] ?? 0)).toBeCloseTo(minute / 485, 5);
  });

  it('never gives a turn in the past, nor before an earlier one', () => {
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
    'is slower than a minute for $perMinute a minute and $workers workers',
    ({ perMinute, workers, everyMs }) => {
      expect(rateOf(perMinute, workers).everyMs).toBeCloseTo(everyMs, 0);
    },
  );
});

describe('news from the headers', () => {
  const rate = rateOf(1_000, 2);
  const now = 100_000;
  const slowed = (remaining: number, aheadMs: number) =>
    slowedBy({ ...freshPace, lastAt: now }, { limit: 1_000, remaining, resetAt: now + aheadMs }, 2, now);

  it('of plenty change nothing', () => {
    expect(nextTurn(slowed(900, 30_000), rate, now + 200).at).toBe(now + 200);
  });

  it('of little left spread it over the rest of the window', () => {
    expect(nextTurn(slowed(10, 30_000), rate, now).at).toBe(now + 6_000);
  });

  it('of nothing left wait for the reset', () => {
    expect(nextTurn(slowed(0, 30_000), rate, now).at).toBe(now + 30_000);
  });

  it('of nothing left wait from the very first turn', () => {
    const pace = slowedBy(freshPace, { limit: 1_000, remaining: 0, resetAt: now + 5_000 }, 2, now);

    expect(nextTurn(pace, rate, now).at).toBe(now + 5_000);
  });

  it('are over with the reset', () => {
    expect(nextTurn(slowed(0, 30_000), rate, now + 30_001).at).toBe(now + 30_001);
  });

  it('do not hold longer than a minute, whatever the reset', () => {
    expect(nextTurn(slowed(0, 3_600_000), rate, now).at).toBe(now + minute);
    expect(nextTurn(slowed(0, Number.MAX_SAFE_INTEGER), rate, now).at).toBe(now + minute);
  });

  it('of a reset that has passed lift what was asked before', () => {
    const pace = slowedBy(slowed(0, 30_000), { limit: 1_000, remaining: 0, resetAt: now - 1 }, 2, now);

    expect(nextTurn(pace, rate, now).at).toBe(now);
  });

  it('that say nothing change nothing', () => {
    const pace = slowed(10, 30_000);

    expect(slowedBy(pace, null, 2, now)).toBe(pace);
  });

  it('only ever slow: the limit holds under any of them', () => {
    const news = fc.record({
      limit: fc.nat(),
      remaining: fc.nat(2_000),
      resetAt: fc.integer({ min: -minute, max: 10 * minute }),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(500), fc.option(news)), { maxLength: 400 }), (steps) => {
        let [time, pace]: [number, Pace] = [0, freshPace];
        const times = steps.map(([gap, told]) => {
          time += gap;
          pace = slowedBy(pace, told, 1, time);
          const turn = nextTurn(pace, rateOf(60, 1), time);
          pace = turn.pace;
          return turn.at;
        });

        expect(mostInAnyMinute(times)).toBeLessThanOrEqual(60);
      }),
    );
  });
});

describe('two workers against a server that counts a thousand in each minute', () => {
  type Event = { at: number; worker: number | 'other'; arrives: boolean };

  /** Both always have more to send; answers take `latencyMs`; another application takes some of the limit too. */
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
      return { taken, news: { limit: 1_000, remaining: 1_000 - window.used, resetAt: (index + 1) * minute } };
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
      const { taken, news } = arrive(at);
      found[taken ? 'sent' : 'refused'] += 1;
      paces[worker] = slowedBy(pace, news, 2, at + latencyMs / 2);
      queue.push({ at: at + latencyMs / 2, worker, arrives: false });
    }
    return found;
  };

  it.each([0, 20, 100])(
    'use 95 % of the limit with answers after %i ms, and are never refused',
    (latencyMs) => {
      const { sent, refused } = fiveMinutes({ latencyMs, othersPerMinute: 0 });

      expect(refused).toBe(0);
      expect(sent).toBeGreaterThanOrEqual(0.95 * 5_000);
      expect(sent).toBeLessThanOrEqual(5_000);
    },
  );

  it.each([100, 500, 900])('leave room for another application that sends %i a minute', (othersPerMinute) => {
    const { sent, refused } = fiveMinutes({ latencyMs: 20, othersPerMinute });

    expect(refused).toBeLessThanOrEqual(10);
    expect(sent).toBeGreaterThanOrEqual(0.9 * 5 * (970 - othersPerMinute));
  });
});

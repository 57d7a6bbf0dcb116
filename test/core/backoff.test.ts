import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BackOff, backOffMs } from '../../lib/core/backoff.ts';

const minute = 60_000;
const anHour = { firstMs: minute, maxMs: 60 * minute } as const;
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('a back-off', () => {
  it.each([
    [0, 1],
    [1, 2],
    [4, 16],
    [5, 32],
    [6, 60],
    [1_000_000, 60],
  ])('doubles with each earlier failure, up to its longest: after %i, %i minutes', (earlier, minutes) => {
    expect(backOffMs(earlier, { ...anHour, jitter: 'none' }, 0.7)).toBe(minutes * minute);
  });

  it.each<[BackOff['jitter'], number[]]>([
    ['full', [16 * minute, 12 * minute, 8 * minute, 4 * minute]],
    ['half', [16 * minute, 14 * minute, 12 * minute, 10 * minute]],
    ['none', Array(4).fill(16 * minute)],
  ])('with %s jitter is spread evenly', (jitter, waits) => {
    const chances = [0, 0.25, 0.5, 0.75];

    expect(chances.map((chance) => backOffMs(4, { ...anHour, jitter }, chance))).toEqual(waits);
  });

  it('is a whole number of milliseconds, at least one, never beyond its longest', () => {
    const backOff = fc.record({
      firstMs: fc.integer({ min: 1, max: 10 * minute }),
      maxMs: fc.integer({ min: 10 * minute, max: 1440 * minute }),
      jitter: fc.constantFrom('full', 'half', 'none'),
    }) satisfies fc.Arbitrary<BackOff>;

    fc.assert(
      fc.property(fc.nat(), backOff, random, (earlier, how, chance) => {
        const waitMs = backOffMs(earlier, how, chance);

        return Number.isInteger(waitMs) && waitMs >= 1 && waitMs <= how.maxMs;
      }),
    );
  });

  it('with half jitter never gets shorter with another failure', () => {
    const half = { firstMs: minute, maxMs: 2 ** 40, jitter: 'half' } as const;

    fc.assert(
      fc.property(
        fc.nat(20),
        random,
        random,
        (earlier, a, b) => backOffMs(earlier + 1, half, b) >= backOffMs(earlier, half, a),
      ),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginsWithNewest, oldestInOrder } from '../../../lib/core/entries/list-order.ts';

const dated = (dates: (number | null)[]) => dates.map((date) => ({ date }));

describe('the oldest date in list order', () => {
  it.each([
    ['an empty list', [], null],
    ['no dates', [null, null], null],
    ['one entry', [5], 5],
    ['two entries in either order', [3, 5], 3],
    ['a newest-first list', [5, 4, 3], 3],
    ['a newest-first list with undated entries', [5, null, 4, null, 3], 3],
    ['a pinned post at the top', [1, 9, 8, 7], 7],
    ['a pinned post in the middle', [9, 8, 1, 7, 6], 6],
    ['an old post at the end, in order', [9, 8, 7, 1], 1],
    ['two pinned posts', [2, 1, 9, 8, 7, 6], 6],
    ['an oldest-first list', [3, 4, 5, 6], 3],
    ['an oldest-first list with a pinned post at its end', [3, 4, 5, 1], 3],
    ['three dates with one rising step, as with a pinned post', [1, 9, 8], 8],
    ['equal dates', [4, 4, 4], 4],
    ['a day with several posts, which do not rise', [5, 5, 4, 4, 3, 3], 3],
  ])('for %s is as expected', (_, dates: (number | null)[], expected) => {
    expect(oldestInOrder(dated(dates))).toBe(expected);
  });

  /** The last dates of the longest non-increasing runs, by the textbook O(n²) algorithm. */
  const endsOfLongestFalls = (dates: readonly number[]): Set<number> => {
    const lengths: number[] = [];
    for (const [i, date] of dates.entries()) {
      const before = lengths.filter((_, j) => (dates[j] as number) >= date);
      lengths[i] = 1 + Math.max(0, ...before);
    }
    const longest = Math.max(...lengths);
    return new Set(dates.filter((_, i) => lengths[i] === longest));
  };

  it('is the latest end among the longest non-increasing runs, as in a naive search', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 12 }), { minLength: 3, maxLength: 24 }), (dates) => {
        const pairs = dates.slice(1).map((date, i) => date - (dates[i] as number));
        const [up, down] = [pairs.filter((d) => d > 0).length, pairs.filter((d) => d < 0).length];
        const falling = up > down && up >= 2 ? dates.toReversed() : dates;

        // Of several longest runs, patience sorting keeps the one with the latest end.
        expect(oldestInOrder(dated(dates))).toBe(Math.max(...endsOfLongestFalls(falling)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is one of the listed dates', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer()), { maxLength: 40 }), (dates) => {
        const all = dates.filter((date) => date !== null);
        const oldest = oldestInOrder(dated(dates));

        if (oldest === null) expect(all).toEqual([]);
        else expect(all).toContain(oldest);
      }),
    );
  });

  it('does not change when an older post is pinned on top of three or more', () => {
    const list = fc.uniqueArray(fc.integer({ min: 10, max: 1_000 }), { minLength: 3, maxLength: 30 });
    fc.assert(
      fc.property(list, fc.nat({ max: 9 }), (dates, pinned) => {
        const falling = dates.toSorted((a, b) => b - a);

        expect(oldestInOrder(dated([pinned, ...falling]))).toBe(falling.at(-1));
      }),
    );
  });
});

describe('whether a list is newest first', () => {
  it.each([
    ['falling', [3, 2, 1], true],
    ['rising', [1, 2, 3], false],
    ['a pinned post on top', [1, 9, 8, 7], true],
    ['as many steps up as down', [1, 2, 1], null],
    ['equal dates', [1, 1], null],
    ['one date', [1], null],
    ['none', [], null],
  ])('is determined for %s', (_, dates: number[], expected) => {
    expect(beginsWithNewest(dates)).toBe(expected);
  });
});

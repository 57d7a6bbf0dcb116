import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Facts } from '../../../lib/core/entries/identity/facts.ts';
import { identify } from '../../../lib/core/entries/identity/identified-entry.ts';
import { areDays, areOneMinute, haveMoved } from '../../../lib/core/entries/window-dates.ts';
import { entryOf } from '../../support/entries.ts';

const at = (published: string | null, dayOnly = false): Facts =>
  identify(entryOf({ id: 'a', published, ...(dayOnly && { dayOnly: true }) }), null).facts;
const all = (...dates: (string | null)[]) => dates.map((date) => at(date));

const [first, second, third] = ['2026-03-01T08:00:00Z', '2026-03-02T08:00:00Z', '2026-03-03T08:00:00Z'];

describe('dates with one time of day', () => {
  it.each([
    ['three days at one time', all(first, second, third), true],
    ['two dates', all(first, second), false],
    ['three at one minute', all(first, first, first), false],
    ['three dates, two on the same day', all(first, first, third), true],
    ['three dates, one at another time', all(first, second, '2026-03-03T08:01:00Z'), false],
    ['three dates, one different by seconds only', all(first, second, '2026-03-03T08:00:59Z'), true],
    ['three dates and one missing', all(first, second, third, null), false],
    ['no dates', [], false],
  ])('are days: %s, %#', (_, facts, expected) => {
    expect(areDays(facts)).toBe(expected);
  });
});

describe('dates in one minute', () => {
  it.each([
    ['three', all(first, first, first), true],
    ['three to the second', all('2026-03-01T08:00:01Z', '2026-03-01T08:00:30Z', first), true],
    ['two', all(first, first), false],
    ['all except one', all(first, first, first, second), false],
    ['three and one missing', all(first, first, first, null), false],
    [
      'day-only dates, as for three posts on one day',
      [at(first, true), at(first, true), at(first, true)],
      false,
    ],
    ['none', [], false],
  ])('come from a build: %s, %#', (_, facts, expected) => {
    expect(areOneMinute(facts)).toBe(expected);
  });
});

describe('changed dates of known entries', () => {
  const pair = (now: string | null, before: string | null) => [at(now), at(before)] as const;
  const moved = pair(second, first);
  const stayed = pair(first, first);

  it.each([
    ['both of two', [moved, moved], true],
    ['one of one', [moved], false],
    ['one of two', [moved, stayed], false],
    ['two of three', [moved, moved, stayed], true],
    ['to another time of the same day', Array(3).fill(pair('2026-03-01T20:00:00Z', first)), false],
    ['two, besides undated ones', [moved, moved, pair(null, first), pair(first, null)], true],
    ['no pairs', [], false],
  ])('come from builds: %s, %#', (_, pairs, expected) => {
    expect(haveMoved(pairs)).toBe(expected);
  });

  it('come from builds if more than half of at least two have another day, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 30 }), (which) => {
        const count = which.filter(Boolean).length;

        expect(haveMoved(which.map((isMoved) => (isMoved ? moved : stayed)))).toBe(
          which.length > 1 && count > which.length / 2,
        );
      }),
    );
  });
});

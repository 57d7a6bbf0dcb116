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

describe('dates that have one time of day', () => {
  it.each([
    ['three days at one time', all(first, second, third), true],
    ['two', all(first, second), false],
    ['three at one minute', all(first, first, first), false],
    ['three of which one is the same day as another', all(first, first, third), true],
    ['three of which one has another time', all(first, second, '2026-03-03T08:01:00Z'), false],
    ['three of which one differs by seconds only', all(first, second, '2026-03-03T08:00:59Z'), true],
    ['three beside one without a date', all(first, second, third, null), false],
    ['none', [], false],
  ])('are days: %s, %#', (_, facts, expected) => {
    expect(areDays(facts)).toBe(expected);
  });
});

describe('dates of one minute', () => {
  it.each([
    ['three', all(first, first, first), true],
    ['three to the second', all('2026-03-01T08:00:01Z', '2026-03-01T08:00:30Z', first), true],
    ['two', all(first, first), false],
    ['all but one', all(first, first, first, second), false],
    ['beside one without a date', all(first, first, first, null), false],
    [
      'of entries that have only a day, as three posts of one day',
      [at(first, true), at(first, true), at(first, true)],
      false,
    ],
    ['none', [], false],
  ])('are those of a build: %s, %#', (_, facts, expected) => {
    expect(areOneMinute(facts)).toBe(expected);
  });
});

describe('dates of known entries that have moved', () => {
  const pair = (now: string | null, before: string | null) => [at(now), at(before)] as const;
  const moved = pair(second, first);
  const stayed = pair(first, first);

  it.each([
    ['both of two', [moved, moved], true],
    ['one of one', [moved], false],
    ['one of two', [moved, stayed], false],
    ['two of three', [moved, moved, stayed], true],
    ['to another time of the same day', Array(3).fill(pair('2026-03-01T20:00:00Z', first)), false],
    ['two, beside undated ones', [moved, moved, pair(null, first), pair(first, null)], true],
    ['none of none', [], false],
  ])('are those of builds: %s, %#', (_, pairs, expected) => {
    expect(haveMoved(pairs)).toBe(expected);
  });

  it('are those of builds when more than half of two or more have another day, in any order', () => {
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

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOfStory, storyBytes } from '../../../../lib/core/entries/identity/ledger-keys.ts';
import { isRenewalDue, nextRenewal } from '../../../../lib/core/entries/memory/renewal.ts';

const everyDays = 150;
const stories = Array.from({ length: 5_000 }, (_, i) =>
  keyOfStory(createHash('sha256').update(`${i}`).digest().subarray(0, storyBytes)),
);
const story = fc.constantFrom(...stories);
const today = fc.integer({ min: 0, max: 60_000 });

/** The days between consecutive polls. */
const polls = fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 60 });

describe('the renewal of a story', () => {
  it('is due at least every 150 days of polls, whatever their pattern', () => {
    fc.assert(
      fc.property(story, today, polls, (key, start, gaps) => {
        let [day, renewedOn, lastDue] = [start, start, start];
        for (const gap of gaps) {
          day += gap;
          if (isRenewalDue(key, renewedOn, day)) lastDue = day;
          renewedOn = day;

          expect(day - lastDue).toBeLessThan(everyDays);
        }
      }),
    );
  });

  it('is due on exactly one day in 150', () => {
    fc.assert(
      fc.property(story, today, (key, start) => {
        const due = Array.from({ length: everyDays }, (_, i) => isRenewalDue(key, start + i, start + i + 1));

        expect(due.filter(Boolean)).toHaveLength(1);
      }),
    );
  });

  it('is due over a period if it was due on any day in it, so that no poll pattern skips it', () => {
    fc.assert(
      fc.property(story, today, fc.nat({ max: 400 }), (key, start, days) => {
        const oneByOne = Array.from({ length: days }, (_, i) => isRenewalDue(key, start + i, start + i + 1));

        expect(isRenewalDue(key, start, start + days)).toBe(oneByOne.includes(true));
      }),
    );
  });

  it.each([
    ['the same day', 0],
    ['an earlier day, after a clock change', -3],
  ])('is never due on %s', (_, days) => {
    expect(stories.filter((key) => isRenewalDue(key, 20_000, 20_000 + days))).toEqual([]);
  });
});

describe('the next renewal of several stories', () => {
  it('is the first day on which one of them is due, so that no earlier check is needed', () => {
    fc.assert(
      fc.property(fc.array(story, { maxLength: 20 }), today, fc.nat({ max: 400 }), (some, start, days) => {
        const isDue = some.some((key) => isRenewalDue(key, start, start + days));

        if (some.length > 0) expect(nextRenewal(some, start) <= start + days).toBe(isDue);
      }),
    );
  });

  it('is in 150 days if there are none', () => expect(nextRenewal([], 7)).toBe(7 + everyDays));
});

describe('the renewal of 5,000 stories', () => {
  it('is spread over 150 days, about 33 a day', () => {
    const due = Array.from({ length: everyDays }, (_, i) =>
      stories.filter((key) => isRenewalDue(key, 20_000 + i, 20_001 + i)),
    ).map(({ length }) => length);

    expect(due.reduce((a, b) => a + b)).toBe(stories.length);
    expect(Math.max(...due)).toBeLessThan(70);
    expect(Math.min(...due)).toBeGreaterThan(10);
  });
});

it('is also defined for a key in an unknown format', () => {
  expect(isRenewalDue('guid-a', 19_999, 20_150)).toBe(true);
  expect(isRenewalDue('', 19_999, 20_150)).toBe(true);
});

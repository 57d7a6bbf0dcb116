import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedMemory } from '../../../lib/core/entries/memory/feed-memory.ts';
import { classified, now, of, week } from './classify-case.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const anyUnknown = fc.record({
  daysAgo: fc.option(fc.integer({ min: -3, max: 500 })),
  dayOnly: fc.boolean(),
});

const anyMemory = fc.record({
  blind: fc.boolean(),
  byPlace: fc.boolean(),
  listsNewestFirst: fc.constantFrom(null, true, false),
  lateAt: fc.constantFrom(null, now - hour, now - 2 * day),
  floor: fc.integer({ min: 0, max: 500 }).map((days) => now - days * day),
});

describe('for any document', () => {
  const document = fc.tuple(fc.array(anyUnknown, { maxLength: 6 }), fc.nat({ max: 6 }), anyMemory);
  const given = ([unknown, at, memory]: [
    { daysAgo: number | null; dayOnly: boolean }[],
    number,
    Partial<FeedMemory>,
  ]) => {
    const shown = unknown.map(({ daysAgo, dayOnly }, i) =>
      of(`unknown-${i}`, daysAgo, dayOnly ? { dayOnly } : {}),
    );
    return { memory, now: [...shown.slice(0, at), ...week, ...shown.slice(at)] };
  };

  it('each entry has one verdict, and each held entry a reason', () => {
    fc.assert(
      fc.property(document, (one) => {
        const all = classified(given(one));

        expect(Object.keys(all)).toHaveLength(one[0].length + week.length);
        for (const { verdict } of Object.values(all))
          expect(verdict.state !== 'held' || (verdict.detail ?? '') !== '').toBe(true);
      }),
    );
  });

  it('nothing dated before the feed was added becomes a draft unless a release taught it', () => {
    fc.assert(
      fc.property(document, (one) => {
        const memory = { ...one[2], byPlace: false };
        const entries = given(one).now;
        const queued = Object.entries(classified({ memory, now: entries })).filter(
          ([, { verdict }]) => verdict.state === 'queued',
        );
        const dates = queued.flatMap(([name]) => entries.find(({ id }) => id === name)?.published ?? []);

        for (const date of dates) expect(Date.parse(date)).toBeGreaterThanOrEqual((memory.floor ?? 0) - day);
      }),
    );
  });

  it('at most one entry older than max_age becomes a draft', () => {
    fc.assert(
      fc.property(document, (one) => {
        const entries = given(one).now;
        const queued = Object.entries(classified(given(one))).filter(
          ([, { verdict }]) => verdict.state === 'queued',
        );
        const old = queued.filter(
          ([name]) => Date.parse(entries.find(({ id }) => id === name)?.published ?? '') < now - 30 * day,
        );

        expect(old.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { classify, memoryAfter, newestAfter } from '../../../lib/core/entries/classify.ts';
import type { Entry } from '../../../lib/core/entries/entry.ts';
import { nothingKnown } from '../../../lib/core/entries/memory/fact-memory.ts';
import type { Remembered } from '../../../lib/core/entries/read-window.ts';
import { knownOf, memoryOf } from '../../support/candidates.ts';
import {
  type Case,
  classified,
  k1,
  k2,
  k3,
  keepMs,
  now,
  of,
  rebuilt,
  undated,
  undatedWeek,
  usual,
  week,
  windowOf,
} from './classify-case.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const longText =
  'A vest knitted from the ends of other vests, in one piece and in four colours, made to order. ';

describe('a held batch', () => {
  it('is recognized by title and text from then on', () => {
    const was = week.map((one) => ({ ...one, summary: longText + one.summary }));
    const again = was.map((one) => ({
      ...one,
      id: `again-${one.id}`,
      link: `${one.link}/again`,
      published: of('x', 0).published,
    }));
    const remembered: Remembered = {
      memory: memoryOf(usual),
      facts: { ...nothingKnown, window: knownOf(was, 20_000).map((one) => ({ ...one, reissued: true })) },
      newest: now - day,
    };
    const window = windowOf(again, remembered);

    expect(window.recognized.size).toBe(3);
  });
});

describe('the lesson from releasing a held entry', () => {
  it.each<[string, Case, string | null]>([
    ['a late one', { now: [of('n', 31), ...week] }, 'by-place'],
    ['one out of order', { was: undatedWeek, now: [...undatedWeek, undated('n')] }, 'lists-oldest-first'],
    [
      'one out of order in an oldest-first list',
      { was: undatedWeek, memory: { listsNewestFirst: false }, now: [undated('n'), ...undatedWeek] },
      'lists-newest-first',
    ],
    ['one that looks like another', { now: [k1, { ...rebuilt(k2, 0), id: 'n' }, k3] }, null],
    ['one from a rebuilt site', { newest: now, was: [], now: [of('n', 1), of('nn', 2)] }, null],
    ['a new one', { now: [of('n', 0), ...week] }, null],
  ])('%s', (_, given, lesson) => {
    expect(classified(given).n?.lesson).toBe(lesson);
  });
});

describe('a first poll', () => {
  it('classifies all entries as existing', () => {
    const window = windowOf([of('n', 0), of('nn', null)], null);
    const verdicts = classify(window, null, { now, maxAgeMs: null, keepMs });

    expect([...verdicts.values()].map(({ verdict }) => verdict.code)).toEqual([
      'entry.existing',
      'entry.existing',
    ]);
  });

  const first = (entries: Entry[], complete = true) =>
    memoryAfter(windowOf(entries, null, complete), null, { now, tookLate: false });

  it.each<[string, Entry[], boolean, { blind: boolean; floor: number }]>([
    ['is dated', week, true, { blind: false, floor: Date.parse(k3.published ?? '') }],
    [
      'has a pinned post',
      [of('pinned', 300), ...week],
      true,
      { blind: false, floor: Date.parse(k3.published ?? '') },
    ],
    ['is empty', [], true, { blind: true, floor: now - 2 * day }],
    ['is truncated', week, false, { blind: true, floor: now - 2 * day }],
    ['is undated', undatedWeek, true, { blind: true, floor: now - 2 * day }],
  ])('stores the floor when its document %s', (_, entries, complete, expected) => {
    expect(first(entries, complete)).toMatchObject({ addedAt: now, ...expected });
  });
});

describe('the memory after a later poll', () => {
  const before = memoryOf({ ...usual, tail: now - 9 * day, latestDate: now - 9 * day });
  const remembered: Remembered = {
    memory: before,
    facts: { ...nothingKnown, window: knownOf(week, 20_000) },
    newest: null,
  };
  const remembers = (entries: Entry[], tookLate = false) =>
    memoryAfter(windowOf(entries, remembered), before, { now, tookLate });

  it('keeps when the feed was added and its floor', () => {
    expect(remembers([of('n', 90), ...week])).toMatchObject(usual);
  });

  it("keeps the last non-empty window's end", () => {
    expect(remembers(week).tail).toBe(Date.parse(k3.published ?? ''));
    expect(remembers([]).tail).toBe(now - 9 * day);
  });

  it('keeps the latest date, with a future one counted as now', () => {
    expect(remembers(week).latestDate).toBe(Date.parse(k1.published ?? ''));
    expect(remembers([of('n', -90), ...week]).latestDate).toBe(now);
    expect(remembers([of('n', 90)]).latestDate).toBe(now - 9 * day);
  });

  it('records day-only dates once they were seen', () => {
    const days = [1, 2, 3].map((n) => of(`d${n}`, 0, { published: `2026-06-0${n}T00:00:00Z` }));

    expect(remembers(days).dayOnly).toBe(true);
  });

  it('records when a late entry was taken as new', () => {
    expect(remembers(week, true).lateAt).toBe(now);
    expect(remembers(week, false).lateAt).toBe(null);
  });

  it('keeps the newest trusted date, which an undated window does not lower', () => {
    expect(newestAfter(windowOf(week, remembered), null, now)).toBe(Date.parse(k1.published ?? ''));
    expect(newestAfter(windowOf(undatedWeek, remembered), 5, now)).toBe(5);
    expect(newestAfter(windowOf([of('n', -5)], remembered), 5, now)).toBe(now);
  });
});

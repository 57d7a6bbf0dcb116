import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Classified, classify, memoryAfter, newestAfter } from '../../../lib/core/entries/classify.ts';
import type { Entry } from '../../../lib/core/entries/entry.ts';
import { identify } from '../../../lib/core/entries/identity/identified-entry.ts';
import type { FeedMemory } from '../../../lib/core/entries/memory/feed-memory.ts';
import { type ReadWindow, type Remembered, readWindow } from '../../../lib/core/entries/read-window.ts';
import { knownOf, memoryOf } from '../../support/candidates.ts';
import { entryOf } from '../../support/entries.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.UTC(2026, 5, 30, 12);
const keepMs = 400 * day;
const longText =
  'A vest knitted from the ends of other vests, in one piece and in four colours, made to order. ';

/** A story published so many days ago, at its own minute; null: undated. */
const of = (name: string, daysAgo: number | null, given: Partial<Entry> = {}): Entry =>
  entryOf({
    id: name,
    link: `https://www.harbour.example/${name}`,
    title: `Title of ${name}`,
    summary: `Text of ${name}`,
    published: daysAgo === null ? null : new Date(now - daysAgo * day - name.length * minute).toISOString(),
    ...given,
  });

type Case = {
  /** What the last window showed; by default, known stories of 1, 2 and 3 days ago. */
  was?: Entry[];
  now: Entry[];
  memory?: Partial<FeedMemory>;
  newest?: number | null;
  maxAgeDays?: number | null;
  complete?: boolean;
  knownToLedger?: string[];
};

const week = [of('kkk-1', 1), of('kkk-2', 2), of('kkk-3', 3)];
const [k1, k2, k3] = week as [Entry, Entry, Entry];

/** Added 20 days ago, when its oldest entry was 10 days older. */
const usual = { addedAt: now - 20 * day, floor: now - 30 * day };

const windowOf = (entries: Entry[], remembered: Remembered | null, complete = true): ReadWindow =>
  readWindow({ entries: entries.map((one) => identify(one, null)), complete }, remembered, now);

const classified = (given: Case): Record<string, Classified> => {
  const { was = week, memory = {}, maxAgeDays = 30, complete, knownToLedger = [] } = given;
  const remembered: Remembered = {
    memory: memoryOf({ ...usual, ...memory }),
    facts: { window: knownOf(was, 20_000), earlier: [] },
    newest: given.newest === undefined ? now - day : given.newest,
  };
  const window = windowOf(given.now, remembered, complete);
  const inLedger = new Set(window.entries.filter(({ entry }) => knownToLedger.includes(entry.id ?? '')));
  const limits = { now, maxAgeMs: maxAgeDays === null ? null : maxAgeDays * day, keepMs };
  const verdicts = classify(window, remembered, limits, inLedger);
  return Object.fromEntries([...verdicts].map(([{ entry }, one]) => [entry.id, one]));
};

/** The verdicts on unknown entries, by name. */
const verdictsOn = (given: Case): Record<string, string> =>
  Object.fromEntries(
    Object.entries(classified(given))
      .filter(([, { verdict }]) => verdict.code !== 'entry.known-from-window')
      .map(([name, { verdict }]) => [name, `${verdict.state} ${verdict.code}`]),
  );

const fresh = 'queued entry.new';
const older = 'baselined entry.older-than-feed';
const late = 'held entry.late';
const reissue = 'held entry.mass-reissue';
const outOfOrder = 'held entry.out-of-order';
const like = 'held entry.looks-like';

describe('an unknown entry with a date', () => {
  it.each<[string, Case, Record<string, string>]>([
    ['newer than all', { now: [of('n', 0), ...week] }, { n: fresh }],
    ['between known ones, not old', { now: [k1, of('n', 1.5), k2, k3] }, { n: fresh }],
    ['below all known, not old', { now: [...week, of('n', 4)] }, { n: fresh }],
    ['from the future', { now: [of('n', -3), ...week] }, { n: fresh }],

    ['before the feed was added, below', { now: [...week, of('n', 31)] }, { n: older }],
    ['before the feed was added, above', { now: [of('n', 31), ...week] }, { n: late }],
    ['before the feed was added, between', { now: [k1, of('n', 31), k2, k3] }, { n: late }],
    [
      'before the feed was added, above, learned',
      { memory: { byPlace: true }, now: [of('n', 31), ...week] },
      { n: fresh },
    ],
    [
      'two before the feed was added, above, learned',
      { memory: { byPlace: true }, now: [of('n', 31), of('nn', 32), ...week] },
      { n: late, nn: late },
    ],
    ['before the feed was added, nothing known', { was: [], now: [of('n', 31)] }, { n: older }],
    [
      'before the feed was added, at the top of an oldest-first list',
      { memory: { listsNewestFirst: false }, now: [of('n', 31), k3, k2, k1] },
      { n: older },
    ],
    [
      'before the feed was added, at the end of an oldest-first list',
      {
        memory: { listsNewestFirst: false },
        was: [k3, k2, k1, of('kk-0', 0.5)],
        now: [k3, k2, k1, of('kk-0', 0.5), of('n', 31)],
      },
      { n: late },
    ],

    [
      'beyond the ledger’s memory, below',
      { maxAgeDays: null, memory: { floor: 0 }, now: [...week, of('n', 371)] },
      { n: older },
    ],
    [
      'beyond the ledger’s memory, above',
      { maxAgeDays: null, memory: { floor: 0 }, now: [of('n', 371), ...week] },
      { n: late },
    ],
    [
      'just within the ledger’s memory, above',
      { maxAgeDays: null, memory: { floor: 0 }, now: [of('n', 369), ...week] },
      { n: fresh },
    ],

    ['older than max_age, below', { memory: { floor: 0 }, now: [...week, of('n', 40)] }, { n: older }],
    [
      'older than max_age, a single one above',
      { memory: { floor: 0 }, now: [of('n', 40), ...week] },
      { n: fresh },
    ],
    [
      'older than max_age, two above',
      { memory: { floor: 0 }, now: [of('n', 40), of('nn', 41), ...week] },
      { n: late, nn: late },
    ],
    [
      'older than max_age, a single one, 23 hours after another',
      { memory: { floor: 0, lateAt: now - 23 * hour }, now: [of('n', 40), ...week] },
      { n: late },
    ],
    [
      'older than max_age, a single one, a day after another',
      { memory: { floor: 0, lateAt: now - day }, now: [of('n', 40), ...week] },
      { n: fresh },
    ],
    [
      'any age, without max_age',
      { maxAgeDays: null, memory: { floor: 0 }, now: [of('n', 40), of('nn', 41), ...week] },
      { n: fresh, nn: fresh },
    ],
    [
      'older than max_age, with another before the feed was added',
      { memory: { floor: now - 50 * day }, now: [of('n', 40), of('nn', 60), ...week] },
      { n: late, nn: late },
    ],

    [
      'after the floor, older than the last window’s end, before the feed was added, below',
      { memory: { tail: now - 22 * day }, now: [...week, of('n', 25)] },
      { n: older },
    ],
    [
      'after the floor, older than the last window’s end, after the feed was added, below',
      { memory: { tail: now - 3 * day }, now: [...week, of('n', 10)] },
      { n: fresh },
    ],

    [
      'blind, before the feed was added',
      { memory: { blind: true, floor: now - 22 * day }, now: [of('n', 21), ...week] },
      { n: late },
    ],
    [
      'blind, after the feed was added',
      { memory: { blind: true, floor: now - 22 * day }, now: [of('n', 19), ...week] },
      { n: fresh },
    ],
    [
      'blind, before the floor, below',
      { memory: { blind: true, floor: now - 22 * day }, now: [...week, of('n', 23)] },
      { n: older },
    ],

    [
      'most of the window, not later than the known entries',
      { newest: now, was: [], now: [of('n', 1), of('nn', 2)] },
      { n: reissue, nn: reissue },
    ],
    [
      'most of the window, later than the known entries',
      { was: [], now: [of('n', 0), of('nn', 0.5)] },
      { n: fresh, nn: fresh },
    ],
    [
      'most of the window, one later than the known entries',
      { was: [], now: [of('n', 0), of('nn', 2), of('nnn', 3)] },
      { n: fresh, nn: reissue, nnn: reissue },
    ],
    [
      'half of the window, not later',
      { now: [of('n', 1.5), of('nn', 1.7), k1, k2] },
      { n: fresh, nn: fresh },
    ],
    ['a single one, not later', { was: [], now: [of('n', 2)] }, { n: fresh }],
    [
      'most of the window, with nothing known before',
      { newest: null, was: [], now: [of('n', 1), of('nn', 2)] },
      { n: fresh, nn: fresh },
    ],

    [
      'the ledger knows the others',
      { now: [of('n', 40), of('nn', 41), ...week], memory: { floor: 0 }, knownToLedger: ['nn'] },
      { n: fresh },
    ],
    [
      'looks re-issued beside others in the ledger, and is held alone',
      { newest: now, was: [], now: [of('n', 1), of('nn', 2)], knownToLedger: ['nn'] },
      { n: reissue },
    ],
  ])('%s', (_, given, expected) => {
    expect(verdictsOn(given)).toEqual(expected);
  });
});

const byDay = (name: string, daysAgo: number): Entry => of(name, daysAgo, { dayOnly: true });

describe('an unknown entry dated by day', () => {
  it.each<[string, Case, Record<string, string>]>([
    [
      'on the day of the floor',
      { memory: { floor: now - 20 * day + hour }, now: [...week, byDay('n', 20)] },
      { n: fresh },
    ],
    [
      'on the day before the floor',
      { memory: { floor: now - 20 * day }, now: [...week, byDay('n', 21)] },
      { n: older },
    ],
    [
      'two on the day of the newest entry',
      { newest: now - 2 * day + hour, was: [], now: [byDay('n', 2), byDay('nn', 2)] },
      { n: fresh, nn: fresh },
    ],
    [
      'two on a day before the newest entry',
      { newest: now, was: [], now: [byDay('n', 2), byDay('nn', 2)] },
      { n: reissue, nn: reissue },
    ],
  ])('%s', (_, given, expected) => {
    expect(verdictsOn(given)).toEqual(expected);
  });
});

const undated = (name: string) => of(name, null);
const undatedWeek = [undated('kkk-1'), undated('kkk-2')];

describe('an unknown entry without a date', () => {
  it.each<[string, Case, Record<string, string>]>([
    ['above', { was: undatedWeek, now: [undated('n'), ...undatedWeek] }, { n: fresh }],
    [
      'two above',
      { was: undatedWeek, now: [undated('n'), undated('nn'), ...undatedWeek] },
      { n: fresh, nn: fresh },
    ],
    [
      'between',
      { was: undatedWeek, now: [undatedWeek[0] as Entry, undated('n'), undatedWeek[1] as Entry] },
      { n: fresh },
    ],
    ['below', { was: undatedWeek, now: [...undatedWeek, undated('n')] }, { n: outOfOrder }],
    [
      'below, in an oldest-first list',
      { was: undatedWeek, memory: { listsNewestFirst: false }, now: [...undatedWeek, undated('n')] },
      { n: fresh },
    ],
    [
      'at the top of an oldest-first list',
      { was: undatedWeek, memory: { listsNewestFirst: false }, now: [undated('n'), ...undatedWeek] },
      { n: outOfOrder },
    ],
    ['alone, nothing known', { was: undatedWeek, now: [undated('n')] }, { n: fresh }],
    [
      'two, nothing known',
      { was: undatedWeek, now: [undated('n'), undated('nn')] },
      { n: outOfOrder, nn: outOfOrder },
    ],
    [
      'three with the same minute, which carries no information',
      {
        was: undatedWeek,
        now: ['n', 'nn', 'nnn'].map((one) =>
          of(one, 0, { published: new Date(now - 40 * day).toISOString() }),
        ),
        newest: now - day,
      },
      { n: outOfOrder, nn: outOfOrder, nnn: outOfOrder },
    ],
    [
      'three with the same minute, later than all dates before',
      {
        was: undatedWeek,
        now: ['n', 'nn', 'nnn'].map((one) => of(one, 0, { published: new Date(now).toISOString() })),
        newest: now - day,
      },
      { n: fresh, nn: fresh, nnn: fresh },
    ],
  ])('%s', (_, given, expected) => {
    expect(verdictsOn(given)).toEqual(expected);
  });
});

/** The same story with another guid, link and text. */
const rebuilt = (one: Entry, daysAgo: number): Entry => ({
  ...of(`new-${one.id}`, daysAgo),
  title: one.title,
  summary: `Rebuilt, ${one.summary}`,
});

describe('an unknown entry with the title of a known story', () => {
  it.each<[string, Case, Record<string, string>]>([
    ['that lost its place', { now: [k1, rebuilt(k2, 0), k3] }, { 'new-kkk-2': like }],
    ['that slid out', { now: [rebuilt(k3, 0), k1, k2] }, { 'new-kkk-3': fresh }],
    ['that is in the document', { now: [rebuilt(k2, 0), ...week] }, { 'new-kkk-2': fresh }],
    [
      'most of the window, whatever their dates',
      { now: [rebuilt(k1, 0), rebuilt(k2, 0.1), k3] },
      { 'new-kkk-1': reissue, 'new-kkk-2': reissue },
    ],
    [
      'half of the window, which lost their places',
      { now: [rebuilt(k1, 0), rebuilt(k2, 0.1), k3, of('kk-4', 5)], was: [...week, of('kk-4', 5)] },
      { 'new-kkk-1': like, 'new-kkk-2': like },
    ],
  ])('%s', (_, given, expected) => {
    expect(verdictsOn(given)).toEqual(expected);
  });
});

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
      facts: { window: knownOf(was, 20_000).map((one) => ({ ...one, reissued: true })), earlier: [] },
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
    facts: { window: knownOf(week, 20_000), earlier: [] },
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

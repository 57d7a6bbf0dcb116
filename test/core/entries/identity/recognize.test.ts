import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../../lib/core/entries/entry.ts';
import { identify } from '../../../../lib/core/entries/identity/identified-entry.ts';
import { recognize } from '../../../../lib/core/entries/identity/recognize.ts';
import { oldestInOrder } from '../../../../lib/core/entries/list-order.ts';
import type { KnownFacts } from '../../../../lib/core/entries/memory/known-entries.ts';
import { knownOf } from '../../../support/candidates.ts';
import { entryOf } from '../../../support/entries.ts';

const longText =
  'A vest knitted from the ends of other vests, in one piece and in four colours, made to order. ';
const otherText =
  'A coat sewn from sails that have crossed an ocean, lined with wool and numbered by its maker. ';

/** 10 March 2026 at 9:00, shifted by days and minutes. */
const at = (days: number, minutes = 0): string =>
  new Date(Date.UTC(2026, 2, 10 + days, 9, minutes)).toISOString();

const known = {
  id: 'guid-1',
  link: 'https://www.harbour.example/vest',
  title: 'The Loop Vest',
  summary: longText,
  published: at(0),
} satisfies Partial<Entry>;

/** Makes the document reach back beyond 10 March, so that a story missing from it is gone. */
const older = {
  id: 'guid-0',
  link: 'https://www.harbour.example/older',
  title: 'An older story',
  summary: 'Older',
  published: at(-9),
} satisfies Partial<Entry>;

type Shown = Partial<Entry>;
type Case = {
  /** What the feed showed before; `known` by default. */
  was?: Shown[];
  now: Shown;
  /**
   * The other entries in the document; by default the older story, so that the document reaches back beyond
   * the known one.
   */
  beside?: Shown[];
  reissued?: boolean;
  undated?: boolean;
};

const read = ({ was = [known], now, beside = [older], reissued = false, undated = false }: Case) => {
  const entries = [now, ...beside].map((one) => identify(entryOf(one), 'Harbour'));
  const before: KnownFacts[] = was.map((one, i) => ({
    ...(knownOf([entryOf(one)], 20_000)[0] as KnownFacts),
    story: `story-${i}`,
    reissued,
  }));
  const oldest = oldestInOrder(entries.map(({ facts }) => facts));
  const recognition = recognize(entries, before, { undated, oldest });
  const first = entries[0] as (typeof entries)[number];
  return {
    found: recognition.recognized.get(first),
    looksLike: recognition.looksLike.get(first)?.story ?? null,
    resembles: recognition.resembles.get(first)?.story ?? null,
  };
};

const recognizedBy = (one: Case) => read(one).found?.by ?? null;

/** Differs from the known story in every fact that a row in the table does not override. */
const another = {
  id: 'guid-2',
  link: 'https://www.harbour.example/other',
  title: 'Another title',
  summary: otherText,
  published: at(3),
} satisfies Shown;
/** The document ends after the known story, which has slid out of it. */
const slidOut = { beside: [{ ...older, published: at(2) }] };
/** The known story is in the document itself. */
const isPresent = { beside: [known, older] };
const noGuid = { ...known, id: null };

describe('an entry is recognized by', () => {
  it.each<[string, Case, string | null]>([
    ['guid, all else edited', { now: { ...another, id: 'guid-1' } }, 'guid'],
    ['guid, the known one has slid out', { now: { ...another, id: 'guid-1' }, ...slidOut }, 'guid'],
    ['nothing, if no fact is equal', { now: another }, null],

    [
      'link, no guids, date equal',
      { was: [noGuid], now: { ...another, id: null, link: noGuid.link, published: at(0) } },
      'link',
    ],
    [
      'link, no guids, text equal',
      { was: [noGuid], now: { ...another, id: null, link: noGuid.link, summary: longText } },
      'link',
    ],
    [
      'link, no guids, a short text equal',
      {
        was: [{ ...noGuid, summary: 'Short' }],
        now: { ...another, id: null, link: noGuid.link, summary: 'Short' },
      },
      'link',
    ],
    [
      'link, no guids, both dated and place lost',
      { was: [noGuid], now: { ...another, id: null, link: noGuid.link } },
      'link',
    ],
    [
      'link, no guids, both dated, slid out',
      { was: [noGuid], now: { ...another, id: null, link: noGuid.link }, ...slidOut },
      null,
    ],
    [
      'link, no guids, one undated and titles equal',
      {
        was: [noGuid],
        now: { ...another, id: null, link: noGuid.link, title: known.title, published: null },
        ...slidOut,
      },
      'link',
    ],
    [
      'link, no guids, one undated and no text',
      {
        was: [{ ...noGuid, summary: null }],
        now: { ...another, id: null, link: noGuid.link, summary: null, published: null },
        ...slidOut,
      },
      'link',
    ],
    [
      'link, no guids, one undated, other title and text',
      { was: [noGuid], now: { ...another, id: null, link: noGuid.link, published: null } },
      null,
    ],
    ['link, one has a guid', { now: { ...another, id: null, link: known.link } }, null],

    [
      'page and title, date equal',
      { now: { ...another, link: known.link, title: known.title, published: at(0) } },
      'page-and-title',
    ],
    [
      'page and title, date equal, slid out',
      { now: { ...another, link: known.link, title: known.title, published: at(0) }, ...slidOut },
      'page-and-title',
    ],
    [
      'page and title, text equal and place lost',
      { now: { ...another, link: known.link, title: known.title, summary: longText } },
      'page-and-title',
    ],
    [
      'page and title, neither has text, place lost',
      {
        was: [{ ...known, summary: null }],
        now: { ...another, link: known.link, title: known.title, summary: null },
      },
      null,
    ],
    [
      'page and title, one has neither date nor text',
      {
        now: { ...another, link: known.link, title: known.title, summary: null, published: null },
        ...slidOut,
      },
      'page-and-title',
    ],
    [
      'page and title, another date and text, as for a recurring offer',
      { now: { ...another, link: known.link, title: known.title } },
      null,
    ],
    [
      'page and title, the text equal, slid out',
      { now: { ...another, link: known.link, title: known.title, summary: longText }, ...slidOut },
      null,
    ],
    [
      'page and title, date equal, present in this document',
      {
        now: { ...another, link: known.link, title: known.title, published: at(0, 1) },
        beside: [{ ...known, title: 'Edited' }, older],
      },
      null,
    ],
    [
      'page and title, the same day where dates are days',
      {
        was: [{ ...known, dayOnly: true }],
        now: { ...another, link: known.link, title: known.title, published: at(0, 30), dayOnly: true },
      },
      'page-and-title',
    ],

    [
      'page and title, conflicting queries, date equal',
      {
        was: [{ ...known, link: `${known.link}?id=1` }],
        now: { ...another, link: `${known.link}?id=2`, title: known.title, published: at(0) },
      },
      'page-and-title',
    ],
    [
      'page and title, conflicting queries, text equal and place lost',
      {
        was: [{ ...known, link: `${known.link}?id=1` }],
        now: { ...another, link: `${known.link}?id=2`, title: known.title, summary: longText.slice(1, 60) },
      },
      null,
    ],
    [
      'page and title, conflicting queries, one undated and text equal',
      {
        was: [{ ...known, link: `${known.link}?id=1`, summary: 'Short' }],
        now: {
          ...another,
          link: `${known.link}?id=2`,
          title: known.title,
          summary: 'Short',
          published: null,
        },
      },
      'page-and-title',
    ],
    [
      'page and title, conflicting queries, one has neither date nor text',
      {
        was: [{ ...known, link: `${known.link}?id=1` }],
        now: { ...another, link: `${known.link}?id=2`, title: known.title, summary: null, published: null },
      },
      'page-and-title',
    ],
    [
      'page and title, queries without a common parameter',
      {
        was: [{ ...known, link: `${known.link}?id=1` }],
        now: { ...another, link: `${known.link}?session=2`, title: known.title, summary: longText },
      },
      'page-and-title',
    ],

    [
      'title and date with time',
      { now: { ...another, title: known.title, published: at(0) } },
      'title-and-date',
    ],
    [
      'title and date with time, slid out',
      { now: { ...another, title: known.title, published: at(0) }, ...slidOut },
      'title-and-date',
    ],
    [
      'title and date a minute later',
      { now: { ...another, title: known.title, published: at(0, 1) }, ...slidOut },
      null,
    ],
    [
      'title and date, a day only',
      {
        was: [{ ...known, dayOnly: true }],
        now: { ...another, title: known.title, published: at(0), dayOnly: true },
        ...slidOut,
      },
      null,
    ],
    [
      'title and date, dates without information',
      { now: { ...another, title: known.title, published: at(0) }, undated: true },
      null,
    ],
    [
      'title and date, present in this document',
      {
        now: { ...another, title: known.title, published: at(0) },
        beside: [{ ...known, title: 'Edited' }, older],
      },
      null,
    ],
    [
      'text and date with time',
      { now: { ...another, summary: longText, published: at(0) }, ...slidOut },
      'text-and-date',
    ],
    [
      'text and date, a short text',
      { was: [{ ...known, summary: 'Short' }], now: { ...another, summary: 'Short', published: at(0) } },
      null,
    ],
    [
      'text and date, present in this document',
      {
        now: { ...another, summary: longText, published: at(0) },
        beside: [{ ...known, summary: 'Edited' }, older],
      },
      null,
    ],
    [
      'link and date with time',
      { now: { ...another, link: known.link, published: at(0) }, ...slidOut },
      'link-and-date',
    ],
    [
      'link and date, present in this document',
      {
        now: { ...another, link: known.link, published: at(0) },
        beside: [{ ...known, link: 'https://www.harbour.example/edited' }, older],
      },
      null,
    ],
    [
      'link and date, the link shared by two entries in the document',
      { now: { ...another, link: known.link, published: at(0) }, beside: [{ ...older, link: known.link }] },
      null,
    ],

    [
      'title and text, place lost',
      { now: { ...another, title: known.title, summary: longText } },
      'title-and-text',
    ],
    [
      'title and text, slid out, as for a daily item',
      { now: { ...another, title: known.title, summary: longText }, ...slidOut },
      null,
    ],
    [
      'title and text, both undated, gone',
      {
        was: [{ ...known, published: null }],
        now: { ...another, title: known.title, summary: longText, published: null },
        beside: [],
      },
      'title-and-text',
    ],
    [
      'title and a short text, both undated, the only one, gone',
      {
        was: [{ ...known, published: null, summary: 'Short' }],
        now: { ...another, title: known.title, summary: 'Short', published: null },
        beside: [],
      },
      'title-and-text',
    ],
    [
      'title and a short text, both undated, shared by two known entries',
      {
        was: [
          { ...known, published: null, summary: 'Short' },
          { ...known, id: 'guid-9', link: null, published: null, summary: 'Short' },
        ],
        now: { ...another, title: known.title, summary: 'Short', published: null },
        beside: [],
      },
      null,
    ],
    [
      'title and a short text, one dated',
      { was: [{ ...known, summary: 'Short' }], now: { ...another, title: known.title, summary: 'Short' } },
      null,
    ],
    [
      'title and text, slid out, once held as re-issued',
      { now: { ...another, title: known.title, summary: longText }, reissued: true, ...slidOut },
      'title-and-text',
    ],
    [
      'title and text, present in this document',
      { now: { ...another, title: known.title, summary: longText }, ...isPresent },
      null,
    ],
    ['title alone', { now: { ...another, title: known.title } }, null],
    ['text alone', { now: { ...another, summary: longText } }, null],
    ['date alone', { now: { ...another, published: at(0) } }, null],
    [
      'a guid shared by two entries in the document',
      { now: { ...another, id: 'guid-1' }, beside: [{ ...older, id: 'guid-1' }] },
      null,
    ],
  ])('%s', (_, given, expected) => {
    expect(recognizedBy(given)).toBe(expected);
  });
});

describe('an entry whose title alone is known', () => {
  const titled = { ...another, title: known.title };

  it.each<[string, Case, { looksLike: string | null; resembles: string | null }]>([
    [
      'for a dated story that lost its place',
      { now: titled },
      { looksLike: 'story-0', resembles: 'story-0' },
    ],
    ['for one that slid out', { now: titled, ...slidOut }, { looksLike: null, resembles: 'story-0' }],
    [
      'for an undated one',
      { was: [{ ...known, published: null }], now: titled },
      { looksLike: null, resembles: 'story-0' },
    ],
    ['for one in this document', { now: titled, ...isPresent }, { looksLike: null, resembles: null }],
    [
      'for two stories',
      { was: [known, { ...known, id: 'guid-9' }], now: titled },
      { looksLike: null, resembles: null },
    ],
    [
      'for one without a guid, if it has one itself',
      { was: [noGuid], now: titled },
      { looksLike: null, resembles: 'story-0' },
    ],
    ['for no story', { now: another }, { looksLike: null, resembles: null }],
  ])('has looksLike and resembles, %s', (_, given, expected) => {
    const { found, ...like } = read(given);

    expect(found).toBeUndefined();
    expect(like).toEqual(expected);
  });
});

const anyEntry = fc.record({
  id: fc.constantFrom(null, 'a', 'b', 'c'),
  link: fc.constantFrom(
    null,
    'https://h.example/1',
    'https://h.example/2',
    'https://h.example/1?id=1',
    'https://h.example/1?id=2',
  ),
  title: fc.constantFrom(null, 'One', 'Two'),
  summary: fc.constantFrom(null, 'Short', longText, otherText),
  published: fc.constantFrom(null, at(0), at(0, 1), at(3)),
});
const lists = fc.tuple(
  fc.array(anyEntry, { maxLength: 6 }),
  fc.array(anyEntry, { maxLength: 6 }),
  fc.boolean(),
);

const recognizeAll = (now: Shown[], was: Shown[], undated: boolean) => {
  const entries = now.map((one) => identify(entryOf(one), null));
  const oldest = oldestInOrder(entries.map(({ facts }) => facts));
  const before = was.map((one, i) => ({
    ...(knownOf([entryOf(one)], 20_000)[0] as KnownFacts),
    story: `story-${i}`,
  }));
  return { entries, before, ...recognize(entries, before, { undated, oldest }) };
};

describe('recognition', () => {
  it('maps two entries in a document to one known story only by a shared guid', () => {
    fc.assert(
      fc.property(lists, ([now, was, undated]) => {
        const { recognized } = recognizeAll(now, was, undated);
        const others = [...recognized.values()]
          .filter(({ by }) => by !== 'guid')
          .map(({ known: k }) => k.story);

        expect(new Set(others).size).toBe(others.length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('lists as present exactly the recognized stories, and no recognized entry as unknown', () => {
    fc.assert(
      fc.property(lists, ([now, was, undated]) => {
        const { recognized, present, looksLike, resembles } = recognizeAll(now, was, undated);

        expect([...present].sort()).toEqual(
          [...new Set([...recognized.values()].map(({ known: k }) => k.story))].sort(),
        );
        for (const one of [...looksLike.keys(), ...resembles.keys()]) expect(recognized.has(one)).toBe(false);
      }),
    );
  });

  it('recognizes every entry of an unchanged document that has a unique fact', () => {
    const guids = fc.uniqueArray(
      fc.string({ minLength: 1 }).filter((text) => text.trim() !== ''),
      {
        maxLength: 8,
        selector: (guid) => guid.trim(),
      },
    );
    fc.assert(
      fc.property(
        guids,
        fc.array(anyEntry, { minLength: 8, maxLength: 8 }),
        fc.boolean(),
        (ids, all, undated) => {
          const now = ids.map((id, i) => ({ ...all[i], id: `opaque ${id}` }));
          const { recognized, entries } = recognizeAll(now, now, undated);

          expect(entries.map((one) => recognized.get(one)?.known.story)).toEqual(
            ids.map((_, i) => `story-${i}`),
          );
        },
      ),
    );
  });
});

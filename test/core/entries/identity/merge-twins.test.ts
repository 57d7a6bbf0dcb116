import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../../lib/core/entries/entry.ts';
import { identify } from '../../../../lib/core/entries/identity/identified-entry.ts';
import { mergeTwins } from '../../../../lib/core/entries/identity/merge-twins.ts';
import { entryOf } from '../../../support/entries.ts';

const longText =
  'A vest knitted from the ends of other vests, in one piece and in four colours, made to order. ';
const date = '2026-03-10T09:00:00Z';
const day = { published: date, dayOnly: true } as const;

const vest = {
  id: 'a',
  link: 'https://www.harbour.example/vest',
  title: 'The Loop Vest',
  summary: longText,
  published: date,
} satisfies Partial<Entry>;
const url = (name: string) => `https://www.harbour.example/${name}`;

/** The guids of the entries that remain. */
const merged = (entries: Partial<Entry>[], known: Partial<Entry>[] = []) =>
  mergeTwins(
    entries.map((one) => identify(entryOf(one), null)),
    known.map((one) => identify(entryOf(one), null).facts),
  ).map(({ entry }) => entry?.id);

describe('two entries in one document', () => {
  it.each<[string, Partial<Entry>, string[]]>([
    ['in all facts', { id: 'a' }, ['a']],
    ['in link, title, date and text', { id: 'b' }, ['b']],
    ['in link, title, date and a short text', { id: 'b', summary: 'Short' }, ['a', 'b']],
    ['in title, date with time and text, under two links', { id: 'b', link: url('b') }, ['b']],
    [
      'in an opaque guid and the title',
      { link: url('b'), summary: 'Other', published: '2026-03-11T09:00:00Z' },
      ['a'],
    ],
    ['in an opaque guid, not in the title', { title: 'Other' }, ['a', 'a']],
    ['in link, title and text, not in the date', { id: 'b', published: '2026-03-11T09:00:00Z' }, ['a', 'b']],
    ['in link, title and date, not in the text', { id: 'b', summary: 'Other' }, ['a', 'b']],
    ['in link, date and text, not in the title', { id: 'b', title: 'Other' }, ['a', 'b']],
    ['in link alone', { id: 'b', title: 'Other', summary: 'Other', published: null }, ['a', 'b']],
  ])('equal %s become one or stay two', (_, other, expected) => {
    expect(merged([vest, { ...vest, ...other }])).toEqual(expected);
  });

  it.each<[string, Partial<Entry>, string[]]>([
    ['a short text and one link', { summary: 'Short' }, ['b']],
    ['no text and one link', { summary: null }, ['b']],
    ['a short text and two links', { summary: 'Short', link: url('b') }, ['a', 'b']],
    ['a long text, a day and two links', { ...day, link: url('b') }, ['a', 'b']],
    ['a long text, no date and one link', { published: null }, ['b']],
    ['a short text, no date and one link', { published: null, summary: 'Short' }, ['a', 'b']],
    ['a long text, no date and two links', { published: null, link: url('b') }, ['a', 'b']],
    ['no title, so that the text replaces it, and two links', { title: null, link: url('b') }, ['b']],
  ])('with equal title, date and text: %s', (_, both, expected) => {
    const { link = vest.link } = both;

    expect(
      merged([
        { ...vest, ...both, link: vest.link },
        { ...vest, ...both, link, id: 'b' },
      ] as Entry[]),
    ).toEqual(expected);
  });

  it('stay two if their guid is a web address, because several entries may link there', () => {
    const one = { ...vest, id: url('vest') };

    expect(merged([one, { ...one, summary: 'Other', link: url('b') }])).toHaveLength(2);
  });

  it('without a link become one only by date and text', () => {
    const bare = { ...vest, link: null };

    expect(merged([bare, { ...bare, id: 'b', summary: 'Short' }])).toEqual(['a', 'b']);
    expect(merged([bare, { ...bare, id: 'b' }])).toEqual(['b']);
  });
});

describe('chapters of a serial with equal title, date and text', () => {
  const chapter = (n: number, published = date): Partial<Entry> => ({
    ...vest,
    id: `chapter-${n}`,
    link: url(`chapter-${n}`),
    published,
  });
  const other = (n: number) => chapter(n, `2026-03-1${n}T09:00:00Z`);

  it('become one if the title appears at two dates', () => {
    expect(merged([chapter(1), chapter(2), other(3)])).toEqual(['chapter-2', 'chapter-3']);
  });

  it('stay distinct by page if the title appears at three dates', () => {
    expect(merged([chapter(1), chapter(2), other(3), other(4)])).toHaveLength(4);
  });

  it('stay distinct if the feed showed the title at other dates before', () => {
    expect(merged([chapter(1), chapter(2)], [other(3), other(4)])).toHaveLength(2);
  });
});

describe('the remaining twin', () => {
  const below = { ...vest, id: 'z', link: url('z'), title: 'Below', summary: 'Below' };

  it("is the last one, in the first one's position", () => {
    expect(merged([vest, below, { ...vest, id: 'b' }])).toEqual(['b', 'z']);
  });

  it("is the first of two runs of one edition, in the last one's position", () => {
    const secondRun = { ...vest, summary: 'Second run', link: url('b') };
    const kept = mergeTwins(
      [vest, below, secondRun].map((one) => identify(entryOf(one), null)),
      [],
    );

    expect(kept.map(({ entry }) => entry?.link)).toEqual([below.link, vest.link]);
  });
});

const anyEntry = fc.record({
  id: fc.constantFrom(null, 'a', 'b', url('vest')),
  link: fc.constantFrom(null, url('vest'), url('other')),
  title: fc.constantFrom(null, 'One', 'Two'),
  summary: fc.constantFrom(null, 'Short', longText),
  published: fc.constantFrom(null, date, '2026-03-11T09:00:00Z'),
});

describe('merging', () => {
  const identified = fc
    .array(anyEntry, { maxLength: 12 })
    .map((all) => all.map((one) => identify(entryOf(one), null)));

  it('keeps a subset of the entries, each once and unchanged', () => {
    fc.assert(
      fc.property(identified, (entries) => {
        const kept = mergeTwins(entries, []);

        expect(new Set(kept).size).toBe(kept.length);
        for (const one of kept) expect(entries).toContain(one);
        expect(kept.length > 0).toBe(entries.length > 0);
      }),
    );
  });

  it('is idempotent', () => {
    fc.assert(
      fc.property(identified, (entries) => {
        const kept = mergeTwins(entries, []);

        expect(mergeTwins(kept, [])).toEqual(kept);
      }),
    );
  });

  it('leaves entries with three different titles unchanged', () => {
    const entries = [vest, { ...vest, title: 'Two' }, { ...vest, title: 'Three' }].map((one) =>
      identify(entryOf(one), null),
    );

    expect(mergeTwins(entries, [])).toEqual(entries);
  });
});

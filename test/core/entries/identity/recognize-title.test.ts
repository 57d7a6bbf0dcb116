import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identify } from '../../../../lib/core/entries/identity/identified-entry.ts';
import { recognize } from '../../../../lib/core/entries/identity/recognize.ts';
import { oldestInOrder } from '../../../../lib/core/entries/list-order.ts';
import type { KnownFacts } from '../../../../lib/core/entries/memory/known-entries.ts';
import { knownOf } from '../../../support/candidates.ts';
import { entryOf } from '../../../support/entries.ts';
import {
  another,
  at,
  type Case,
  isPresent,
  known,
  longText,
  noGuid,
  otherText,
  read,
  type Shown,
  slidOut,
} from './recognize-case.ts';

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

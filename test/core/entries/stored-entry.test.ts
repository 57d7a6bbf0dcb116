import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../lib/core/entries/entry.ts';
import { rowTitle, storedEntryId, toStoredEntry } from '../../../lib/core/entries/stored-entry.ts';
import { renderPost, renderStored } from '../../../lib/core/posts/render-post.ts';
import { feedOf, story } from '../../support/entries.ts';
import { randomOf } from '../../support/random.ts';

const kept = (given: Partial<Entry>): Entry => toStoredEntry(story(1, given)).entry;
const address = (length: number, n = 0): string => `https://example.com/${n}/`.padEnd(length, 'a');
const files = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ url: address(100, n), type: null, length: null }));
const words = (length: number) => 'word '.repeat(length / 5);

describe('a stored entry', () => {
  it('is complete for an ordinary entry', () => {
    const entry = story(1, { content: words(5_000), categories: ['news'], images: [address(100)] });

    expect(toStoredEntry(entry, { feedTitle: 'Newsroom', mediaIds: [1] })).toEqual({
      entry,
      feedTitle: 'Newsroom',
      mediaIds: [1],
    });
  });

  it.each<[string, Partial<Entry>, (entry: Entry) => unknown, number]>([
    ['a long title', { title: words(10_000) }, ({ title }) => title?.length, 2_000],
    ['a long summary', { summary: words(100_000) }, ({ summary }) => summary?.length, 20_000],
    ['a long content', { content: words(100_000) }, ({ content }) => content?.length, 20_000],
    ['a long author', { author: words(1_000) }, ({ author }) => author?.length, 200],
    ['a long category', { categories: [words(1_000)] }, ({ categories }) => categories[0]?.length, 200],
    ['many categories', { categories: Array(300).fill('a') }, ({ categories }) => categories.length, 200],
    ['many pictures', { images: files(30).map(({ url }) => url) }, ({ images }) => images.length, 10],
    ['many files', { enclosures: files(30) }, ({ enclosures }) => enclosures.length, 20],
  ])('with %s is limited in size', (_, given, measured, limit) => {
    const size = measured(kept(given));

    expect(size).toBeLessThanOrEqual(limit);
    expect(size).toBeGreaterThan(limit - 10);
  });

  it.each<[string, Partial<Entry>, Partial<Entry>]>([
    ['link', { link: address(8_193) }, { link: null }],
    ['link in letters of two bytes', { link: `https://x.example/${'é'.repeat(4_096)}` }, { link: null }],
    ['id', { id: address(8_193) }, { id: null }],
    ['picture', { image: address(9_000), images: [address(9_000)] }, { image: null, images: [] }],
    [
      'video',
      { video: { ...files(1)[0], url: address(9_000), durationS: null } as Entry['video'] },
      { video: null },
    ],
  ])(
    'drops a %s longer than servers accept, because a shortened one leads elsewhere',
    (_, given, expected) => {
      expect(kept(given)).toMatchObject(expected);
      expect(kept({ link: address(8_192) }).link).toHaveLength(8_192);
    },
  );

  it('contains no lone surrogates', () => {
    for (let length = 1_990; length < 2_010; length++)
      expect(kept({ title: `${'a'.repeat(length)}👩‍👩‍👧 bag` }).title?.isWellFormed()).toBe(true);
    expect(kept({ title: 'a \ud800 b' }).title).toBe('a \ufffd b');
    for (let length = 290; length < 310; length++) {
      const title = rowTitle(story(1, { title: `${'a'.repeat(length)}🎒 bag` })) ?? '';
      expect(title.isWellFormed()).toBe(true);
      expect(title.length).toBeLessThanOrEqual(300);
    }
  });

  it('fits into a DynamoDB item for any entry', () => {
    const random = randomOf(1);
    const noise = (length: number, from: number, to: number) =>
      Array.from({ length }, () => String.fromCharCode(from + Math.floor(random() * (to - from)))).join('');
    const text = noise(40_000, 0x4e00, 0x9fff);
    const urls = Array.from({ length: 30 }, () => noise(8_192, 0x21, 0x7e));

    const entry = toStoredEntry(
      story(1, {
        ...{ id: urls[0] ?? '', link: urls[1] ?? '', image: urls[2] ?? '', images: urls },
        ...{ title: text, summary: text, content: noise(40_000, 0x4e00, 0x9fff), author: text },
        categories: Array.from({ length: 200 }, () => noise(200, 0x4e00, 0x9fff)),
        enclosures: urls.map((url) => ({ url: url.toUpperCase(), type: null, length: null })),
      }),
      { feedTitle: text },
    );

    expect(deflateRawSync(JSON.stringify(entry)).length).toBeLessThan(400 * 1024 - 1_000);
  });

  it('renders the same post as the whole entry, up to the TikTok limit', () => {
    const templates = [
      '{{ title }}',
      '{{ content }}',
      '{{ summary | sentence }} {{ link }}',
      '{{ feed }}: {{ author }}',
    ];
    const texts = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3_000 });

    fc.assert(
      fc.property(fc.constantFrom(...templates), texts, texts, (caption, title, content) => {
        const entry = story(1, { title: title.slice(0, 1_000).toWellFormed(), content, author: 'Ada' });
        const feed = feedOf({ caption });
        expect(renderStored(feed, toStoredEntry(entry, { feedTitle: 'Newsroom' }))).toEqual(
          renderPost(feed, entry, { feedTitle: 'Newsroom' }),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('the ID of a stored entry', () => {
  it('is the same for the same entry and row, and different for any other', () => {
    const ids = [
      storedEntryId('entry-a', toStoredEntry(story(1))),
      storedEntryId('entry-b', toStoredEntry(story(1))),
      storedEntryId('entry-a', toStoredEntry(story(2))),
      storedEntryId('entry-a', toStoredEntry(story(1), { feedTitle: 'Newsroom' })),
      storedEntryId('entry-a', toStoredEntry(story(1), { mediaIds: [1] })),
    ];

    expect(storedEntryId('entry-a', toStoredEntry(story(1)))).toBe(ids[0]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^kept-[\w-]{28}$/);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalId,
  canonicalLink,
  type IdentityScope,
  normalizedTitle,
  readDocument,
} from '../../lib/core/identity.ts';
import { entryOf, story } from '../support/entries.ts';

const scope: IdentityScope = { feed: 'newsroom', brand: 144, dedupe: 'brand', paired: false };
const keysOf = (entry = story(1), over: Partial<IdentityScope> = {}) =>
  readDocument([entry], { ...scope, ...over }).sightings[0]?.keys;

describe('a canonical link', () => {
  it.each([
    ['http://example.com/a', 'https://example.com/a', 'the scheme'],
    ['https://EXAMPLE.com/a', 'https://example.com/a', "the host's case"],
    ['https://example.com:443/a', 'https://example.com/a', 'the default port'],
    ['https://example.com/a#top', 'https://example.com/a', 'a fragment'],
    ['https://example.com/a/', 'https://example.com/a', 'a trailing slash'],
    ['https://example.com/?utm_source=rss&utm_medium=feed', 'https://example.com', 'utm parameters'],
    ['https://example.com/a?fbclid=1&gclid=2&id=3', 'https://example.com/a?id=3', 'click ids'],
    ['https://example.com/a?b=2&a=1', 'https://example.com/a?a=1&b=2', 'the order of the query'],
    [' https://example.com/a\n', 'https://example.com/a', 'white space around it'],
  ])('takes %s for %s: %s does not count', (one, other) => {
    expect(canonicalLink(one)).toBe(canonicalLink(other));
  });

  it.each([
    ['https://example.com/a', 'https://example.com/b'],
    ['https://example.com/post/1', 'https://example.com/post/12'],
    ['https://example.com/a?id=1', 'https://example.com/a?id=2'],
    ['https://example.com/A', 'https://example.com/a'],
    ['https://www.example.com/a', 'https://example.com/a'],
    ['https://example.com:8443/a', 'https://example.com/a'],
    ['https://example.com/a?utm=1', 'https://example.com/a'],
  ])('keeps %s and %s apart', (one, other) => {
    expect(canonicalLink(one)).not.toBe(canonicalLink(other));
  });

  it.each([
    null,
    '',
    'about:blank',
    'mailto:desk@example.com',
    'tag:example.com,2026:1',
    '/relative',
    'https://',
  ])('is none for %j', (link) => {
    expect(canonicalLink(link)).toBeNull();
  });

  it('is its own canonical form', () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (url) => {
        const once = canonicalLink(url);

        expect(canonicalLink(`https://${once}`)).toBe(once);
      }),
    );
  });
});

it('keeps the fragment of an id, since the entries of a changelog differ in nothing else', () => {
  expect(canonicalId('https://example.com/changes#v2')).not.toBe(
    canonicalId('https://example.com/changes#v1'),
  );
  expect(canonicalId('http://example.com/changes/#v1')).toBe(canonicalId('https://example.com/changes#v1'));
});

it('leaves an id that is no address as it is, but for white space around it', () => {
  expect(canonicalId('  tag:example.com,2026:A/ ')).toBe('tag:example.com,2026:A/');
  expect(canonicalId('   ')).toBeNull();
});

it('takes titles for one that differ in case, width or white space', () => {
  expect(normalizedTitle('  Ｓummer\n Drop ')).toBe('summer drop');
  expect(normalizedTitle(' \u00a0 ')).toBeNull();
});

describe('the keys of an entry', () => {
  it('are its own by guid, and one for its page', () => {
    expect(keysOf()).toEqual([
      expect.stringMatching(/^guid-[\w-]{28}$/),
      expect.stringMatching(/^page-[\w-]{28}$/),
    ]);
  });

  it('tell guids apart that share their last 64 characters', () => {
    const tail = 'x'.repeat(64);

    expect(keysOf(story(1, { id: `1${tail}` }))?.[0]).not.toBe(keysOf(story(1, { id: `2${tail}` }))?.[0]);
  });

  it.each([
    ['the title', story(1, { title: 'Story one, corrected' }), { own: true, page: false }],
    ['the link', story(1, { link: 'https://www.example.com/moved' }), { own: true, page: false }],
    ['the guid', story(1, { id: 'regenerated' }), { own: false, page: true }],
    ['the summary', story(1, { summary: 'Corrected' }), { own: true, page: true }],
  ])('survive a change of %s as far as they do not depend on it', (_, changed, same) => {
    const [own, page] = keysOf() ?? [];

    const [ownNow, pageNow] = keysOf(changed) ?? [];

    expect({ own: own === ownNow, page: page === pageNow }).toEqual(same);
  });

  it('join the same page in two feeds of a brand, but neither of two brands nor where dedupe is the feed', () => {
    const page = keysOf()?.[1];

    expect(keysOf(story(1), { feed: 'products' })?.[1]).toBe(page);
    expect(keysOf(story(1), { brand: 7 })?.[1]).not.toBe(page);
    expect(keysOf(story(1), { feed: 'products', dedupe: 'feed' })?.[1]).not.toBe(page);
  });

  it('fall back to the link, then to a hash of title, date and content', () => {
    expect(keysOf(story(1, { id: null }))?.[0]).toMatch(/^guid-/);
    expect(keysOf(entryOf({ title: 'Only a title' }))).toEqual([expect.stringMatching(/^text-/)]);
    expect(keysOf(entryOf({ title: 'Only a title' }))).not.toEqual(
      keysOf(entryOf({ title: 'Only a title', published: '2026-01-01T00:00:00.000Z' })),
    );
  });
});

describe('a document', () => {
  it('voids a guid that two different entries bear, and knows them by their pages', () => {
    const { sightings, twins } = readDocument([story(1, { id: 'same' }), story(2, { id: 'same' })], scope);

    expect(twins).toBe(0);
    expect(sightings.map(({ keys }) => keys)).toEqual([
      [expect.stringMatching(/^page-/)],
      [expect.stringMatching(/^page-/)],
    ]);
    expect(sightings[0]?.keys[0]).not.toBe(sightings[1]?.keys[0]);
  });

  it('does not take entries for one that all link to one page', () => {
    const link = 'https://www.example.com/changelog';
    const { sightings } = readDocument([story(1, { link, id: null }), story(2, { link, id: null })], scope);

    expect(new Set(sightings.map(({ keys }) => keys[0])).size).toBe(2);
  });

  it('counts an entry that it lists twice once', () => {
    const { sightings, twins } = readDocument([story(1), story(2), story(1)], scope);

    expect(sightings).toHaveLength(2);
    expect(twins).toBe(1);
  });

  it('gives two sightings the same own key only where title, date and content are the same', () => {
    const anEntry = fc.record({
      id: fc.constantFrom(null, 'a', 'b', 'https://e.com/1'),
      link: fc.constantFrom(null, 'https://e.com/1', 'https://e.com/2'),
      title: fc.constantFrom(null, 'A', 'B'),
      content: fc.constantFrom(null, 'x', 'y'),
    });
    fc.assert(
      fc.property(fc.array(anEntry, { maxLength: 12 }), (list) => {
        const { sightings, twins } = readDocument(
          list.map((one) => entryOf(one)),
          scope,
        );

        const texts = Map.groupBy(sightings, ({ keys }) => keys[0]);
        const told = (one: (typeof sightings)[number]) =>
          JSON.stringify([one.entry.title, one.entry.content]);
        expect(sightings.length + twins).toBe(list.length);
        for (const bearers of texts.values()) expect(new Set(bearers.map(told)).size).toBe(1);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../../lib/core/entries/entry.ts';
import { normalizeEntry } from '../../../../lib/core/entries/identity/facts.ts';
import { identify } from '../../../../lib/core/entries/identity/identified-entry.ts';
import {
  guidKey,
  type KeyScope,
  keyOfStory,
  type LedgerKeys,
  ledgerKeys,
  linkKey,
  storyBytes,
  storyOfKey,
} from '../../../../lib/core/entries/identity/ledger-keys.ts';
import type { FormerRules } from '../../../../lib/core/entries/identity/rules-version.ts';
import { sharedFacts } from '../../../../lib/core/entries/identity/shared-facts.ts';
import { allKeys, identifyAll, keysOf } from '../../../support/candidates.ts';
import { entryOf, story } from '../../../support/entries.ts';

const one = story(1);
const queried = { ...one, link: `${one.link}?p=1` };
const noGuid = { ...one, id: null };

const kinds = ({ conditional }: LedgerKeys) => conditional.map(({ kind }) => kind);
const common = (a: LedgerKeys, b: LedgerKeys): string[] => {
  const theirs = new Set(b.conditional.map(({ key }) => key));
  return [
    ...(a.own === b.own ? ['own'] : []),
    ...a.conditional.filter(({ key }) => theirs.has(key)).map(({ kind }) => kind),
  ];
};

describe('the keys of an entry', () => {
  it.each<[string, Entry, string[]]>([
    ['with guid, link, title and date', one, ['guid-and-title', 'page-and-title', 'title-and-date']],
    [
      'with a query in its link',
      queried,
      ['guid-and-title', 'link-and-title', 'page-and-title', 'title-and-date'],
    ],
    [
      'with a tracking query only',
      { ...one, link: `${one.link}?utm_source=rss` },
      ['guid-and-title', 'page-and-title', 'title-and-date'],
    ],
    ['without a guid', noGuid, ['link', 'page-and-title', 'title-and-date']],
    ['without a link', { ...one, link: null }, ['guid-and-title']],
    ['without a date', { ...one, published: null }, ['guid-and-title', 'page-and-title']],
    ['dated by a day', { ...one, dayOnly: true }, ['guid-and-title', 'page-and-title']],
    [
      'without a title, with its text instead',
      { ...one, title: null },
      ['guid-and-title', 'page-and-title', 'title-and-date'],
    ],
    ['without title and text', { ...one, title: null, summary: null }, []],
    ['with only a link', entryOf({ link: one.link }), ['link']],
    ['with no facts', entryOf(), []],
  ])('include, besides its own key, for one %s', (_, entry, expected) => {
    expect(kinds(keysOf(entry))).toEqual(expected);
  });

  it('are at most five ledger rows, and one more if its feed has a webhook', () => {
    expect(allKeys(keysOf(queried))).toHaveLength(5);
    expect(keysOf(queried).pair).toBe(null);
    expect(keysOf(queried, { paired: true }).pair).toMatch(/^pair-/);
  });

  it.each<[string, Partial<KeyScope>, string[]]>([
    ['the same feed', {}, ['own', 'guid-and-title', 'page-and-title', 'title-and-date']],
    ['another feed of the brand', { feed: 'tag' }, ['guid-and-title', 'page-and-title', 'title-and-date']],
    ['a feed of another brand', { feed: 'tag', brand: 7 }, []],
    ['another feed with dedupe: feed', { feed: 'tag', dedupe: 'feed' }, []],
    ['the same feed, changed to dedupe: feed', { dedupe: 'feed' }, ['own']],
    ['the same feed of another brand', { brand: 7 }, ['own']],
  ])("in %s match the same entry's", (_, scope, expected) => {
    expect(common(keysOf(one), keysOf(one, scope))).toEqual(expected);
  });

  it.each<[string, Partial<KeyScope>]>([
    ['whatever its brand', { brand: 7 }],
    ['whatever its dedupe setting', { dedupe: 'feed' }],
  ])('lead from its link to an entry without a guid, %s', (_, scope) => {
    expect(common(keysOf(noGuid), keysOf(noGuid, scope))).toEqual(['own', 'link']);
  });

  it('join a feed and its webhook by the link alone, within that feed only', () => {
    const other = { ...one, id: 'cms-1', title: 'Other', published: null };
    const pair = keysOf(one, { paired: true }).pair;

    expect(keysOf(other, { paired: true }).pair).toBe(pair);
    expect(keysOf(one, { paired: true, feed: 'tag' }).pair).not.toBe(pair);
    expect(keysOf({ ...one, link: null }, { paired: true }).pair).toBe(null);
  });

  it.each<[string, Entry, Entry, boolean]>([
    ['the same guid', one, { ...one, link: null, title: 'Edited', summary: 'Edited', published: null }, true],
    [
      'a guid in another spelling',
      { ...one, id: 'https://www.example.com/1/' },
      { ...one, id: 'http://example.com/1' },
      true,
    ],
    ['another guid', one, { ...one, id: 'guid-2' }, false],
    ['no guids, all else equal', noGuid, noGuid, true],
    ['no guids and another text', noGuid, { ...noGuid, summary: 'Edited' }, false],
    ['no guids and another link', noGuid, { ...noGuid, link: 'https://www.example.com/2' }, false],
    ['no guids and another date', noGuid, { ...noGuid, published: null }, false],
  ])('have one own key for %s: %#', (_, a, b, expected) => {
    expect(keysOf(a).own === keysOf(b).own).toBe(expected);
  });

  it('are distinct for any entry', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.webUrl({ withQueryParameters: true }), (id, title, link) => {
        const keys = [...allKeys(keysOf({ ...one, id, title, link }, { paired: true }))];

        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  it('do not depend on where one fact ends and the next begins', () => {
    const key = (feed: string, id: string) => keysOf({ ...one, id }, { feed }).own;

    expect(key('a', 'bc')).not.toBe(key('ab', 'c'));
  });

  it.each([
    ['its guid', keysOf(one).own, guidKey('newsroom', ' guid-1 ')],
    [
      'its link',
      keysOf(noGuid).conditional[0]?.key,
      linkKey('newsroom', 'http://example.com/1/?utm_medium=rss'),
    ],
    ['an empty guid', null, guidKey('newsroom', ' ')],
    ['an invalid link', null, linkKey('newsroom', 'tag:a.example,2026:1')],
  ])('are found by %s alone', (_, expected, found) => {
    expect(found).toBe(expected);
  });
});

describe('a fact shared by two entries in a document', () => {
  const keysIn = (entries: Entry[], scope: Partial<KeyScope> = {}) =>
    identifyAll(entries, scope).map(({ keys }) => keys);

  it.each<[string, Entry, string[]]>([
    ['guid', { ...story(2), id: one.id }, ['page-and-title', 'title-and-date']],
    [
      'page and title',
      { ...story(2), link: one.link, title: one.title },
      ['guid-and-title', 'title-and-date'],
    ],
    [
      'title and date',
      { ...story(2), title: one.title, published: one.published },
      ['guid-and-title', 'page-and-title'],
    ],
    ['link alone', { ...story(2), link: one.link }, ['guid-and-title', 'page-and-title', 'title-and-date']],
    [
      'title alone',
      { ...story(2), title: one.title },
      ['guid-and-title', 'page-and-title', 'title-and-date'],
    ],
  ])('is not used as a key: %s', (_, other, expected) => {
    const [first] = keysIn([one, other]) as [LedgerKeys];

    expect(kinds(first)).toEqual(expected);
  });

  it('is not used as a link key or pair without guids', () => {
    const [first] = keysIn([noGuid, { ...story(2), id: null, link: one.link }], { paired: true }) as [
      LedgerKeys,
    ];

    expect(kinds(first)).not.toContain('link');
    expect(first.pair).toBe(null);
  });

  it('is not used as the own key if it is the guid', () => {
    const [first, second] = keysIn([one, { ...story(2), id: one.id }]) as [LedgerKeys, LedgerKeys];

    expect(new Set([first.own, second.own, keysOf(one).own]).size).toBe(3);
    expect(first.own).toBe(keysOf(noGuid).own);
  });
});

describe("a story in a feed's memory", () => {
  it('converts its own key to 21 bytes and back', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (id, feed) => {
        const { own } = keysOf({ ...one, id }, { feed });

        expect(storyOfKey(own)).toHaveLength(storyBytes);
        expect(keyOfStory(storyOfKey(own))).toBe(own);
      }),
    );
  });
});

describe('a release that changed an identity rule', () => {
  /** Hypothetical former rules: `www.` was significant, and so was case in titles. */
  const before: FormerRules = {
    version: 0,
    normalize: (entry, feedTitle) => {
      const normal = normalizeEntry(entry, feedTitle);
      return { ...normal, guid: entry.id, title: entry.title };
    },
  };
  const scope: KeyScope = { feed: 'newsroom', brand: 144, dedupe: 'brand', paired: false };
  const keysBy = (entry: Entry, former: readonly FormerRules[]) => {
    const identified = identify(entry, null);
    return ledgerKeys(identified, scope, sharedFacts([identified.facts]), former);
  };
  const entry = { ...one, id: 'https://www.example.com/1' };

  it('also looks up by the former rules, and writes by its own', () => {
    const keys = keysBy(entry, [before]);

    expect(keys.former).toHaveLength(1);
    expect(keys.own).toBe(keysBy(entry, []).own);
    expect(keysBy(entry, []).former).toEqual([]);
  });

  it('has other keys even where the rules agree, because the version is part of each key', () => {
    const same: FormerRules = { version: 0, normalize: normalizeEntry };

    expect(keysBy(entry, [same]).former).not.toEqual([keysBy(entry, []).own]);
  });

  it('finds entries by the key they were written with', () => {
    const [bare] = keysBy({ ...entry, id: 'https://example.com/1' }, [before]).former;
    const [www] = keysBy(entry, [before]).former;

    expect(bare).not.toBe(www);
    expect(keysBy({ ...entry, id: 'https://example.com/1' }, []).own).toBe(keysBy(entry, []).own);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifyFeed } from '../../../../lib/adapters/feeds/parse/identify-feed.ts';
import type { ReadBefore } from '../../../../lib/core/entries/identity/identified-entry.ts';
import { contentType, readTwice, twoVersions } from '../../../support/broken-feeds.ts';

const item = (n: number | string, more = '') =>
  `<item><guid>${n}</guid><title>Story ${n}</title><link>/news/${n}</link>${more}</item>`;
const rss = (inside: string, attributes = '') =>
  `<rss version="2.0"${attributes}><channel><title>News</title><link>https://publisher.example/</link>\n${inside}\n</channel></rss>`;
const list = (...numbers: (number | string)[]) => rss(numbers.map((n) => item(n)).join('\n'));
const atomEntry = (n: number) =>
  `<entry><id>urn:${n}</id><title>Story ${n}</title><link href="/news/${n}"/></entry>`;
const atom = (inside: string, author = 'Ann') =>
  `<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><author><name>${author}</name></author>${inside}</feed>`;
const rdfItem = (n: number) =>
  `<item rdf:about="https://publisher.example/${n}"><title>Story ${n}</title></item>`;
const rdf = (inside: string) =>
  `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>News</title><items><rdf:Seq/></items></channel>${inside}</rdf:RDF>`;
const json = (numbers: number[], title = 'News') =>
  JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title,
    items: numbers.map((n) => ({ id: String(n), title: `Story ${n}`, url: `/news/${n}` })),
  });

type Given = string | Uint8Array;
type Sent = { text: Given; url?: string; type?: string | null };
const sent = (given: Given | Sent): Sent =>
  typeof given === 'string' || given instanceof Uint8Array ? { text: given } : given;

const identified = (given: Given | Sent, before: ReadBefore | null = null) => {
  const { text, url = 'https://publisher.example/feed', type = null } = sent(given);
  return identifyFeed({ bytes: Buffer.from(text as string), contentType: type, url }, before);
};

const memoryOf = async (given: Given | Sent): Promise<ReadBefore | null> => {
  const { entries, readAs } = await identified(given);
  const rawHashes = entries.flatMap((one) => ('unread' in one ? [] : (one.raw?.hash ?? [])));
  return readAs === null ? null : { readAs, rawHashes: new Set(rawHashes) };
};

/** The titles of the entries that are read of the second document, and how many are not. */
const readAfter = async (first: Given | Sent, second: Given | Sent) => {
  const { entries } = await identified(second, await memoryOf(first));
  return {
    read: entries.flatMap((one) => ('unread' in one ? [] : one.entry.title)),
    unread: entries.filter((one) => 'unread' in one).length,
  };
};

describe('of a changed document', () => {
  const doctype = '<!DOCTYPE rss [<!ENTITY co "Harbour">]>';
  const latin = (text: string) => Buffer.from(`<?xml version="1.0" encoding="iso-8859-1"?>${text}`, 'latin1');

  it.each<[string, Given | Sent, Given | Sent, { read: string[]; unread: number }]>([
    [
      'nothing is read when only the build date has changed',
      rss(`${item(1)}<lastBuildDate>Mon</lastBuildDate>`),
      rss(`${item(1)}<lastBuildDate>Tue</lastBuildDate>`),
      { read: [], unread: 1 },
    ],
    ['a new entry is read', list(2, 1), list(3, 2, 1), { read: ['Story 3'], unread: 2 }],
    ['an edited entry is read', list(2, 1), list(2, '1 '), { read: ['Story 1'], unread: 1 }],
    ['deleted entries leave the others unread', list(3, 2, 1), list(3, 1), { read: [], unread: 2 }],
    ['reordered entries are not read', list(3, 2, 1), list(1, 3, 2), { read: [], unread: 3 }],
    [
      'entries of Atom are not read',
      atom(atomEntry(1)),
      atom(atomEntry(2) + atomEntry(1)),
      { read: ['Story 2'], unread: 1 },
    ],
    [
      'entries of RSS 1.0 are not read',
      rdf(rdfItem(1)),
      rdf(rdfItem(2) + rdfItem(1)),
      { read: ['Story 2'], unread: 1 },
    ],
    ['items of a JSON Feed are not read', json([1]), json([2, 1]), { read: ['Story 2'], unread: 1 }],
    [
      'entries in another charset are not read',
      latin(rss(item('Künstler'))),
      latin(rss(item('für') + item('Künstler'))),
      { read: ['Story für'], unread: 1 },
    ],
    [
      'a known entry in another charset is not read',
      latin(list('Künstler')),
      { text: list('Künstler'), type: 'text/xml; charset=utf-8' },
      { read: [], unread: 1 },
    ],
    [
      'comments between entries are no reason to read them',
      list(2, 1),
      rss(`${item(3)}<!-- ad -->${item(2)}${item(1)}`),
      { read: ['Story 3'], unread: 2 },
    ],
    [
      'comments after known entries and at the end are no reason to read them',
      list(2, 1),
      rss(`${item(3)}${item(2)}<!-- </item> -->\n<!-- ad -->${item(1)}<!-- cached -->`),
      { read: ['Story 3'], unread: 2 },
    ],
    [
      'a text of Atom about RSS items is no reason to read the others',
      atom(atomEntry(1)),
      atom(
        `<entry><id>urn:2</id><title>How to</title><content><![CDATA[</item>]]></content></entry>${atomEntry(1)}`,
      ),
      { read: ['How to'], unread: 1 },
    ],
  ])('%s', async (_, first, second, outcome) => {
    expect(await readAfter(first, second)).toEqual(outcome);
  });

  it.each<[string, Given | Sent, Given | Sent]>([
    ['namespaces above its entries change', rss(item(1)), rss(item(1), ' xmlns:dc="http://x.example/"')],
    ['a base above its entries changes', rss(item(1)), rss(item(1), ' xml:base="https://other.example/"')],
    ['its address changes', list(1), { text: list(1), url: 'https://other.example/feed' }],
    ["the feed's title changes", list(1), list(1).replace('News', 'Other news')],
    ["a JSON Feed's title changes", json([1]), json([1], 'Other news')],
    ["the feed's link changes", list(1), list(1).replace('publisher.example/<', 'publisher.example/a<')],
    ["the feed's author changes", atom(atomEntry(1)), atom(atomEntry(1), 'Ben')],
    ['it declares entities', doctype + list(1), doctype + list(1)],
    ['the entry is in a comment', list(1), rss(`${item(2)}<!-- ${item(1)} -->`)],
    [
      'the entry is quoted in another',
      list(1),
      rss(`<item><title>A</title><description><![CDATA[${item(1)}]]></description></item>`),
    ],
    ['the entry is in another', list(1), rss(`<item><title>A</title>${item(1)}</item>`)],
    ['an element before the entry is not closed', list(1), rss(`<description>Open ${item(1)}${item(2)}`)],
    ['it ends with a known entry', list(1), list(1).replace(/\n<\/channel>.*/, '')],
  ])('everything is read when %s', async (_, first, second) => {
    const { entries } = await identified(second);

    expect(await readAfter(first, second)).toMatchObject({ unread: 0, read: { length: entries.length } });
  });

  it('everything is read when it was last read by other rules', async () => {
    const memory = (await memoryOf(list(1))) as ReadBefore;
    const { entries } = await identified(list(1), { ...memory, readAs: '0'.repeat(16) });

    expect(entries).toMatchObject([{ entry: { title: 'Story 1' } }]);
  });

  it('more than 5,000 entries are never known by their raw', async () => {
    const many = list(...Array.from({ length: 5_001 }, (_, n) => n));

    expect((await identified(many)).readAs).toBeNull();
    expect((await readAfter(list(1, 2), many)).unread).toBe(0);
  });
});

it('a broken document has the same outcome whether it is read as a whole or in part', async () => {
  let unread = 0;
  await fc.assert(
    fc.asyncProperty(twoVersions, contentType, async (versions, type) => {
      const found = await readTwice(versions, type);
      unread += found.unread;

      expect(found.inPart).toEqual(found.whole);
    }),
    { numRuns: 150 },
  );
  expect(unread).toBeGreaterThan(50);
});

import { describe, expect, test } from 'vitest';
import { readFeed } from '../../../../lib/adapters/feeds/parse/read-feed.ts';

const read = async (text: string, url = 'https://publisher.example/feed.xml') => {
  const { entries } = await readFeed({ bytes: Buffer.from(text), contentType: null, url });
  return entries.map(({ link, images }) => [link, ...images]);
};

const atom = ({ feed = '', entry = '', content = '' }) =>
  `<feed xmlns="http://www.w3.org/2005/Atom"${feed}><entry${entry}><id>urn:1</id><link href="sails"/><content type="html"${content}>&lt;img src="pic.jpg"> Hi</content></entry></feed>`;
const base = (address: string) => ` xml:base="${address}"`;
const at = (folder: string, ofContent = folder) => [
  [`https://publisher.example/${folder}sails`, `https://publisher.example/${ofContent}pic.jpg`],
];

describe("xml:base is resolved against the enclosing base, and finally against the document's address", () => {
  test.each<[string, string, string[][]]>([
    ['nowhere', atom({}), at('')],
    ['on the feed', atom({ feed: base('news/') }), at('news/')],
    ['on the entry', atom({ entry: base('2026/11/') }), at('2026/11/')],
    ['on the content', atom({ content: base('img/') }), at('', 'img/')],
    [
      'on all three',
      atom({ feed: base('news/'), entry: base('2026/'), content: base('img/') }),
      at('news/2026/', 'news/2026/img/'),
    ],
    ['from the root', atom({ feed: base('/a/b/'), entry: base('/c/') }), at('c/')],
    ['one level up', atom({ feed: base('a/b/'), entry: base('../') }), at('a/')],
    [
      'on the text of an item',
      `<rss><channel><item xml:base="x/"><link>sails</link><description>&lt;img src="pic.jpg"></description></item></channel></rss>`,
      at('x/'),
    ],
    ['an absolute one', atom({ entry: base('https://publisher.example/abs/') }), at('abs/')],
    ['an invalid one', atom({ feed: base('news/'), entry: base('http://[') }), at('news/')],
    [
      'one that is too long',
      atom({ feed: base('news/'), entry: base(`${'a'.repeat(5_000)}/`) }),
      at('news/'),
    ],
  ])('%s', async (_, text, expected) => {
    expect(await read(text)).toEqual(expected);
  });

  test('relative addresses stay relative in a document without an address', async () => {
    expect(await read(atom({ entry: base('2026/') }), '')).toEqual([['sails', 'pic.jpg']]);
  });
});

import { describe, expect, test } from 'vitest';
import { readFeed } from '../../../../lib/adapters/feeds/parse/read-feed.ts';

const HOUR = 3_600_000;
const hintsOf = async (channel: string) => {
  const text = `<rss xmlns:s="http://purl.org/rss/1.0/modules/syndication/"><channel><title>x</title>${channel}</channel></rss>`;
  return (await readFeed({ bytes: Buffer.from(text), contentType: null, url: '' })).hints;
};

test.each([
  ['<ttl>60</ttl>', HOUR],
  ['<ttl> 90 </ttl>', 1.5 * HOUR],
  ['<ttl>0</ttl>', null],
  ['<ttl>-5</ttl>', null],
  ['<ttl>soon</ttl>', null],
  ['<ttl>99999999</ttl>', null],
  ['<s:updatePeriod>daily</s:updatePeriod>', 24 * HOUR],
  ['<s:updatePeriod>Hourly</s:updatePeriod><s:updateFrequency>4</s:updateFrequency>', HOUR / 4],
  ['<s:updateFrequency>2</s:updateFrequency>', 12 * HOUR],
  ['<s:updatePeriod>fortnightly</s:updatePeriod>', null],
  ['<s:updatePeriod>hourly</s:updatePeriod><s:updateFrequency>0</s:updateFrequency>', HOUR],
  ['<ttl>120</ttl><s:updatePeriod>hourly</s:updatePeriod>', 2 * HOUR],
  ['', null],
])('%s sets %j ms between polls', async (channel, ttlMs) => {
  expect(await hintsOf(channel)).toEqual({ ttlMs, skipHours: [], skipDays: [] });
});

test('skipHours and skipDays keep valid values, each once', async () => {
  const hints = await hintsOf(
    '<skipHours><hour>5</hour><hour>24</hour><hour>05</hour><hour>-1</hour><hour>25</hour><hour>noon</hour></skipHours>' +
      '<skipDays><day>sunday</day><day>Sat</day><day>Caturday</day></skipDays>',
  );

  expect(hints).toEqual({ ttlMs: null, skipHours: [5, 0], skipDays: [0, 6] });
});

describe('the hub', () => {
  const atomLink = (rest: string) => `<a:link xmlns:a="http://www.w3.org/2005/Atom" ${rest}/>`;
  const feedAt = 'https://www.example.com/feed.xml';
  const hubIn = async (text: string) =>
    (await readFeed({ bytes: Buffer.from(text), contentType: null, url: feedAt })).hints.hub;
  const rss = (channel: string) => `<rss version="2.0"><channel><title>x</title>${channel}</channel></rss>`;
  const json = (hubs: unknown) =>
    JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: 'x', items: [], hubs });

  test.each([
    ['an Atom link in RSS', rss(atomLink('rel="hub" href="https://hub.example/"')), 'https://hub.example/'],
    ['a relative address', rss(atomLink('rel="hub" href="/hub"')), 'https://www.example.com/hub'],
    [
      'a link in Atom',
      '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><link rel="self" href="https://www.example.com/a"/><link rel="hub" href="https://hub.example/"/></feed>',
      'https://hub.example/',
    ],
    [
      'a JSON Feed',
      json([
        { type: 'rssCloud', url: 'https://a.example/' },
        { type: 'WebSub', url: 'https://hub.example/' },
      ]),
      'https://hub.example/',
    ],
    [
      'the first of two',
      rss(['one', 'two'].map((host) => atomLink(`rel="hub" href="https://${host}.example/"`)).join('')),
      'https://one.example/',
    ],
  ])('is read from %s', async (_, text, hub) => {
    expect(await hubIn(text)).toBe(hub);
  });

  test.each([
    ['another relation', rss(atomLink('rel="self" href="https://www.example.com/feed.xml"'))],
    ['another protocol', rss(atomLink('rel="hub" href="ftp://hub.example/"'))],
    ['a script', rss(atomLink('rel="hub" href="javascript:alert(1)"'))],
    ['a very long address', rss(atomLink(`rel="hub" href="https://hub.example/${'x'.repeat(500)}"`))],
    ['an odd list of hubs', json('https://hub.example/')],
  ])('is absent with %s', async (_, text) => {
    expect(await hubIn(text)).toBeUndefined();
  });
});

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import FeedParser from 'feedparser';
import { parseFeed } from 'feedsmith';
import RssParser from 'rss-parser';

const text = (bytes) => new TextDecoder().decode(bytes);

const itemsOf = ({ format, feed }) => (format === 'atom' ? feed.entries : feed.items) ?? [];

/** What feedsmith calls an entry differs by format; this is the least that a caller would do about it. */
const readFeedsmith = (item) => ({ title: item.title?.value ?? item.title ?? item.dc?.titles?.[0] });

/** By name: bytes to a list of entries with their titles, each library as its README shows it. Throws as it does. */
export const parsers = {
  'rss-parser': async (bytes) => (await new RssParser().parseString(text(bytes))).items,
  feedsmith: async (bytes) => itemsOf(parseFeed(text(bytes))).map(readFeedsmith),
  feedparser: async (bytes) => {
    const items = [];
    await pipeline(Readable.from([Buffer.from(bytes)]), new FeedParser(), async (read) => {
      for await (const item of read) items.push(item);
    });
    return items;
  },
};

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import FeedParser from 'feedparser';
import { parseFeed } from 'feedsmith';
import RssParser from 'rss-parser';

const text = (bytes) => new TextDecoder().decode(bytes);

const itemsOf = ({ format, feed }) => (format === 'atom' ? feed.entries : feed.items) ?? [];

/** feedsmith's name for an entry differs by format; this is the minimum that a caller would do about it. */
const readFeedsmith = (item) => ({ title: item.title?.value ?? item.title ?? item.dc?.titles?.[0] });

/** By name: from bytes to entries with titles, using each library as in its README. Throws like it. */
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

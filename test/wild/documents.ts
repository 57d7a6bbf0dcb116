import { readFeed } from '../../lib/adapters/feeds/parse/read-feed.ts';
import type { ParseFeed } from '../../lib/core/ports.ts';
import { entryOf } from '../support/entries.ts';
import type { Response } from './behaviour.ts';
import type { Listed } from './site.ts';

/** The title of every feed; entry titles may end with it. */
const siteName = 'Example';

const encoder = new TextEncoder();

const dateIn = ({ date, dayOnly }: Listed): string | undefined => {
  if (date === null) return undefined;
  const iso = new Date(date).toISOString();
  return dayOnly ? iso.slice(0, 10) : iso;
};

const jsonItem = (entry: Listed) => ({
  id: entry.guid ?? undefined,
  url: entry.link ?? undefined,
  title: entry.title ?? undefined,
  content_text: entry.text || undefined,
  date_published: dateIn(entry),
  authors: [{ name: String(entry.story) }],
});

const jsonFeed = (entries: Listed[]): string =>
  JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: siteName,
    items: entries.map(jsonItem),
  });

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const element = (name: string, text: string | null | undefined) =>
  text ? `<${name}>${escaped(text)}</${name}>` : '';

const rssItem = (entry: Listed): string =>
  `<item>${[
    entry.guid && `<guid isPermaLink="false">${escaped(entry.guid)}</guid>`,
    element('link', entry.link),
    element('title', entry.title),
    entry.date === null ? '' : element('pubDate', new Date(entry.date).toUTCString()),
    element('dc:creator', String(entry.story)),
    element('content:encoded', entry.text),
  ].join('')}</item>\n`;

const rssHead = `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>${siteName}</title>\n`;

/** An RSS document that ends in the middle of the last entry's text. */
const brokenRss = (entries: Listed[], last: Listed): string => {
  const item = rssItem(last);
  return rssHead + entries.map(rssItem).join('') + item.slice(0, item.lastIndexOf('</content') - 10);
};

/** How entries are transferred: what a server sends, and how it is read. */
export type Documents = {
  write: (response: Response) => { bytes: Uint8Array; contentType: string };
  /** If missing, the world's own parser, which accepts entries as they are. */
  read?: ParseFeed;
};

/**
 * Real documents through the real parser: a JSON Feed whose author is the story number, or RSS if it is truncated.
 */
export const realDocuments: Documents = {
  write: ({ entries, brokenOffIn }) =>
    brokenOffIn
      ? { bytes: encoder.encode(brokenRss(entries, brokenOffIn)), contentType: 'application/rss+xml' }
      : { bytes: encoder.encode(jsonFeed(entries)), contentType: 'application/feed+json' },
  read: readFeed,
};

/** RSS, which every poller can read; `dc:creator` is the story number. */
export const rssDocuments: Documents = {
  write: ({ entries, brokenOffIn }) => ({
    bytes: encoder.encode(
      brokenOffIn
        ? brokenRss(entries, brokenOffIn)
        : `${rssHead}${entries.map(rssItem).join('')}</channel></rss>`,
    ),
    contentType: 'application/rss+xml',
  }),
  read: readFeed,
};

/** Entries that are already parsed, whatever their links and dates. */
export const readEntries: Documents = {
  write: ({ entries }) => {
    const read = entries.map(({ story, guid, link, title, date, text }) =>
      entryOf({
        ...{ id: guid, link, title, content: text || null, author: String(story) },
        published: date === null ? null : new Date(date).toISOString(),
      }),
    );
    return { bytes: encoder.encode(JSON.stringify(read)), contentType: 'application/json' };
  },
};

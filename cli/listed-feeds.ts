import { isIP } from 'node:net';
import * as v from 'valibot';
import { bare, blockList } from '../lib/adapters/feeds/http/address-guard.ts';
import { FeedUrl } from '../lib/core/config/file/feeds-file.ts';
import { permanent } from '../lib/core/errors.ts';
import { feedIdFor } from './feed-id.ts';
import type { NewFeed } from './feeds-yaml.ts';
import { type OpmlFeed, readOpml } from './opml.ts';

/** The feeds of a list that can be added, and why the others cannot. */
export type Listed = { feeds: NewFeed[]; skipped: { url: string; reason: string }[] };

/** The feeds of an OPML text; throws permanent `opml.unreadable`, `opml.empty`. */
export const readList = (text: string, name: string): OpmlFeed[] => {
  const feeds = readOpml(text);
  if (feeds === null)
    throw permanent(
      'opml.unreadable',
      `${name} is not OPML. Export the feeds from your feed reader as OPML.`,
    );
  if (feeds.length === 0)
    throw permanent('opml.empty', `${name} has no feeds. Each feed needs an outline with xmlUrl.`);
  return feeds;
};

/** Some feed readers write `feed:` addresses. */
const addressOf = (url: string): string =>
  url.replace(/^feed:(\/\/)?(?=https?:)/i, '').replace(/^feed:/i, 'http:');

/** Skips feeds that are already listed and invalid addresses, and gives IDs to the rest. */
export const listFeeds = (
  list: readonly OpmlFeed[],
  { ids, urls }: { ids: Iterable<string>; urls: Iterable<string> },
  brandId?: number,
): Listed => {
  const [takenIds, takenUrls] = [new Set(ids), new Set(urls)];
  const listed: Listed = { feeds: [], skipped: [] };
  for (const { url: written, title } of list) {
    const url = addressOf(written);
    const { issues } = v.safeParse(FeedUrl, url);
    const reason = takenUrls.has(url) ? 'already in feeds.yml' : issues?.[0].message;
    if (reason !== undefined) {
      listed.skipped.push({ url, reason });
      continue;
    }
    const id = feedIdFor({ title, url }, takenIds);
    takenIds.add(id);
    takenUrls.add(url);
    listed.feeds.push({ id, url, title, brandId });
  }
  return listed;
};

const privateAddresses = blockList(
  ...['10.0.0.0/8', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '::1/128', 'fc00::/7'],
);

const privateNames = /(^|\.)(localhost|local|lan|internal|home\.arpa)\.?$/i;

/** Whether an address looks private; other names may lead to a private address as well. */
export const looksPrivate = (url: string): boolean => {
  const host = bare(URL.parse(url)?.hostname ?? '');
  const family = isIP(host);
  if (family === 0) return privateNames.test(host);
  return privateAddresses.check(host, family === 6 ? 'ipv6' : 'ipv4');
};

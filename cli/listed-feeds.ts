import { isIP } from 'node:net';
import * as v from 'valibot';
import { bare, blockList } from '../lib/adapters/feeds/http/address-guard.ts';
import { FeedUrl } from '../lib/core/config/file/feeds-file.ts';
import { permanent } from '../lib/core/errors.ts';
import { feedIdFor } from './feed-id.ts';
import type { NewFeed } from './feeds-yaml.ts';
import { type OpmlFeed, readOpml } from './opml.ts';

/** The feeds of a list that can be added, and why the others cannot. */
export type Listed = { feeds: NewFeed[]; skipped: { url: string; why: string }[] };

/** The feeds of an OPML text; throws permanent `opml.unreadable`, `opml.empty`. */
export const readList = (text: string, name: string): OpmlFeed[] => {
  const feeds = readOpml(text);
  if (feeds === null)
    throw permanent(
      'opml.unreadable',
      `${name} is no OPML: export the list of feeds from your reader as OPML`,
    );
  if (feeds.length === 0)
    throw permanent('opml.empty', `${name} names no feed: an outline with xmlUrl is wanted for each`);
  return feeds;
};

/** What feeds.yml calls by a web address, some readers call `feed:`. */
const addressOf = (url: string): string =>
  url.replace(/^feed:(\/\/)?(?=https?:)/i, '').replace(/^feed:/i, 'http:');

/** Sorts out what is there already or is no address, and gives ids to the rest. */
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
    const why = takenUrls.has(url) ? 'is in feeds.yml already' : issues?.[0].message;
    if (why !== undefined) {
      listed.skipped.push({ url, why });
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

/** Whether an address is in one's own network by its very looks; a name may lead there all the same. */
export const looksPrivate = (url: string): boolean => {
  const host = bare(URL.parse(url)?.hostname ?? '');
  const family = isIP(host);
  if (family === 0) return privateNames.test(host);
  return privateAddresses.check(host, family === 6 ? 'ipv6' : 'ipv4');
};

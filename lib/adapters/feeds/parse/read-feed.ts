import * as v from 'valibot';
import type { Feed } from '../../../core/entries/entry.ts';
import { AppError } from '../../../core/errors.ts';
import { parseJson } from '../../../core/text/parse-json.ts';
import { boundEntries } from './bound-entry.ts';
import { decodeText } from './decode-text.ts';
import { FEED_FIELDS } from './feed-fields.ts';
import { findRoot } from './find-root.ts';
import { authorOfFeed, mapEntry, publishedOf } from './map-entry.ts';
import { mapHints } from './map-hints.ts';
import { linkOf } from './map-links.ts';
import { newest } from './newest.ts';
import { type Fields, readFields } from './read-fields.ts';
import { JsonFeed, readJsonFeed } from './read-json-feed.ts';
import { lineOf } from './read-text.ts';
import {
  type Refused,
  refuseBrokenJson,
  refuseEmpty,
  refuseJson,
  refusePage,
  refuseTruncated,
  refuseUnknown,
  refuseUnreadable,
  refuseXml,
} from './refuse.ts';
import { type FeedRoot, type TidyFeed, tidyXml } from './tidy-xml.ts';
import { localName } from './xml-names.ts';

export type FeedDocument = { bytes: Uint8Array; contentType: string | null; url: string };

const ATOM_03 = /purl\.org\/atom\/ns/i;
const ATOM = /www\.w3\.org\/2005\/atom|purl\.org\/atom\/ns/i;

const namespacesOf = ({ attributes }: TidyFeed['root']): string =>
  [...attributes]
    .filter(([key]) => key.startsWith('xmlns'))
    .map(([, uri]) => uri)
    .join(' ');

const formatOf = (root: TidyFeed['root'], core: FeedRoot['core']): string => {
  const { name, attributes } = root;
  const namespaces = namespacesOf(root);
  const version = attributes.get('version')?.trim() ?? '';
  if (core === 'atom') return ATOM_03.test(namespaces) || version === '0.3' ? 'atom 0.3' : 'atom 1.0';
  if (localName(name) === 'rdf') return /\/simple\/0\.9/.test(namespaces) ? 'rss 0.90' : 'rss 1.0';
  if (/rss1\.1/.test(namespaces)) return 'rss 1.1';
  return /^\d[\d.]{0,8}$/.test(version) ? `rss ${version}` : 'rss';
};

/** A document as text, with the feed that it contains. */
type FeedText = Refused & ({ kind: 'xml'; root: FeedRoot } | { kind: 'json'; json: JsonFeed });
export type XmlText = Extract<FeedText, { kind: 'xml' }>;

/** A feed with its inherited author, and the document as it was read. */
export type XmlFeed = { feed: Feed; author: string | null; tidy: TidyFeed };

/** Entries that were left out of a document: how many, and where tags follow them. */
type LeftOut = { count: number; seams: readonly number[] };

const nothingLeftOut: LeftOut = { count: 0, seams: [] };

/** Reads an XML feed. Throws `feed.*`. */
export const readXmlFeed = async (document: XmlText, { count, seams } = nothingLeftOut): Promise<XmlFeed> => {
  const { root } = document;
  const base = URL.canParse(document.url) ? document.url : null;
  const tidy = tidyXml(document.text, root, base, seams);
  if (!tidy.complete && tidy.entries + count === 0) throw refuseTruncated(document);
  const { feed, entries } = await readFields(tidy);
  // other formats also have a <feed>, with none of our fields in it
  const tellsNothing = entries.length + count === 0 && feed(...FEED_FIELDS).length === 0;
  if (root.core === 'atom' && tellsNothing && !ATOM.test(namespacesOf(tidy.root))) {
    throw refuseXml(tidy.root.name, document);
  }
  const { core } = root;
  const author = authorOfFeed(feed, core);
  const inherited = { core, base, author };
  const bound = boundEntries();
  const mapped = (entry: Fields) => bound(mapEntry(entry, inherited));
  const read: Feed = {
    format: formatOf(tidy.root, core),
    title:
      feed('title', 'dc:title')
        .map((field) => lineOf(field, core))
        .find(Boolean) ?? null,
    link: linkOf(feed, inherited),
    entries: newest(entries.slice(0, tidy.entries), publishedOf).map(mapped),
    complete: tidy.complete,
    truncated: tidy.truncated === 'no' ? 0 : 1,
    fragments: entries.slice(tidy.entries).map(mapped),
    hints: mapHints(feed, inherited),
  };
  return { feed: read, author, tidy };
};

const openJson = (document: Refused): JsonFeed => {
  let json: unknown;
  try {
    json = parseJson(document.text.trim());
  } catch (cause) {
    if (/"https?:\/\/(?:www\.)?jsonfeed\.org\/version\//.test(document.text.slice(0, 10_000)))
      throw refuseBrokenJson(document, cause);
    throw refuseUnknown(document);
  }
  const feed = v.safeParse(JsonFeed, json);
  if (!feed.success) throw refuseJson(document);
  return feed.output;
};

/** Finds the feed in a document. Throws `feed.*`. */
export const openFeed = (document: Refused): FeedText => {
  const start = /[^\s\ufeff\0]/.exec(document.text)?.[0];
  if (start === undefined) throw refuseEmpty(document);
  if (start === '{' || start === '[') return { ...document, kind: 'json', json: openJson(document) };
  const found = findRoot(document.text);
  if (found.kind === 'feed') return { ...document, kind: 'xml', root: found.root };
  if (found.kind === 'html') throw refusePage(document);
  throw found.kind === 'xml' ? refuseXml(found.name, document) : refuseUnknown(document);
};

/** Any other parsing error, such as a text longer than the runtime supports, is permanent `feed.unreadable`. */
export const refusing = async <T>(reading: () => Promise<T>): Promise<T> => {
  try {
    return await reading();
  } catch (error) {
    throw error instanceof AppError ? error : refuseUnreadable(error);
  }
};

export const textOf = ({ bytes, contentType, url }: FeedDocument): Refused => ({
  text: decodeText(bytes, contentType),
  contentType,
  url,
});

/** Parses a document in this thread, whatever its size; see `parseFeed`. */
export const readFeed = (document: FeedDocument): Promise<Feed> =>
  refusing(async () => {
    const opened = openFeed(textOf(document));
    return opened.kind === 'json' ? readJsonFeed(opened.json, opened.url) : (await readXmlFeed(opened)).feed;
  });

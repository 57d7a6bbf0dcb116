import type { Entry, Feed } from '../../../core/entries/entry.ts';
import {
  type IdentifiedEntry,
  type IdentifiedFeed,
  identify,
  type ReadBefore,
  withRaw,
} from '../../../core/entries/identity/identified-entry.ts';
import { AppError } from '../../../core/errors.ts';
import { utf8Of } from './decode-text.ts';
import { leaveOut, type Seam } from './leave-out.ts';
import { MAX_BASE, MAX_ENTRIES, staysWithinTotals } from './limits.ts';
import { rawHash } from './raw-hash.ts';
import {
  type FeedDocument,
  openFeed,
  readXmlFeed,
  refusing,
  textOf,
  type XmlFeed,
  type XmlText,
} from './read-feed.ts';
import { type JsonFeed, openJsonFeed } from './read-json-feed.ts';

/**
 * The version of everything that leads from an entry's raw text to its facts. A release that reads any entry to other
 * facts increments it, so that every entry is read once more.
 */
export const readingVersion = 1;

type Listed = IdentifiedFeed['entries'][number];

/** A hash of everything outside of an entry that its reading depends on. */
const readingOf = (url: string, { title, link }: Feed, ...more: unknown[]): string =>
  rawHash(JSON.stringify([readingVersion, url, title, link, ...more]));

const identified = (entry: Entry, { title }: Feed, raw: string | null): IdentifiedEntry =>
  withRaw(identify(entry, title), raw);

/** Null if an entry depends on more than its extent and its place, or may be dropped from too many. */
const xmlReading = ({ root, url }: XmlText, { feed, author, tidy }: XmlFeed): string | null =>
  tidy.place === null || root.declared.size > 0 || tidy.extents.length > MAX_ENTRIES
    ? null
    : readingOf(url, feed, tidy.place, author);

const xmlEntries = ({ text }: XmlText, { feed, tidy }: XmlFeed, readAs: string | null): IdentifiedEntry[] =>
  feed.entries.map((entry, at) => {
    const extent = readAs === null ? null : tidy.extents[at];
    return identified(entry, feed, extent ? rawHash(text.slice(extent.start, extent.end)) : null);
  });

const wholeXml = async (document: XmlText): Promise<IdentifiedFeed> => {
  const read = await readXmlFeed(document);
  const readAs = xmlReading(document, read);
  return { ...read.feed, entries: xmlEntries(document, read, readAs), readAs };
};

/** The entries that were read, and those left out at each seam where they are listed. */
const joined = (read: readonly Listed[], seams: readonly Seam[], places: readonly number[]): Listed[] => {
  let from = 0;
  const parts = seams.map(({ rawHashes }, i) => {
    const before = read.slice(from, places[i]);
    from = places[i] ?? from;
    return [...before, ...rawHashes.map((unread) => ({ unread }))];
  });
  return [...parts.flat(), ...read.slice(from)];
};

/** Reads what is not known of an XML feed; null if that cannot be certain to have the same result as reading all. */
const restOfXml = async (
  { contentType, url, bytes }: FeedDocument,
  { readAs, rawHashes }: ReadBefore,
): Promise<IdentifiedFeed | null> => {
  const utf8 = utf8Of(bytes, contentType);
  if (!staysWithinTotals(utf8.length, Math.max(url.length, utf8.includes(':base') ? MAX_BASE : 0)))
    return null;
  const rest = leaveOut(utf8, (raw) => rawHashes.has(raw));
  if (rest === null) return null;
  const document = openFeed({ text: rest.text, contentType, url });
  if (document.kind === 'json') return null;
  const count = rest.seams.reduce((sum, seam) => sum + seam.rawHashes.length, 0);
  const read = await readXmlFeed(document, { count, seams: rest.seams.map(({ at }) => at) });
  const isSame = xmlReading(document, read) === readAs && read.tidy.extents.length + count <= MAX_ENTRIES;
  if (!isSame || read.tidy.seams === null) return null;
  const entries = joined(xmlEntries(document, read, readAs), rest.seams, read.tidy.seams);
  return { ...read.feed, entries, readAs };
};

/** A refusal may be due to what was left out. */
const unlessRefused = async (reading: Promise<IdentifiedFeed | null>): Promise<IdentifiedFeed | null> => {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
};

/** A JSON document is parsed at once; its items are read only if they are not known. */
const jsonFeed = (
  json: JsonFeed,
  { bytes, url }: FeedDocument,
  before: ReadBefore | null,
): IdentifiedFeed => {
  const { feed, author, items } = openJsonFeed(json, url);
  const readAs = readingOf(url, feed, author);
  const rawHashes =
    before?.readAs === readAs && staysWithinTotals(bytes.length, url.length) ? before.rawHashes : null;
  const entries = items.map(({ item, read }): Listed => {
    const raw = rawHash(JSON.stringify(item));
    return rawHashes?.has(raw) ? { unread: raw } : identified(read(), feed, raw);
  });
  return { ...feed, entries, readAs };
};

const isJson = (bytes: Uint8Array): boolean => {
  const first = bytes.find((byte) => byte > 0x20);
  return first === 0x7b || first === 0x5b;
};

/**
 * Parses a document like `readFeed` and identifies its entries. Those whose raw text is known from a document that was
 * read the same way are not read; the result is otherwise the same. A document whose entries cannot be told apart with
 * certainty is read as a whole.
 */
export const identifyFeed = (
  document: FeedDocument,
  before: ReadBefore | null = null,
): Promise<IdentifiedFeed> =>
  refusing(async () => {
    const rest = before && !isJson(document.bytes) ? await unlessRefused(restOfXml(document, before)) : null;
    if (rest) return rest;
    const opened = openFeed(textOf(document));
    return opened.kind === 'json' ? jsonFeed(opened.json, document, before) : wholeXml(opened);
  });

import { hash } from 'node:crypto';
import * as v from 'valibot';
import { shorten } from '../captions/shorten.ts';
import { Entry } from './entry.ts';
import { MAX_ADDRESS_BYTES } from './normalize/normalize-link.ts';

/** The content a post is made from, besides the settings of its feed or webhook: everything available to a template. */
export const StoredEntry = v.object({
  entry: Entry,
  /** As in the document; null for a delivery. */
  feedTitle: v.nullable(v.string()),
  /** Media from a delivery, which replace those in feeds.yml. */
  mediaIds: v.nullable(v.array(v.number())),
});
export type StoredEntry = v.InferOutput<typeof StoredEntry>;

const MAX_TITLE = 2_000;
const MAX_TEXT = 20_000;
const MAX_LABEL = 200;
const MAX_CATEGORIES = 200;
const MAX_PICTURES = 10;
const MAX_FILES = 20;

/** Length of the title in a row itself. */
const MAX_ROW_TITLE = 300;

const cut = (text: string | null, limit: number): string | null =>
  text === null ? null : shorten(text.toWellFormed(), limit, '') || null;

/** An ID or address is useless when cut, so it is dropped. */
const whole = (text: string | null): string | null =>
  text !== null && Buffer.byteLength(text) > MAX_ADDRESS_BYTES ? null : text;

const withoutLong = <T extends { url: string }>(file: T | null): T | null =>
  file === null || whole(file.url) === null ? null : file;

const boundedEntry = (entry: Entry): Entry => ({
  ...entry,
  id: whole(entry.id),
  link: whole(entry.link),
  title: cut(entry.title, MAX_TITLE),
  summary: cut(entry.summary, MAX_TEXT),
  content: cut(entry.content, MAX_TEXT),
  author: cut(entry.author, MAX_LABEL),
  categories: entry.categories.slice(0, MAX_CATEGORIES).flatMap((category) => cut(category, MAX_LABEL) ?? []),
  image: whole(entry.image),
  images: entry.images.filter((url) => whole(url) !== null).slice(0, MAX_PICTURES),
  video: withoutLong(entry.video),
  enclosures: entry.enclosures.filter((file) => withoutLong(file) !== null).slice(0, MAX_FILES),
});

/**
 * The part of an entry that is stored and used for its post from the beginning, so that rendering again with the same
 * settings gives the same post. In UTF-16 units: a title of 2,000, summary and content of 20,000 each, all cut between
 * graphemes; 10 pictures, 20 files, 200 categories. An address over 8,192 bytes is dropped.
 */
export const toStoredEntry = (
  entry: Entry,
  { feedTitle = null, mediaIds = null }: Partial<Omit<StoredEntry, 'entry'>> = {},
): StoredEntry => ({ entry: boundedEntry(entry), feedTitle: cut(feedTitle, MAX_TITLE), mediaIds });

/** The note in an entry's row about a link that is not stored; undefined if nothing was left out. */
export const leftOut = (entry: Entry, { entry: { link } }: StoredEntry): string | undefined =>
  entry.link !== null && link === null
    ? `its link is longer than ${MAX_ADDRESS_BYTES} bytes and was left out`
    : undefined;

/**
 * The ID of a row's stored entry. It depends on the content, so that of two concurrent writers neither overwrites what
 * the other's row refers to.
 */
export const storedEntryId = (key: string, kept: StoredEntry): string =>
  `kept-${hash('sha256', JSON.stringify([key, kept]), 'base64url').slice(0, 28)}`;

/** An entry's title as stored in its row. */
export const rowTitle = ({ title }: Entry): string | null => cut(title, MAX_ROW_TITLE);

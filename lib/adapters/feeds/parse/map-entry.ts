import { stripBoilerplate } from '../../../core/captions/strip-boilerplate.ts';
import type { Entry } from '../../../core/entries/entry.ts';
import { oneLine } from '../../../core/text/html-text.ts';
import { cutHead } from '../../../core/text/platform-lines.ts';
import { isDay, readDate } from '../../../core/text/read-date.ts';
import { filesOf, imagesOf, videosOf } from './map-files.ts';
import { linkOf, type Place } from './map-links.ts';
import { enclosuresOf, pickVideo, seconds } from './map-media.ts';
import { youtubeKinds } from './map-youtube.ts';
import type { Field, Fields } from './read-fields.ts';
import { lineOf, readText } from './read-text.ts';

/** What an entry inherits from its document. */
type Inherited = Place & { author: string | null };

/** Reads fields in order until one has a value. */
const firstRead = (fields: readonly Field[], read: (field: Field) => string | null): string | null => {
  for (const field of fields) {
    const value = read(field);
    if (value) return value;
  }
  return null;
};

const ID = ['guid', 'id', 'about', 'atom:id', 'dc:identifier'];
const CONTENT = ['content:encoded', 'content', 'atom:content', 'xhtml:body', 'body', 'xhtml:div'];
const SUMMARY = [
  'summary',
  'description',
  'atom:summary',
  'dc:description',
  'dcterms:abstract',
  'dcterms:description',
  'itunes:summary',
  'media:description',
  'itunes:subtitle',
];
const TITLE = ['title', 'dc:title', 'dcterms:title', 'atom:title', 'itunes:title'];
const PUBLISHED = [
  'pubdate',
  'published',
  'issued',
  'atom:published',
  'atom:issued',
  'dc:date',
  'dcterms:issued',
  'dcterms:created',
  'created',
  'dcterms:date',
  'prism:publicationdate',
  'date',
];
const UPDATED = ['updated', 'modified', 'atom:updated', 'dcterms:modified'];

/** RSS has one `description` for the whole text and for a summary: it is used for both if there is no other text. */
const textsOf = (fields: Fields): [contents: readonly Field[], summaries: readonly Field[]] => {
  const contents = fields(...CONTENT);
  return [contents.length > 0 ? contents : fields('description'), fields(...SUMMARY)];
};

const dateOf = (fields: readonly Field[]): string | null => firstRead(fields, ({ text }) => readDate(text));

/** When an entry was published; when it was changed, if that is all it states. */
export const publishedOf = (fields: Fields): string | null => dateOf(fields(...PUBLISHED, ...UPDATED));

/** Whether the date that `publishedOf` reads is a day. */
const isDatedByDay = (fields: Fields): boolean => {
  const read = fields(...PUBLISHED, ...UPDATED).find(({ text }) => readDate(text) !== null);
  return read !== undefined && isDay(read.text);
};

const distinct = (names: (string | null)[]): string[] => {
  const seen = new Map<string, string>();
  for (const name of names) {
    const key = name?.toLowerCase() ?? '';
    if (name && !seen.has(key)) seen.set(key, name);
  }
  return [...seen.values()];
};

/** Longer values are not names, and searching an address in them could take quadratic time. */
const MAX_NAME = 300;

/** `jane@example.org (Jane)`, `Jane <jane@example.org>` and `Jane` are all Jane. */
const personName = (raw: string): string => {
  if (raw.length > MAX_NAME) return raw;
  // bounded: MAX_NAME characters
  const inBrackets = /^\S+@\S+\s*\(([^()]+)\)$/.exec(raw)?.[1];
  // bounded: MAX_NAME characters
  const beforeAddress = /^([^<>()]+?)\s*[<(][^<>()\s]+@[^<>()\s]+[>)]$/.exec(raw)?.[1];
  return (inBrackets ?? beforeAddress ?? raw).trim();
};

const AUTHORS = [
  ['dc:creator', 'dcterms:creator'],
  ['author.name', 'author'],
  ['itunes:author'],
  ['atom:author.name'],
  ['dc:author', 'dc:contributor'],
  ['author.email'],
  ['source.author.name'],
];

const peopleIn = (fields: readonly Field[], core: 'rss' | 'atom'): string =>
  distinct(fields.map((field) => personName(lineOf(field, core)))).join(', ');

const authorOf = (fields: Fields, { core, author }: Inherited): string | null => {
  for (const names of AUTHORS) {
    const people = peopleIn(fields(...names), core);
    if (people !== '') return people;
  }
  const credited = fields('media:credit').filter(({ attributes }) => attributes.role === 'author');
  return peopleIn(credited, core) || author;
};

/** Atom entries without an author have the feed's (RFC 4287, 4.2.1). */
export const authorOfFeed = (feed: Fields, core: 'rss' | 'atom'): string | null =>
  core === 'atom' ? peopleIn(feed('author.name'), core) || null : null;

const categoriesOf = (fields: Fields, core: 'rss' | 'atom'): string[] =>
  distinct([
    ...fields('category', 'atom:category').map((field) => {
      const { label, term } = field.attributes;
      return term || label ? oneLine(term || label || '') : lineOf(field, core);
    }),
    ...fields('dc:subject', 'dcterms:subject', 'media:category').map((field) => lineOf(field, core)),
    ...fields('itunes:category').map(({ attributes }) => oneLine(attributes.text ?? '')),
    ...fields('itunes:keywords', 'media:keywords').flatMap(({ text }) => text.split(',').map(oneLine)),
  ]);

/**
 * Maps an entry of RSS, RDF or Atom. Of several elements with the same meaning, the first in the lists above that has a
 * value is used. `summary` is without the text appended by publishing systems; `content` keeps it.
 */
export const mapEntry = (fields: Fields, inherited: Inherited): Entry => {
  const { core } = inherited;
  const [contents, summaries] = textsOf(fields);
  const title = firstRead(fields(...TITLE), (field) => lineOf(field, core));
  const summary = firstRead(summaries, (field) => readText(field, core).text);
  const files = filesOf(fields, inherited);
  const link = linkOf(fields, inherited);
  const texts = [...contents, ...summaries];
  const all = [...files.enclosed, ...files.media];
  return {
    id: firstRead(fields(...ID), ({ text }) => text),
    link,
    title,
    summary: summary && (stripBoilerplate(cutHead(summary), title) || null),
    content: firstRead(contents, (field) => readText(field, core).text),
    author: authorOf(fields, inherited),
    categories: [...categoriesOf(fields, core), ...youtubeKinds(fields, link)],
    published: publishedOf(fields),
    updated: dateOf(fields(...UPDATED)),
    ...(isDatedByDay(fields) && { dayOnly: true }),
    ...imagesOf(fields, files, texts, inherited),
    video:
      pickVideo(all, seconds(fields('itunes:duration')[0]?.text)) ??
      pickVideo(videosOf(texts, inherited), null),
    enclosures: enclosuresOf(all),
  };
};

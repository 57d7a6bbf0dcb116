import { cutTail } from '../../core/cut-tail.ts';
import type { Entry } from '../../core/entry.ts';
import { oneLine } from '../../core/html-text.ts';
import { readDate } from '../../core/read-date.ts';
import { enclosuresOf, imagesIn, isImage, type Medium, pickVideo, positive, seconds } from './map-media.ts';
import type { Field, Fields } from './read-fields.ts';
import { lineOf, readText } from './read-text.ts';
import { isWebAddress, resolveUrl } from './resolve-url.ts';

/** What an entry inherits from the document it stands in. */
export type Inherited = { core: 'rss' | 'atom'; base: string | null; author: string | null };

const first = (values: (string | null)[]): string | null => values.find((value) => value) ?? null;

/** Reads one after the other until one tells something. */
const firstRead = (fields: Field[], read: (field: Field) => string | null): string | null => {
  for (const field of fields) {
    const told = read(field);
    if (told) return told;
  }
  return null;
};

const CONTENT = ['content:encoded', 'content', 'atom:content', 'xhtml:body', 'body', 'xhtml:div'];
const SUMMARY = [
  'summary',
  'description',
  'atom:summary',
  'dc:description',
  'itunes:summary',
  'media:description',
  'itunes:subtitle',
];
const TITLE = ['title', 'dc:title', 'atom:title', 'itunes:title'];
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
  'date',
];
const UPDATED = ['updated', 'modified', 'atom:updated', 'dcterms:modified'];

/** RSS has one `description` for the whole text and for a summary: it is both where nothing else tells the text. */
const textsOf = (fields: Fields): [contents: Field[], summaries: Field[]] => {
  const contents = fields(...CONTENT);
  return [contents.length > 0 ? contents : fields('description'), fields(...SUMMARY)];
};

const dateOf = (fields: Field[]): string | null => firstRead(fields, ({ text }) => readDate(text));

/** When an entry was published, as far as it tells; what it tells of changes counts where it tells nothing else. */
export const publishedOf = (fields: Fields): string | null => dateOf(fields(...PUBLISHED, ...UPDATED));

const distinct = (names: (string | null)[]): string[] => {
  const seen = new Map<string, string>();
  for (const name of names) {
    const key = name?.toLowerCase() ?? '';
    if (name && !seen.has(key)) seen.set(key, name);
  }
  return [...seen.values()];
};

type Link = { href: string | null; rel: string; type: string; length: string | undefined };

const linksOf = (fields: Fields, { core, base }: Inherited): Link[] =>
  fields('link', 'atom:link').map(({ text, attributes }) => ({
    href: resolveUrl(attributes.href || text || attributes.resource, attributes.base ?? base),
    // a link told by its text is RSS's own, which has no rel
    rel:
      ((core === 'atom' || attributes.href ? attributes.rel : '') || 'alternate')
        .toLowerCase()
        .split(/[/#]/)
        .at(-1) ?? '',
    type: attributes.type?.toLowerCase() ?? '',
    length: attributes.length,
  }));

const isPage = ({ type }: Link): boolean => type === '' || type.includes('html');

/** RSS 2.0: a guid is a permanent link unless it says otherwise, and then any address may be meant as one. */
const permalink = (guid: Field | undefined, base: string | null): string | null => {
  const stated = guid?.attributes.ispermalink?.toLowerCase();
  if (guid === undefined || stated === 'false') return null;
  return isWebAddress(guid.text) || stated === 'true'
    ? resolveUrl(guid.text, guid.attributes.base ?? base)
    : null;
};

const linkOf = (fields: Fields, links: Link[], base: string | null): string | null => {
  const alternates = links.filter(({ href, rel }) => href !== null && rel === 'alternate');
  const page = alternates.find(isPage) ?? alternates[0];
  if (page) return page.href;
  const ids = fields('id', 'atom:id', 'about').map(({ text }) => (isWebAddress(text) ? text : null));
  return permalink(fields('guid')[0], base) ?? first(ids);
};

/** `jane@example.org (Jane)`, `Jane <jane@example.org>` and `Jane` are all Jane. */
const personName = (raw: string): string => {
  const inBrackets = /^\S+@\S+\s*\(([^()]+)\)$/.exec(raw)?.[1];
  const beforeAddress = /^([^<>()]+?)\s*[<(][^<>()\s]+@[^<>()\s]+[>)]$/.exec(raw)?.[1];
  return oneLine(inBrackets ?? beforeAddress ?? raw);
};

const AUTHORS = [
  ['dc:creator'],
  ['author.name', 'author'],
  ['itunes:author'],
  ['atom:author.name'],
  ['dc:author', 'dc:contributor'],
  ['author.email'],
  ['source.author.name'],
];

const authorOf = (fields: Fields, { core, author }: Inherited): string | null => {
  const people = AUTHORS.map((names) =>
    distinct(fields(...names).map((field) => personName(lineOf(field, core)))),
  );
  return first(people.map((names) => names.join(', '))) ?? author;
};

const categoriesOf = (fields: Fields, core: 'rss' | 'atom'): string[] =>
  distinct([
    ...fields('category', 'atom:category').map((field) => {
      const { label, term } = field.attributes;
      return term || label ? oneLine(term || label || '') : lineOf(field, core);
    }),
    ...fields('dc:subject', 'media:category').map((field) => lineOf(field, core)),
    ...fields('itunes:category').map(({ attributes }) => oneLine(attributes.text ?? '')),
    ...fields('itunes:keywords').flatMap(({ text }) => text.split(',').map(oneLine)),
  ]);

const mediumOf = ({ attributes }: Field, base: string | null): Medium | null => {
  const url = resolveUrl(attributes.url || attributes.href || attributes.src, attributes.base ?? base);
  if (url === null) return null;
  const pixels = (positive(attributes.width) ?? 0) * (positive(attributes.height) ?? 1);
  return {
    url,
    type: attributes.type || null,
    length: positive(attributes.length) ?? positive(attributes.filesize),
    medium: attributes.medium || null,
    isDefault: attributes.isdefault === 'true',
    weight: pixels * 1e6 + (positive(attributes.bitrate) ?? 0),
    durationS: seconds(attributes.duration),
  };
};

const filesOf = (fields: Fields, base: string | null, links: Link[]) => {
  const read = (name: string) =>
    fields(name)
      .map((field) => mediumOf(field, base))
      .filter((file) => file !== null);
  const linked = links
    .filter(({ rel, href }) => rel === 'enclosure' && href !== null)
    .map(
      ({ href, type, length }): Field => ({
        name: 'link',
        text: '',
        attributes: { url: href ?? '', type, length: length ?? '' },
      }),
    )
    .map((field) => mediumOf(field, base))
    .filter((file) => file !== null);
  return {
    enclosed: [...read('enclosure'), ...linked],
    media: read('media:content'),
    thumbnails: read('media:thumbnail'),
  };
};

/**
 * One entry of RSS, RDF or Atom. Of several elements that tell the same the first of the lists above decides.
 * `image` is the first of: media:thumbnail, media:content of an image, enclosed image, itunes:image, the item's own
 * image element, the first picture in the content, the first in the summary; `images` are all of these in that order.
 */
export const mapEntry = (fields: Fields, inherited: Inherited): Entry => {
  const { core, base } = inherited;
  const links = linksOf(fields, inherited);
  const { enclosed, media, thumbnails } = filesOf(fields, base, links);
  const files = [...enclosed, ...media];
  const [contents, summaries] = textsOf(fields);
  const titles = fields(...TITLE);
  const title = firstRead(titles, (field) => lineOf(field, core));
  const content = firstRead(contents, (field) => readText(field, core).text);
  const summary = firstRead(summaries, (field) => readText(field, core).text);
  const inText = [...contents, ...summaries].flatMap((field) =>
    imagesIn(readText(field, core), field.attributes.base ?? base),
  );
  const own = fields('itunes:image', 'image', 'image.url').map(({ text, attributes }) =>
    resolveUrl(attributes.href || attributes.url || text, attributes.base ?? base),
  );
  const images = [
    ...thumbnails.map(({ url }) => url),
    ...media.filter(isImage).map(({ url }) => url),
    ...enclosed.filter(isImage).map(({ url }) => url),
    ...own.filter((url) => url !== null),
    ...inText,
  ];
  return {
    id: first(fields('guid', 'id', 'about', 'atom:id', 'dc:identifier').map(({ text }) => text)),
    link: linkOf(fields, links, base),
    title,
    summary: summary && (cutTail(summary, title) || null),
    content,
    author: authorOf(fields, inherited),
    categories: categoriesOf(fields, core),
    published: publishedOf(fields),
    updated: dateOf(fields(...UPDATED)),
    image: images[0] ?? null,
    images: [...new Set(images)],
    video: pickVideo(files, seconds(fields('itunes:duration')[0]?.text)),
    enclosures: enclosuresOf(files),
  };
};

import type { Entry } from '../core/entries/entry.ts';
import { type FieldName, fieldNames, type SourceOptions } from '../core/webhooks/source-settings.ts';
import type { IgnoredReason, Mapped } from '../core/webhooks/webhook.ts';
import { renderLink } from '../core/webhooks/webhook-expressions.ts';
import { anyText, at, isoDate, mediaIds, mediaUrl, names, plain, webUrl } from './payload.ts';
import { textOfRich } from './rich-text.ts';

/** An authentic delivery that makes no draft. */
export const ignored = (reason: IgnoredReason): Mapped => ({ kind: 'ignored', reason });

const nothing: Entry = {
  id: null,
  link: null,
  title: null,
  summary: null,
  content: null,
  author: null,
  categories: [],
  published: null,
  updated: null,
  image: null,
  images: [],
  video: null,
  enclosures: [],
};

/**
 * A publication with its fields. Ignored are entries without ID and link, which would be new with each delivery, and
 * entries without any text, which would replace the same entry of the feed.
 */
export const published = (known: Partial<Entry>, firstPublished: boolean, media?: number[]): Mapped => {
  const entry = { ...nothing, ...known, images: known.images ?? (known.image ? [known.image] : []) };
  if (entry.id === null && entry.link === null) return ignored('no-identity');
  if (entry.title === null && entry.summary === null && entry.content === null) return ignored('no-text');
  return { kind: 'published', entry, firstPublished, ...(media && { mediaIds: media }) };
};

/** Reads one of our fields from a payload; undefined or null when it has none. */
type ReadField = (name: FieldName) => unknown;

/** `values`: the variables of a link template. `first`: whether the payload states a first publication, if it does. */
type Described = { id: string | null; values: object; read: ReadField; first?: unknown };

/**
 * A publication whose fields feeds.yml describes. A delivery with an unusable link is ignored, because the feed could not
 * recognize the entry.
 */
export const publishedFromFields = (
  { id, values, read, first }: Described,
  { link, base }: SourceOptions,
): Mapped => {
  if (first === false) return ignored('update');
  const written = link === null ? read('link') : renderLink(link, { ...values, ...ours(read), id });
  const url = webUrl(written);
  if (url === null && (link !== null || plain(written) !== null)) return ignored('no-link');
  return published({ id, link: url, ...fieldsOf(read, base) }, first === true, mediaIds(read('media_ids')));
};

/** Whether a type is one of `content_types`; without them every type is. */
export const isWantedType = (type: unknown, { contentTypes }: Pick<SourceOptions, 'contentTypes'>): boolean =>
  contentTypes.length === 0 || contentTypes.includes(String(type));

/** Our fields by our names, so that a link template may use these too. */
const ours = (read: ReadField): object => {
  const held = fieldNames.map((name) => [name, read(name)] as const);
  return Object.fromEntries(held.filter(([, value]) => value !== null && value !== undefined));
};

/** Text of a rich-text document, of HTML, or plain. */
const proseOf = (value: unknown): string | null => {
  const rich = textOfRich(value);
  return rich === undefined ? anyText(value) : rich;
};

const fieldsOf = (read: ReadField, base: string | null): Partial<Entry> => {
  const video = mediaUrl(read('video'), base);
  const author = read('author');
  return {
    title: proseOf(read('title')),
    summary: proseOf(read('summary')),
    content: proseOf(read('content')),
    author: anyText(at(author, 'name') ?? author),
    categories: names(read('categories')),
    published: isoDate(read('published')),
    updated: isoDate(read('updated')),
    image: mediaUrl(read('image'), base),
    video: video === null ? null : { url: video, type: null, length: null, durationS: null },
  };
};

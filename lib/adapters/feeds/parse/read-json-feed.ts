import * as v from 'valibot';
import { stripBoilerplate } from '../../../core/captions/strip-boilerplate.ts';
import type { Entry, Feed } from '../../../core/entries/entry.ts';
import { decodeEntities } from '../../../core/text/decode-entities.ts';
import { cleanText, oneLine, readHtml } from '../../../core/text/html-text.ts';
import { cutHead } from '../../../core/text/platform-lines.ts';
import { isDay, readDate } from '../../../core/text/read-date.ts';
import { boundEntries } from './bound-entry.ts';
import { imagesIn, videosIn } from './html-media.ts';
import { MAX_LISTED } from './limits.ts';
import { enclosuresOf, isImage, type Medium, pickVideo } from './map-media.ts';
import { newest } from './newest.ts';
import { picturesOf } from './pictures.ts';
import { hubHint, isWebAddress, resolveUrl } from './resolve-url.ts';

/** A text; a value of another type counts as missing, so that one odd field does not lose the whole feed. */
const OptionalText = v.fallback(v.optional(v.string()), undefined);
const Size = v.fallback(v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))), undefined);
const Length = v.fallback(v.optional(v.pipe(v.number(), v.gtValue(0))), undefined);
/** JSON Feed requires string IDs, "and if not, a reader may coerce them". */
const Id = v.fallback(v.optional(v.pipe(v.union([v.string(), v.number()]), v.transform(String))), undefined);
const listOf = <T extends v.GenericSchema>(schema: T) =>
  v.pipe(
    v.fallback(v.array(v.unknown()), []),
    v.transform((list) => list.slice(0, MAX_LISTED)),
    v.array(v.fallback(v.nullable(schema), null as v.InferInput<v.NullableSchema<T, undefined>>)),
    v.transform((list) => list.filter((one) => one !== null)),
  );

/** A bare number is seconds or milliseconds since 1970, which `readDate` supports. */
const When = v.fallback(
  v.optional(v.pipe(v.union([v.string(), v.number()]), v.transform(String))),
  undefined,
);
/** Some feeds have only the name instead of an object. */
const Author = v.union([
  v.object({ name: OptionalText }),
  v.pipe(
    v.string(),
    v.transform((name) => ({ name })),
  ),
]);
const Attachment = v.object({
  url: OptionalText,
  mime_type: OptionalText,
  size_in_bytes: Size,
  duration_in_seconds: Length,
});

const Item = v.object({
  id: Id,
  url: OptionalText,
  external_url: OptionalText,
  title: OptionalText,
  content_html: OptionalText,
  content_text: OptionalText,
  summary: OptionalText,
  image: OptionalText,
  banner_image: OptionalText,
  date_published: When,
  date_modified: When,
  author: v.fallback(v.optional(Author), undefined),
  authors: listOf(Author),
  tags: listOf(v.string()),
  attachments: listOf(Attachment),
});
type Item = v.InferOutput<typeof Item>;

/** JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), lenient in everything but what makes it one. */
export const JsonFeed = v.object({
  version: v.pipe(v.string(), v.regex(/^https?:\/\/(?:www\.)?jsonfeed\.org\/version\/1/i)),
  title: OptionalText,
  home_page_url: OptionalText,
  author: v.fallback(v.optional(Author), undefined),
  authors: listOf(Author),
  hubs: listOf(v.object({ type: OptionalText, url: OptionalText })),
  /** Each item is validated only if it is among the newest. */
  items: v.fallback(v.array(v.unknown()), []),
});
export type JsonFeed = v.InferOutput<typeof JsonFeed>;

/** Plain text by the standard, but many publishing systems leave HTML entities in it. */
const textOf = (raw = ''): string => cleanText(decodeEntities(raw));
const lineOf = (raw = ''): string => oneLine(decodeEntities(raw));

const namesOf = ({ author, authors }: Pick<JsonFeed, 'author' | 'authors'>): string | null => {
  const people = authors.length > 0 ? authors : author ? [author] : [];
  return (
    people
      .map(({ name }) => lineOf(name))
      .filter(Boolean)
      .join(', ') || null
  );
};

const mediaOf = (item: Item, base: string | null): Medium[] =>
  item.attachments.flatMap(({ url, mime_type, size_in_bytes, duration_in_seconds }) => {
    const resolved = resolveUrl(url, base);
    if (resolved === null) return [];
    const durationS = duration_in_seconds === undefined ? null : Math.round(duration_in_seconds) || null;
    const file = { url: resolved, type: mime_type || null, length: size_in_bytes ?? null, durationS };
    return [{ ...file, medium: null, isDefault: false, weight: 0 }];
  });

const itemOf = (item: unknown): Item | null => {
  const read = v.safeParse(Item, item);
  return read.success ? read.output : null;
};

const publishedOf = (item: Item | null): string | null =>
  readDate(item?.date_published ?? '') ?? readDate(item?.date_modified ?? '');

/** Whether the date that `publishedOf` reads is a day. */
const isDatedByDay = (item: Item): boolean => {
  const dates = [item.date_published ?? '', item.date_modified ?? ''];
  const read = dates.find((text) => readDate(text) !== null);
  return read !== undefined && isDay(read);
};

/** The entry's own page; otherwise the page it is about; otherwise an ID that is an address, as 1.1 recommends. */
const linkOf = ({ id, url, external_url }: Item, base: string | null): string | null =>
  resolveUrl(url || external_url, base) ?? (id !== undefined && isWebAddress(id.trim()) ? id.trim() : null);

const mapItem = (item: Item, base: string | null, author: string | null): Entry => {
  const files = mediaOf(item, base);
  const html = readHtml(item.content_html ?? '');
  const title = lineOf(item.title) || null;
  const pictures = picturesOf([
    ...[item.image, item.banner_image].map((image) => resolveUrl(image, base)),
    ...files.filter(isImage).map(({ url }) => url),
    ...imagesIn(html, base),
  ]);
  return {
    id: item.id?.trim() || null,
    link: linkOf(item, base),
    title,
    summary: stripBoilerplate(cutHead(textOf(item.summary)), title) || null,
    content: html.text || textOf(item.content_text) || null,
    author: namesOf(item) ?? author,
    categories: [...new Set(item.tags.map(lineOf).filter(Boolean))],
    published: publishedOf(item),
    updated: readDate(item.date_modified ?? ''),
    ...(isDatedByDay(item) && { dayOnly: true }),
    ...pictures,
    video: pickVideo(files, null) ?? pickVideo(videosIn(html, base), null),
    enclosures: enclosuresOf(files),
  };
};

/** JSON Feed 1.1, `hubs`: of several protocols, WebSub is the one that is reported. */
const hubsOf = ({ hubs }: JsonFeed): (string | null)[] =>
  hubs.flatMap(({ type, url }) => (type?.toLowerCase() === 'websub' ? [url ?? null] : []));

/** An item of a feed, which is mapped to an entry when asked for. */
type JsonItem = { item: Item; read: () => Entry };

/** A validated JSON Feed whose newest items are not read yet. */
export const openJsonFeed = (
  feed: JsonFeed,
  url: string,
): { feed: Feed; author: string | null; items: JsonItem[] } => {
  const base = URL.canParse(url) ? url : null;
  const author = namesOf(feed);
  const bound = boundEntries();
  const opened: Feed = {
    format: `json feed ${/version\/(1(?:\.\d)?)/.exec(feed.version)?.[1] === '1.1' ? '1.1' : '1.0'}`,
    title: lineOf(feed.title) || null,
    link: resolveUrl(feed.home_page_url, base),
    entries: [],
    complete: true,
    truncated: 0,
    fragments: [],
    hints: { ttlMs: null, skipHours: [], skipDays: [], ...hubHint(hubsOf(feed), base) },
  };
  const items = newest(feed.items, (item) => publishedOf(itemOf(item))).flatMap((item) => itemOf(item) ?? []);
  return {
    feed: opened,
    author,
    items: items.map((item) => ({ item, read: () => bound(mapItem(item, base, author)) })),
  };
};

/** Reads a validated JSON Feed. */
export const readJsonFeed = (json: JsonFeed, url: string): Feed => {
  const { feed, items } = openJsonFeed(json, url);
  return { ...feed, entries: items.map(({ read }) => read()) };
};

import { permanent } from '../core/errors.ts';
import { htmlToText } from '../core/text/html-text.ts';
import { isPastedNothing } from '../core/text/pasted-nothing.ts';

/** The value at a path of own keys; undefined if the path does not exist. */
export const at = (value: unknown, ...path: (string | number)[]): unknown =>
  path.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null && Object.hasOwn(node, key)
        ? (node as Record<string | number, unknown>)[key]
        : undefined,
    value,
  );

/** A string, or a number as a string; null if missing, empty, or a pasted `null` or `undefined`. */
export const plain = (value: unknown): string | null => {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' || isPastedNothing(text) ? null : text;
};

/** The text of HTML. */
export const fromHtml = (value: unknown): string | null => {
  const html = plain(value);
  return html === null ? null : plain(htmlToText(html));
};

const looksLikeHtml = /<\/?[a-z][a-z\d]*(\s[^<>]*)?\/?>|&(#\d+|#x[\da-f]+|[a-z]+\d*);/i;

/** Text from a source that does not indicate whether it is HTML. */
export const anyText = (value: unknown): string | null =>
  typeof value === 'string' && looksLikeHtml.test(value) ? fromHtml(value) : plain(value);

const endsInNothing = /[/=](?:null|undefined)\/?$/;

/**
 * A normalized absolute http(s) address, relative to `base` if given; null for anything else, and for one that ends in
 * a pasted `null` or `undefined`.
 */
export const webUrl = (value: unknown, base: string | null = null): string | null => {
  const text = plain(value);
  const url = text === null ? null : URL.parse(text, base ?? undefined);
  if (url === null || endsInNothing.test(url.href)) return null;
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
};

/** The address of a picture or video: a string, an object with a `url`, or the first of a list of these. */
export const mediaUrl = (value: unknown, base: string | null): string | null => {
  const first = Array.isArray(value) ? value[0] : value;
  return webUrl(at(first, 'url') ?? first, base);
};

const zoneless = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?$/;
const zoned = /\d:\d\d(:\d\d(\.\d+)?)? ?(Z|GMT|UTC|[+-]\d\d:?\d\d)$/i;

/**
 * A date as ISO 8601 in UTC, or null. A time without a zone is read as UTC. A number is in seconds, or in milliseconds
 * if it would otherwise be after the year 5000.
 */
export const isoDate = (value: unknown): string | null => {
  const time =
    typeof value === 'number' ? epochMs(value) : typeof value === 'string' ? textMs(value.trim()) : NaN;
  return Number.isFinite(time) && Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : null;
};

const epochMs = (value: number) => (value > 1e11 ? value : value * 1000);

const textMs = (text: string): number => {
  if (/^\d{9,14}$/.test(text)) return epochMs(Number(text));
  if (zoneless.test(text)) return Date.parse(text.length === 10 ? text : `${text.replace(' ', 'T')}Z`);
  return zoned.test(text) ? Date.parse(text) : Number.NaN;
};

/**
 * Names from an object with a `name` or `title`, from a list of objects or strings, or from a comma-separated string.
 */
export const names = (value: unknown): string[] => {
  const items = typeof value === 'string' ? value.split(',') : [value].flat();
  const found = items.map((item) => anyText(item) ?? anyText(at(item, 'name')) ?? anyText(at(item, 'title')));
  return [...new Set(found.filter((name) => name !== null))];
};

/**
 * IDs of media in Dash Social's library, from a number, a string of digits, or a list of these; undefined if there are
 * none. Throws permanent `webhook.media-ids`, because a draft without its video is not what the sender wants.
 */
export const mediaIds = (value: unknown): number[] | undefined => {
  const items = (Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value])
    .map((item) => (typeof item === 'string' ? item.trim() : item))
    .filter((item) => item !== null && item !== undefined && item !== '' && !isPastedNothing(item));
  return items.length === 0 ? undefined : items.map(mediaId);
};

const mediaId = (value: unknown): number => {
  const id = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof id === 'number' && Number.isSafeInteger(id) && id >= 0) return id;
  throw permanent(
    'webhook.media-ids',
    '"media_ids" must contain IDs from Dash Social (whole numbers), but the payload contains something else.',
  );
};

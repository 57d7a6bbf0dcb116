import { atMost } from '../../../core/text/at-most.ts';
import {
  cleanText,
  type HtmlReading,
  oneLine,
  readHtml,
  withoutHiddenMail,
} from '../../../core/text/html-text.ts';
import { MAX_TEXT } from './limits.ts';
import type { Field } from './read-fields.ts';

const LOOKS_LIKE_HTML =
  /<\/[a-z][\w-]{0,20}\s?>|<(?:br|hr|img|p)\b[^<>]{0,1000}>|&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,20}\d?);/i;

type Reading = 'html' | 'plain' | 'guess' | 'base64';

const declaredType = ({ attributes }: Field): string =>
  attributes.type?.toLowerCase().split(';')[0]?.trim() ?? '';

/** In untyped Atom content or summaries these closing tags show that it is HTML, although the default type is text. */
const CLOSING_TAG = /<\/(?:p|div|a|li|ul|ol|b|i|em|strong|span|h[1-6]|blockquote|table)\s?>/i;
const LONG_TEXTS = new Set(['content', 'summary']);

/**
 * RFC 4287, 3.1.1 and 4.1.3; RSS has no types, and its texts are HTML in practice unless nothing in them looks like it.
 */
const readingOf = (field: Field, core: 'rss' | 'atom'): Reading => {
  if (field.attributes.markup !== undefined) return 'html';
  if (field.attributes.mode?.toLowerCase() === 'base64') return 'base64';
  const type = declaredType(field);
  if (type.includes('html')) return 'html';
  if (core === 'rss') return 'guess';
  if (type === '') return LONG_TEXTS.has(field.name) && CLOSING_TAG.test(field.text) ? 'html' : 'plain';
  if (type === 'text' || type === 'plain' || type === 'text/plain') return 'plain';
  return /^(?:image|audio|video|application|multipart)\/(?!.*xml$)/.test(type) ? 'base64' : 'guess';
};

/** A base64 text, as Atom allows for types other than its own; null if it is a file. */
const fromBase64 = (text: string): string | null => {
  const decoded = /^[\w+/=\s-]*$/.test(text) ? Buffer.from(text, 'base64').toString('utf8') : '\ufffd';
  return decoded.includes('\ufffd') ? null : decoded;
};

/** Typed into a form, so line breaks are intentional. */
const VERBATIM = new Set(['media:description', 'itunes:summary']);

/** Joins lines that only wrap a text; blank lines separate paragraphs. */
const unwrap = (text: string): string => {
  const clean = cleanText(text);
  return clean.includes('\n') ? clean.replace(/(?<!\n)\n(?!\n)/g, ' ') : clean;
};

const NO_TEXT: HtmlReading = { text: '', media: [] };

/** A drawing in a title is part of it, like a formula or a sign. In a text it is a picture. */
const isTitle = ({ name }: Field): boolean => name.endsWith('title');

const read = (field: Field, core: 'rss' | 'atom'): HtmlReading => {
  const reading = readingOf(field, core);
  const source = reading === 'base64' ? fromBase64(field.text) : field.text;
  if (source === null) return NO_TEXT;
  if (reading === 'html' || (reading !== 'plain' && LOOKS_LIKE_HTML.test(source)))
    return readHtml(source, isTitle(field) ? 'shown' : 'alone');
  const text = withoutHiddenMail(source);
  return { text: VERBATIM.has(field.name) ? cleanText(text) : unwrap(text), media: [] };
};

const readAtMost = (field: Field, core: 'rss' | 'atom'): HtmlReading => {
  const { text, media } = read(field, core);
  return { text: atMost(text, MAX_TEXT), media };
};

/** A field's plain text ('' if none), pictures and videos. Each field is parsed once and cached. */
export const readText = (field: Field, core: 'rss' | 'atom'): HtmlReading => {
  field.reading ??= readAtMost(field, core);
  return field.reading;
};

/** A title, name or label: the field as plain text on one line. */
export const lineOf = (field: Field, core: 'rss' | 'atom'): string => oneLine(readText(field, core).text);

import { decodeHTML } from 'entities/decode';
import { once } from '../once.ts';

// The names are those of the package `entities`; the rest is ours, because a feed is not a page: its names may be
// declared in its DOCTYPE, control characters would break what we write, and both kinds of text differ in `;`.

const IN_XML = /&(?:#(\d{1,8});?|#[xX]([0-9a-fA-F]{1,6});?|([a-zA-Z][\w.-]{0,31});)/g;
/** Some names need no semicolon in HTML text (`&copy 2020`); only HTML's own table has them. */
const IN_HTML = /&(?:#(\d{1,8});?|#[xX]([0-9a-fA-F]{1,6});?|([a-zA-Z][a-zA-Z\d]{1,31});?)/g;

const XML_NAMES = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
]);

const MAX_KNOWN = 3000;
const known = new Map(XML_NAMES);

/** What a browser shows for a named reference. */
const named = (reference: string): string => {
  const seen = known.get(reference);
  if (seen !== undefined) return seen;
  const text = decodeHTML(reference);
  if (known.size < MAX_KNOWN) known.set(reference, text);
  return text;
};

const windows1252 = once(() => new TextDecoder('windows-1252'));

/** Numbers 128–159 are windows-1252, as in HTML; control characters are removed, and invalid numbers become U+FFFD. */
const numbered = (code: number): string => {
  if ((code > 0 && code < 0x20 && code !== 9 && code !== 10 && code !== 13) || code === 0x7f) return '';
  if (code >= 0x80 && code < 0xa0) return windows1252().decode(Uint8Array.of(code));
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return '\ufffd';
  return String.fromCodePoint(code);
};

/** The entities declared by a document. */
export type Declared = Pick<ReadonlyMap<string, string>, 'get'>;

const NONE: ReadonlyMap<string, string> = new Map();

/**
 * Decodes the text of a piece of XML once: XML's five entities, numbers, the names declared in the document and,
 * because publishers forget to declare them, those of HTML. A bare `&` and an unknown name are kept.
 */
export const decodeEntities = (raw: string, declared: Declared = NONE): string => {
  if (!raw.includes('&')) return raw;
  // escaped markup is most of a feed; these replacements create no new references
  const text = raw.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"');
  return text.replace(IN_XML, (reference: string, decimal?: string, hex?: string, name?: string) => {
    if (decimal !== undefined) return numbered(Number(decimal));
    if (hex !== undefined) return numbered(Number.parseInt(hex, 16));
    return XML_NAMES.get(reference) ?? declared.get(name ?? '') ?? named(reference);
  });
};

/** Decodes the text of a piece of HTML once, as a browser does. */
export const decodeHtml = (raw: string): string => {
  if (!raw.includes('&')) return raw;
  return raw.replace(IN_HTML, (reference: string, decimal?: string, hex?: string) => {
    if (decimal !== undefined) return numbered(Number(decimal));
    return hex === undefined ? named(reference) : numbered(Number.parseInt(hex, 16));
  });
};

const DECLARATION = /<!ENTITY\s+([A-Za-z][\w.-]{0,31})\s+(?:"([^"<]{0,100})"|'([^'<]{0,100})')/g;

/**
 * The entities declared in the document's DOCTYPE. Their values are not expanded further, so a chain of them (`billion
 * laughs`) stays as short as written; long ones, which could be repeated into a large text, are not expanded at all,
 * and external ones are never read.
 */
export const declaredEntities = (prolog: string): ReadonlyMap<string, string> => {
  if (!prolog.includes('<!ENTITY')) return NONE;
  const found = [...prolog.slice(0, 100_000).matchAll(DECLARATION)].slice(0, 500);
  return new Map(
    found.map(([, name, double, single]) => [name ?? '', decodeEntities(double ?? single ?? '')]),
  );
};

import { Tokenizer } from 'htmlparser2';
import { once } from '../once.ts';

const IN_XML = /&(?:#(\d{1,8});?|#[xX]([0-9a-fA-F]{1,6});?|([a-zA-Z][\w.-]{0,31});)/g;
/** Some names end without a semicolon in HTML text (`&copy 2020`); which ones only HTML's own table knows. */
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

/** What a browser shows for a reference by name. */
const shownFor = (reference: string): string => {
  let text = '';
  const ignore = () => {};
  const tokenizer = new Tokenizer(
    {},
    {
      ontext: (from, to) => (text += reference.slice(from, to)),
      ontextentity: (codepoint) => (text += String.fromCodePoint(codepoint)),
      ...{ onattribdata: ignore, onattribentity: ignore, onattribend: ignore, onattribname: ignore },
      ...{ oncdata: ignore, onclosetag: ignore, oncomment: ignore, ondeclaration: ignore, onend: ignore },
      ...{ onopentagend: ignore, onopentagname: ignore, onselfclosingtag: ignore },
      ...{ onprocessinginstruction: ignore },
    },
  );
  tokenizer.write(reference);
  tokenizer.end();
  return text;
};

const named = (reference: string): string => {
  const seen = known.get(reference);
  if (seen !== undefined) return seen;
  const text = shownFor(reference);
  if (known.size < MAX_KNOWN) known.set(reference, text);
  return text;
};

const windows1252 = once(() => new TextDecoder('windows-1252'));

/** Numbers 128–159 mean what they mean in windows-1252, as in HTML; controls are nothing, what is no character U+FFFD. */
const numbered = (code: number): string => {
  if ((code > 0 && code < 0x20 && code !== 9 && code !== 10 && code !== 13) || code === 0x7f) return '';
  if (code >= 0x80 && code < 0xa0) return windows1252().decode(Uint8Array.of(code));
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return '\ufffd';
  return String.fromCodePoint(code);
};

/** What the names stand for that a document declares. */
export type Declared = Pick<ReadonlyMap<string, string>, 'get'>;

const NONE: ReadonlyMap<string, string> = new Map();

/**
 * The text of a piece of XML, decoded once: XML's five entities, numbers, the names that the document declares and,
 * because publishers forget to, those of HTML. A bare `&` and an unknown name stay as they stand.
 */
export const decodeEntities = (raw: string, declared: Declared = NONE): string => {
  if (!raw.includes('&')) return raw;
  // escaped markup is most of a feed; what these leave holds no reference that was not one before
  const text = raw.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"');
  return text.replace(IN_XML, (reference: string, decimal?: string, hex?: string, name?: string) => {
    if (decimal !== undefined) return numbered(Number(decimal));
    if (hex !== undefined) return numbered(Number.parseInt(hex, 16));
    return XML_NAMES.get(reference) ?? declared.get(name ?? '') ?? named(reference);
  });
};

/** The text of a piece of HTML, decoded once, as a browser would. */
export const decodeHtml = (raw: string): string => {
  if (!raw.includes('&')) return raw;
  return raw.replace(IN_HTML, (reference: string, decimal?: string, hex?: string) => {
    if (decimal !== undefined) return numbered(Number(decimal));
    return hex === undefined ? named(reference) : numbered(Number.parseInt(hex, 16));
  });
};

const DECLARATION = /<!ENTITY\s+([A-Za-z][\w.-]{0,31})\s+(?:"([^"<]{0,100})"|'([^'<]{0,100})')/g;

/**
 * Entities declared inside the document's own DOCTYPE. Their values are not expanded any further, so a chain of
 * them (`billion laughs`) stays as short as it is written; long ones, which would make much of little when repeated,
 * are not expanded at all, and external ones are never read.
 */
export const declaredEntities = (prolog: string): ReadonlyMap<string, string> => {
  if (!prolog.includes('<!ENTITY')) return NONE;
  const found = [...prolog.slice(0, 100_000).matchAll(DECLARATION)].slice(0, 500);
  return new Map(
    found.map(([, name, double, single]) => [name ?? '', decodeEntities(double ?? single ?? '')]),
  );
};

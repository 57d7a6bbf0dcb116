import { visitHtml } from '../../core/html-visit.ts';

const REFERENCE = /&(?:#(\d{1,8});?|#[xX]([0-9a-fA-F]{1,6});?|([a-zA-Z][\w.-]{0,31});)/g;
const XML_NAMES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

const htmlNames = new Map<string, string>();

/** What an HTML page means by the name; the reference itself when it means nothing. */
const htmlNamed = (name: string): string => {
  const known = htmlNames.get(name);
  if (known !== undefined) return known;
  let text = '';
  visitHtml(`&${name};`, { text: (part) => (text += part) });
  if (htmlNames.size < 3000) htmlNames.set(name, text);
  return text;
};

/** Numbers 128–159 mean what they mean in windows-1252, as in HTML; what is no character is U+FFFD. */
const numbered = (code: number): string => {
  if (code >= 0x80 && code < 0xa0) return new TextDecoder('windows-1252').decode(Uint8Array.of(code));
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return '\ufffd';
  return String.fromCodePoint(code);
};

/**
 * The text of a piece of XML, decoded once: XML's five entities, numbers, the names that the document declares and,
 * because publishers forget to, those of HTML. A bare `&` and an unknown name stay as they stand.
 */
export const decodeEntities = (raw: string, declared: ReadonlyMap<string, string>): string => {
  if (!raw.includes('&')) return raw;
  return raw.replace(REFERENCE, (_, decimal?: string, hex?: string, name?: string) => {
    if (decimal !== undefined) return numbered(Number(decimal));
    if (hex !== undefined) return numbered(Number.parseInt(hex, 16));
    const word = name ?? '';
    return XML_NAMES.get(word) ?? declared.get(word) ?? htmlNamed(word);
  });
};

const DECLARATION = /<!ENTITY\s+([A-Za-z][\w.-]{0,31})\s+(?:"([^"<]{0,1000})"|'([^'<]{0,1000})')/g;
const NONE: ReadonlyMap<string, string> = new Map();

/**
 * Entities declared inside the document's own DOCTYPE. Their values are not expanded any further, so a chain of
 * them (`billion laughs`) stays as short as it is written; external ones are never read.
 */
export const declaredEntities = (prolog: string): ReadonlyMap<string, string> => {
  if (!prolog.includes('<!ENTITY')) return NONE;
  const found = [...prolog.slice(0, 100_000).matchAll(DECLARATION)].slice(0, 500);
  return new Map(
    found.map(([, name, double, single]) => [name ?? '', decodeEntities(double ?? single ?? '', NONE)]),
  );
};

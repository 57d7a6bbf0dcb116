import { ENTRY_FIELDS, FEED_FIELDS } from './feed-fields.ts';
import { MAX_ENTRIES } from './newest.ts';

const ENTRY_PATHS: ReadonlySet<string> = new Set(ENTRY_FIELDS);
const FEED_PATHS: ReadonlySet<string> = new Set(FEED_FIELDS);

const escapeAttribute = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const writtenAttributes = (attributes: ReadonlyMap<string, string>): string => {
  let written = '';
  for (const [name, value] of attributes) written += ` ${name}="${escapeAttribute(value)}"`;
  return written;
};

/** CDATA only where it must be: rss-parser takes its marks letter by letter. */
const writtenText = (text: string): string =>
  /[<&\]]/.test(text) ? `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>` : text;

const element = (name: string, attributes: ReadonlyMap<string, string>, text: string): string => {
  const tag = `${name}${writtenAttributes(attributes)}`;
  return text === '' ? `<${tag}/>` : `<${tag}>${writtenText(text)}</${name}>`;
};

/**
 * Writes the tidy document that `readFields` reads: known fields only, side by side, as `<_0>`, `<_1>` … in the order
 * of their first appearance. Names are the dearest part of a tag to rss-parser, which tries a pattern on every letter.
 */
export const feedWriter = () => {
  const feed: string[] = [];
  const tags = new Map<string, string>();
  const entries: string[] = [];
  let entry: string[] | null = null;

  const endEntry = () => {
    if (entry !== null && entry.length > 0) entries.push(`<item>${entry.join('')}</item>`);
    // the newest stand at one end or the other, so the middle may go
    if (entries.length >= 3 * MAX_ENTRIES) entries.splice(MAX_ENTRIES, MAX_ENTRIES);
    entry = null;
  };
  const tagOf = (path: string): string => {
    const tag = tags.get(path) ?? `_${tags.size}`;
    tags.set(path, tag);
    return tag;
  };
  return {
    inEntry: () => entry !== null,
    beginEntry: () => {
      entry = [];
    },
    endEntry,
    /** The document broke off inside the entry; was anything of it read? */
    breakOff: (): boolean => {
      const before = entries.length;
      endEntry();
      return entries.length > before;
    },
    /** A field of the entry that is open, else of the feed. Unknown and empty ones are left out. */
    write: (path: string, attributes: ReadonlyMap<string, string>, raw: string) => {
      const text = raw.trim();
      if (!(entry ? ENTRY_PATHS : FEED_PATHS).has(path) || (text === '' && attributes.size === 0)) return;
      (entry ?? feed).push(element(tagOf(path), attributes, text));
    },
    entries: () => entries.length,
    /** The fields that occur, each with its tag. */
    tags: (): ReadonlyMap<string, string> => tags,
    document: () => ['<rss version="2.0"><channel>', ...feed, ...entries, '</channel></rss>'].join(''),
  };
};

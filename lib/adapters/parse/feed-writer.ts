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

/** What is told of one thing, the feed or an entry, written down. */
type Account = { paths: string[]; parts: string[] };

const newAccount = (): Account => ({ paths: [], parts: [] });

/** Will the entry be known as the same when it comes again, whole? */
const isIdentified = ({ paths }: Account): boolean =>
  ['guid', 'id', 'about'].some((id) => paths.includes(id)) ||
  (paths.includes('link') && paths.includes('title'));

/**
 * Writes the tidy document that `readFields` reads: known fields only, side by side, as `<_0>`, `<_1>` … in the order
 * of their first appearance. Names are the dearest part of a tag to rss-parser, which tries a pattern on every letter.
 */
export const feedWriter = () => {
  const feed = newAccount();
  const tags = new Map<string, string>();
  const entries: string[] = [];
  let entry: Account | null = null;

  const endEntry = () => {
    if (entry !== null && entry.parts.length > 0) entries.push(`<item>${entry.parts.join('')}</item>`);
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
      entry = newAccount();
    },
    endEntry,
    /** The document broke off inside the entry: it counts if it can be recognised. */
    breakOff: () => {
      if (entry !== null && isIdentified(entry)) endEntry();
    },
    /** A field of the entry that is open, else of the feed. Unknown and empty ones are left out. */
    write: (path: string, attributes: ReadonlyMap<string, string>, raw: string) => {
      const text = raw.trim();
      if (!(entry ? ENTRY_PATHS : FEED_PATHS).has(path) || (text === '' && attributes.size === 0)) return;
      const account = entry ?? feed;
      account.paths.push(path);
      account.parts.push(element(tagOf(path), attributes, text));
    },
    entries: () => entries.length,
    /** The fields that occur, each with its tag. */
    tags: (): ReadonlyMap<string, string> => tags,
    document: () => ['<rss version="2.0"><channel>', ...feed.parts, ...entries, '</channel></rss>'].join(''),
  };
};

import { ENTRY_FIELDS, FEED_FIELDS } from './feed-fields.ts';
import { MAX_ENTRIES } from './newest.ts';

const ENTRY_PATHS: ReadonlySet<string> = new Set(ENTRY_FIELDS);
const FEED_PATHS: ReadonlySet<string> = new Set(FEED_FIELDS);

const escapeAttribute = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const element = (path: string, attributes: ReadonlyMap<string, string>, text: string): string => {
  const written = [...attributes].map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`).join('');
  if (text === '') return `<_${path}${written}/>`;
  return `<_${path}${written}><![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]></_${path}>`;
};

/** What is told of one thing, the feed or an entry, written down. */
type Account = { paths: string[]; parts: string[] };

const newAccount = (): Account => ({ paths: [], parts: [] });

/** Will the entry be known as the same when it comes again, whole? */
const isIdentified = ({ paths }: Account): boolean =>
  ['guid', 'id', 'about'].some((id) => paths.includes(id)) ||
  (paths.includes('link') && paths.includes('title'));

/** Writes the tidy document that `readFields` reads: known fields only, as `<_name>`, side by side. */
export const feedWriter = () => {
  const feed = newAccount();
  const fields = new Set<string>();
  const entries: string[] = [];
  let entry: Account | null = null;

  const endEntry = () => {
    if (entry !== null && entry.parts.length > 0) entries.push(`<item>${entry.parts.join('')}</item>`);
    // the newest stand at one end or the other, so the middle may go
    if (entries.length >= 3 * MAX_ENTRIES) entries.splice(MAX_ENTRIES, MAX_ENTRIES);
    entry = null;
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
      fields.add(path);
      account.parts.push(element(path, attributes, text));
    },
    entries: () => entries.length,
    /** Those that occur. */
    fields: () => [...fields],
    document: () => `<rss version="2.0"><channel>${feed.parts.join('')}${entries.join('')}</channel></rss>`,
  };
};

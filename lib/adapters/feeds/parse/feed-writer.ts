import { ENTRY_FIELDS, FEED_FIELDS } from './feed-fields.ts';
import { budget, MAX_ENTRIES, MAX_LISTED, MAX_READ } from './limits.ts';

const ENTRY_PATHS: ReadonlySet<string> = new Set(ENTRY_FIELDS);
const FEED_PATHS: ReadonlySet<string> = new Set(FEED_FIELDS);

const escapeAttribute = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const writtenAttributes = (attributes: ReadonlyMap<string, string>): string => {
  let written = '';
  for (const [name, value] of attributes) written += ` ${name}="${escapeAttribute(value)}"`;
  return written;
};

/** A longer text, or one with markup, is kept aside, because rss-parser processes it letter by letter. */
const MAX_INLINE = 100;
const isInline = (text: string): boolean => text.length <= MAX_INLINE && !/[<&\]]/.test(text);

/** The source of a field: its canonical path, the attributes of its tag, and its `xml:base`. */
type Element = { path: string; attributes: ReadonlyMap<string, string>; base: string | null };

/** The fields of the feed or an entry: its elements as written, and their number per path. */
type Account = { parts: string[]; counts: Map<string, number> };

const newAccount = (): Account => ({ parts: [], counts: new Map() });

/** Where an entry begins and ends in the source. */
export type Extent = { start: number; end: number };

/** Numbers values in the order of their first use. */
const numbering = () => {
  const places = new Map<string, number>();
  return {
    placeOf: (value: string): number => {
      const place = places.get(value) ?? places.size;
      places.set(value, place);
      return place;
    },
    values: (): string[] => [...places.keys()],
  };
};

/**
 * Writes the tidy document that `readFields` parses: known fields only, side by side, as `<_0>`, `<_1>` … in the order
 * of their first appearance. Names are the most expensive part of a tag for rss-parser, which tries a pattern on every
 * letter. A base may be long and apply to all elements, so they refer to it by number, as to a long text. Throws
 * permanent `feed.too-large`.
 */
export const feedWriter = () => {
  const feed = newAccount();
  const [tags, bases] = [numbering(), numbering()];
  const texts: string[] = [];
  const entries: string[] = [];
  const extents: (Extent | null)[] = [];
  const spend = budget(MAX_READ, 'Read, the document has');
  let entry: Account | null = null;
  let entryStart: number | null = null;

  const endEntry = (end: number | null = null) => {
    if (entry !== null && entry.parts.length > 0) {
      entries.push(`<item>${entry.parts.join('')}</item>`);
      extents.push(entryStart === null || end === null ? null : { start: entryStart, end });
    }
    // the newest are at one end or the other, so the middle can be dropped
    if (entries.length >= 3 * MAX_ENTRIES)
      for (const list of [entries, extents]) list.splice(MAX_ENTRIES, MAX_ENTRIES);
    entry = null;
  };
  const written = ({ path, attributes, base }: Element, text: string): string => {
    const name = `_${tags.placeOf(path)}`;
    const tag = `${name}${writtenAttributes(attributes)}${base === null ? '' : ` base="${bases.placeOf(base)}"`}`;
    if (text === '') return `<${tag}/>`;
    return isInline(text) ? `<${tag}>${text}</${name}>` : `<${tag} kept="${texts.push(text) - 1}"/>`;
  };
  return {
    inEntry: () => entry !== null,
    /** `start`: of its extent, if that is certain. */
    beginEntry: (start: number | null) => {
      entry = newAccount();
      entryStart = start;
    },
    endEntry,
    /** The document ended inside the entry; whether any field of it was read. */
    breakOff: (): boolean => {
      const before = entries.length;
      endEntry();
      return entries.length > before;
    },
    /**
     * A field of the open entry, otherwise of the feed. Unknown and empty fields are left out, and too many of a kind.
     */
    write: (field: Element, raw: string) => {
      const text = raw.trim();
      if (!(entry ? ENTRY_PATHS : FEED_PATHS).has(field.path) || (text === '' && field.attributes.size === 0))
        return;
      const { parts, counts } = entry ?? feed;
      const count = counts.get(field.path) ?? 0;
      if (count >= MAX_LISTED) return;
      counts.set(field.path, count + 1);
      const part = written(field, text);
      spend(part.length + text.length);
      parts.push(part);
    },
    entries: () => entries.length,
    /** Of each entry; null if it is not certain. */
    extents: (): readonly (Extent | null)[] => extents,
    /** The fields that occur, each with its tag. */
    tags: (): ReadonlyMap<string, string> => new Map(tags.values().map((path, place) => [path, `_${place}`])),
    bases: (): readonly string[] => bases.values(),
    texts: (): readonly string[] => texts,
    document: () => ['<rss version="2.0"><channel>', ...feed.parts, ...entries, '</channel></rss>'].join(''),
  };
};

import Parser from 'rss-parser';
import type { HtmlReading } from '../../core/html-text.ts';
import type { TidyFeed } from './tidy-xml.ts';

/** One element: its canonical name, its text, and its attributes by name. */
export type Field = {
  name: string;
  text: string;
  attributes: Readonly<Record<string, string>>;
  /** How its text reads, once somebody has asked (read-text.ts). */
  reading: HtmlReading | null;
};

/** The elements of an entry or a feed by canonical name, each list in the order of the document. */
export type Fields = (...names: string[]) => readonly Field[];

const NO_ATTRIBUTES = {};

const fieldOf = (name: string, element: unknown): Field => {
  if (typeof element === 'string') return { name, text: element, attributes: NO_ATTRIBUTES, reading: null };
  const { _: text, $: attributes } = element as { _?: string; $?: Record<string, string> };
  return { name, text: text ?? '', attributes: attributes ?? NO_ATTRIBUTES, reading: null };
};

const NONE: readonly Field[] = [];

const fieldsOf = (record: Record<string, unknown>): Fields => {
  const known = new Map<string, readonly Field[]>();
  const read = (name: string): readonly Field[] => {
    const elements = record[name] as unknown[] | undefined;
    if (elements === undefined) return NONE;
    const fields = known.get(name) ?? elements.map((element) => fieldOf(name, element));
    known.set(name, fields);
    return fields;
  };
  return (...names) => {
    let all = NONE;
    for (const name of names) {
      const fields = read(name);
      if (fields.length > 0) all = all.length === 0 ? fields : [...all, ...fields];
    }
    return all;
  };
};

// rss-parser takes the same triples for the feed as for items; its types know only of names there.
const keepAll = (tags: TidyFeed['tags']) =>
  [...tags].map(([name, tag]) => [tag, name, { keepArray: true }]) as unknown as string[];

/**
 * Reads a tidied document (tidy-xml.ts) with rss-parser. A new parser for each: one that has met an error accepts
 * a later broken document and cuts its text. Its own reading of dates, links and HTML is never reached, because no
 * element bears a name it knows: one odd date would lose it the whole feed, and its `stripHtml` takes quadratic time.
 */
export const readFields = async ({
  xml,
  tags,
}: Pick<TidyFeed, 'xml' | 'tags'>): Promise<{ feed: Fields; entries: Fields[] }> => {
  const parser = new Parser<Record<string, unknown>, Record<string, unknown>>({
    customFields: { feed: keepAll(tags), item: keepAll(tags) },
  });
  const feed = await parser.parseString(xml);
  return { feed: fieldsOf(feed), entries: feed.items.map(fieldsOf) };
};

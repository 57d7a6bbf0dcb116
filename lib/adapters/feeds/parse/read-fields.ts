import Parser from 'rss-parser';
import type { HtmlReading } from '../../../core/text/html-text.ts';
import type { TidyFeed } from './tidy-xml.ts';

/** One element: its canonical name, its text, and its attributes by name. */
export type Field = {
  name: string;
  text: string;
  attributes: Attributes;
  /** The base of its relative addresses, if set by `xml:base`. */
  base: string | null;
  /** Its parsed text, once requested (read-text.ts). */
  reading: HtmlReading | null;
};

/** The elements of an entry or a feed by canonical name, each list in document order. */
export type Fields = (...names: string[]) => readonly Field[];

type Attributes = Readonly<Record<string, string>>;

const NO_ATTRIBUTES: Attributes = {};

const partsOf = ({ _: text, $: attributes }: { _?: string; $?: Attributes }): [string, Attributes] => [
  text ?? '',
  attributes ?? NO_ATTRIBUTES,
];

type References = Pick<TidyFeed, 'bases' | 'texts'>;

const fieldOf = (name: string, element: unknown, { bases, texts }: References): Field => {
  const [inline, attributes] =
    typeof element === 'string'
      ? [element, NO_ATTRIBUTES]
      : partsOf(element as { _?: string; $?: Attributes });
  const text = texts[Number(attributes.kept)] ?? inline;
  return { name, text, attributes, base: bases[Number(attributes.base)] ?? null, reading: null };
};

const NONE: readonly Field[] = [];

/** Few of the many requested names occur in a document, so only those are searched here. */
const fieldsOf = (
  record: Record<string, unknown>,
  occurring: readonly string[],
  references: References,
): Fields => {
  const known = new Map<string, readonly Field[]>();
  for (const name of occurring) {
    const elements = record[name] as unknown[] | undefined;
    const fields = elements?.map((element) => fieldOf(name, element, references));
    if (fields !== undefined) known.set(name, fields);
  }
  return (...names) => {
    let all = NONE;
    for (const name of names) {
      const fields = known.get(name);
      if (fields !== undefined) all = all.length === 0 ? fields : [...all, ...fields];
    }
    return all;
  };
};

// rss-parser accepts the same triples for the feed as for items; its types only allow names there.
const keepAll = (tags: TidyFeed['tags']) =>
  [...tags].map(([name, tag]) => [tag, name, { keepArray: true }]) as unknown as string[];

/**
 * Parses a tidy document (tidy-xml.ts) with rss-parser. A new parser for each, because one that has met an error
 * accepts a later broken document and cuts its text. Its own parsing of dates, links and HTML is never used, because no
 * element has a name it knows: one odd date would lose the whole feed, and its `stripHtml` takes quadratic time.
 */
export const readFields = async ({
  xml,
  tags,
  ...references
}: Pick<TidyFeed, 'xml' | 'tags' | 'bases' | 'texts'>): Promise<{ feed: Fields; entries: Fields[] }> => {
  const parser = new Parser<Record<string, unknown>, Record<string, unknown>>({
    customFields: { feed: keepAll(tags), item: keepAll(tags) },
  });
  const feed = await parser.parseString(xml);
  const occurring = [...tags.keys()];
  return {
    feed: fieldsOf(feed, occurring, references),
    entries: feed.items.map((item) => fieldsOf(item, occurring, references)),
  };
};

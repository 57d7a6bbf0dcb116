import type { FeedConfig } from '../config/config.ts';
import { didYouMean } from '../config/did-you-mean.ts';
import type { Entry } from '../entries/entry.ts';
import { withPlace } from './place-in-template.ts';
import { withoutMarks } from './settle-hashtags.ts';
import { shorten } from './shorten.ts';
import { filterNames, renderTemplate, tagNames, variablesOf } from './template.ts';
import { withUtm } from './utm.ts';

/** Longer than any caption can be; the rest of a megabyte would only cost time. */
const longestValue = 20_000;
const longestCategory = 200;
const maxCategories = 200;

const partsOf: Record<string, readonly string[] | null> = {
  title: null,
  summary: null,
  content: null,
  link: null,
  author: null,
  categories: null,
  published: null,
  image: null,
  video: ['url', 'type', 'length', 'duration'],
  feed: ['id', 'title', 'url'],
};

/** The variables available to a template. */
export const templateVariables = Object.keys(partsOf);

/** The values for one entry; every variable is defined, null if missing. */
export type TemplateValues = Record<string, unknown>;

const text = (value: string | null): string | null =>
  value === null ? null : shorten(withoutMarks(value), longestValue, '') || null;

const category = (value: string): string => shorten(value, longestCategory, '');

/** A link that was cut would lead elsewhere, so it is dropped. */
const link = (value: string | null): string | null =>
  value !== null && value.length > longestValue ? null : value;

/** An object that a template can also print directly. */
const printable = (value: Record<string, unknown>, printed: string): Record<string, unknown> =>
  Object.defineProperty(value, 'toString', { value: () => printed });

/**
 * An entry as templates see it. Its texts are plain text already, so nothing is decoded again: a title `a < b & c`
 * stays as it is. `video` prints its address and has `url type length duration`; `feed` prints the feed's title, or its
 * ID, and has `id title url`. The feed's `utm` parameters are appended to `link`.
 */
export const templateValues = (feed: FeedConfig, entry: Entry, feedTitle: string | null): TemplateValues => {
  const { video } = entry;
  const values: TemplateValues = {
    title: text(entry.title),
    summary: text(entry.summary),
    content: text(entry.content),
    link: link(entry.link),
    author: text(entry.author),
    categories: entry.categories.slice(0, maxCategories).map(category),
    published: entry.published,
    image: link(entry.image),
    video:
      video &&
      printable(
        { url: video.url, type: video.type, length: video.length, duration: video.durationS },
        video.url,
      ),
    feed: printable({ id: feed.id, title: text(feedTitle), url: feed.url }, text(feedTitle) ?? feed.id),
  };
  return { ...values, link: linkWithUtm(feed, values) };
};

/** The link as printed in templates; the parameters appended here do not affect the entry's identity. */
const linkWithUtm = ({ editorial: { utm }, timezone }: FeedConfig, values: TemplateValues): string | null => {
  const { link } = values as { link: string | null };
  if (utm === null || link === null) return link;
  return withUtm(link, utm, (template) => renderTemplate(template, values, timezone));
};

const suggest = (word: string, known: readonly string[]): string => {
  const meant = didYouMean(word, known);
  return meant ? `did you mean ${meant}?` : `there are ${known.join(', ')}`;
};

const unknownIn = ([root, part]: unknown[]): string | null => {
  const name = String(root);
  const parts = partsOf[name];
  if (!templateVariables.includes(name))
    return `uses "${name}", which no entry has: ${suggest(name, templateVariables)}`;
  if (!parts || typeof part !== 'string' || parts.includes(part)) return null;
  return `uses "${name}.${part}", which does not exist: ${suggest(part, parts)}`;
};

/** Liquid reports an unknown filter or tag only by its name. */
const withSuggestion = (message: string): string => {
  const [, filter, tag] = /^undefined filter: (\w+)|^tag "(\w+)" not found/.exec(message) ?? [];
  const [written, known] = filter ? [filter, filterNames()] : [tag, tagNames()];
  const meant = written && didYouMean(written, known);
  return meant ? `${message}, did you mean ${meant}?` : message;
};

/** Liquid's error message about a template, as the end of a sentence, with its position. */
export const liquidFault = (fault: unknown): string => {
  const message = (fault instanceof Error ? fault.message.split('\n')[0] : String(fault)) ?? '';
  const [, words = message, line, column] = /^(.*), line:(\d+), col:(\d+)$/.exec(message) ?? [];
  const text = `is not a Liquid template: ${withSuggestion(words)}`;
  return line ? withPlace(text, { line: Number(line), column: Number(column) }) : text;
};

/** The faults of a template, each as the end of a sentence; empty if there are none. */
export const templateFaults = (template: string): string[] => {
  const hasLines = template.trim().includes('\n');
  try {
    const faults = variablesOf(template).flatMap(({ path, place }) => {
      const fault = unknownIn(path);
      return fault === null ? [] : hasLines ? withPlace(fault, place) : fault;
    });
    return [...new Set(faults)];
  } catch (fault) {
    return [liquidFault(fault)];
  }
};

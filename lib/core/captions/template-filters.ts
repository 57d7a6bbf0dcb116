import { categoryParts, isSubject } from '../entries/category-names.ts';
import { once } from '../once.ts';
import { oneLine, withoutEmoji, withoutLinks } from '../text/strip-text.ts';
import { maxHashtags } from './find-hashtags.ts';
import { hashtags } from './hashtags.ts';
import { firstSentences } from './sentences.ts';
import { markHashtag } from './settle-hashtags.ts';
import { shorten } from './shorten.ts';

type Filter = (value: unknown, ...args: unknown[]) => unknown;

const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

/** The subjects in a list of categories, or in a text that is a list; an element may be a list as well. */
const subjectsIn = (value: unknown): string[] =>
  (Array.isArray(value) ? value.map(textOf) : [textOf(value)]).flatMap(categoryParts).filter(isSubject);

const numberOr = (value: unknown, otherwise: number): number => {
  const number = Number(value ?? otherwise);
  return Number.isFinite(number) ? number : otherwise;
};

const wordsOf = once(() => new Intl.Segmenter('und', { granularity: 'word' }));

/**
 * The first words of a text, in any script, with an ellipsis if something was left out. Links and hashtags stay whole.
 */
const firstWords = (text: string, count: number): string => {
  let left = count;
  for (const { index, isWordLike } of wordsOf().segment(text)) {
    if (isWordLike && left-- <= 0) return shorten(text, index + 1);
  }
  return text;
};

/**
 * The filters added to Liquid's, documented in docs/captions.md. `truncate` replaces Liquid's, which splits characters,
 * links and hashtags.
 */
export const templateFilters: Record<string, Filter> = {
  hashtags: (value, count) =>
    hashtags(subjectsIn(value), numberOr(count, maxHashtags)).map(markHashtag).join(' '),
  one_line: (value) => oneLine(textOf(value)),
  sentence: (value, count) => firstSentences(textOf(value), numberOr(count, 1)),
  truncate: (value, limit, ellipsis) =>
    shorten(textOf(value), numberOr(limit, 50), ellipsis === undefined ? '…' : textOf(ellipsis)),
  without_emoji: (value) => withoutEmoji(textOf(value)),
  without_links: (value) => withoutLinks(textOf(value)),
  words: (value, count) => firstWords(textOf(value), numberOr(count, 20)),
};

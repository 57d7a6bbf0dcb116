import { once } from '../once.ts';
import { languages } from './languages/languages.ts';

const segmenter = once(() => new Intl.Segmenter('und', { granularity: 'sentence' }));

/** Longer than any abbreviation in the lists, in UTF-16 units. */
const tailLength = 32;

const literal = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s?');

const eitherCase = (word: string): string => {
  const [first = ''] = word;
  const capital = first.toUpperCase();
  const rest = literal(word.slice(first.length));
  return first === capital ? literal(first) + rest : `[${first}${capital}]${rest}`;
};

const endingIn = (words: readonly string[]): RegExp =>
  // bounded: tailLength characters
  new RegExp(`(?<![\\p{L}\\p{N}.])(?:${words.map(eitherCase).join('|')})\\.$`, 'u');

/** `N.` or `XX.`, which also means "the Nth" in some languages; what stands before it is in the first group. */
// bounded: tailLength characters
const ordinal = /(?:^|(\p{L}+)[.,]?\s+|[\s(–/-])(?:\d{1,3}|[IVXLC]{1,6})\.$/u;
const onlyNumber = /^\s*[([]?(?:\d{1,3}|[IVXLC]{1,6})[.)]\s*$/;
/** Initials, and letters separated by periods: `J.`, `U.S.`, `EE.UU.`. */
const letters = /(?<![\p{L}\p{N}.])(?:(\p{L})\1?\.){1,6}$/u;
const firstWord = /^\P{L}*?(\p{L}+)/u;

// Built on first use, because so many words would slow down every cold start.
const rules = once(() => {
  const all = <Name extends 'abbreviations' | 'beforeNumbers' | 'mayEnd' | 'openers'>(name: Name) =>
    languages.flatMap((language) => language[name] ?? []);
  const ordinals = languages.flatMap((language) => language.ordinals ?? []);
  return {
    abbreviation: endingIn(all('abbreviations')),
    beforeNumber: endingIn(all('beforeNumbers')),
    mayEnd: endingIn(all('mayEnd')),
    openers: new Set(all('openers')),
    before: new Set(ordinals.flatMap(({ before }) => before)),
    after: new Set(ordinals.flatMap(({ after }) => after)),
  };
});

const isOrdinal = (tail: string, next: string): boolean => {
  const found = ordinal.exec(tail);
  if (!found) return false;
  const { before, after, openers } = rules();
  if (onlyNumber.test(tail) || after.has(next)) return true;
  return before.has(found[1]?.toLowerCase() ?? '') && !openers.has(next);
};

/** Whether the period before `at` belongs to an abbreviation, an initial or an ordinal number. */
const goesOn = (text: string, begin: number, at: number, following: string): boolean => {
  const ending = text.slice(Math.max(begin, at - tailLength), at);
  const tail = ending.trimEnd();
  if (!tail.endsWith('.') || ending.includes('\n')) return false;
  if (tail === ending) return /^[/,;:)\]–-]/.test(following);
  const { abbreviation, beforeNumber, mayEnd, openers } = rules();
  const next = firstWord.exec(following)?.[1] ?? '';
  if (abbreviation.test(tail) || isOrdinal(tail, next)) return true;
  if (/^[^\p{L}\s]{0,2}\d/u.test(following) && beforeNumber.test(tail)) return true;
  return letters.test(tail) && !mayEnd.test(tail) && !openers.has(next);
};

/**
 * The first sentences of a text, split by UAX 29, but not after an abbreviation in the language lists, an initial or an
 * ordinal number (`am 3. Oktober`). JavaScript does not include CLDR's exceptions for these.
 */
export const firstSentences = (text: string, count: number): string => {
  let [begin, end, left, isEmpty] = [0, 0, count, true];
  for (const { index, segment } of segmenter().segment(text)) {
    if (!goesOn(text, begin, index, segment)) {
      if (!isEmpty) left -= 1;
      if (left <= 0) break;
      [begin, isEmpty] = [index, true];
    }
    isEmpty &&= segment.trim() === '';
    end = index + segment.length;
  }
  return text.slice(0, end).trim();
};

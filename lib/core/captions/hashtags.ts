import { foldHashtag } from './find-hashtags.ts';

/** TikTok takes longer ones for plain text. */
const longest = 100;

/** Left out without ending a word: apostrophes, enclosing marks, and what is not seen (joiners, soft hyphens). */
const joiners = /['’‘`´]|\p{Default_Ignorable_Code_Point}|\p{Me}/gu;
const words = /[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*/gu;

const capitalised = (word: string): string => {
  const [first = ''] = word;
  return first.toUpperCase() + word.slice(first.length);
};

/** `Machine learning` → `#MachineLearning`; null when no letter or digit is left, or it would be too long. */
const hashtag = (text: string): string | null => {
  const parts =
    text
      .slice(0, 4 * longest)
      .normalize('NFC')
      .replace(joiners, '')
      .match(words) ?? [];
  const tag = parts.length > 1 ? parts.map(capitalised).join('') : (parts[0] ?? '');
  return /[\p{L}\p{N}]/u.test(tag) && tag.length < longest ? `#${tag}` : null;
};

/**
 * The first `count` hashtags that can be made of the texts: letters, marks and digits of any
 * script and `_`; the words of one text are joined, each with a capital. The same word in other letter cases is
 * the same hashtag. One that would be longer than TikTok takes is left out, never cut.
 */
export const hashtags = (texts: readonly string[], count: number): string[] => {
  const tags = new Map<string, string>();
  for (const text of texts) {
    if (tags.size >= count) break;
    const tag = hashtag(text);
    const folded = tag === null ? '' : foldHashtag(tag);
    if (tag !== null && !tags.has(folded)) tags.set(folded, tag);
  }
  return [...tags.values()];
};

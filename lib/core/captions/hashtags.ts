import { foldHashtag } from './find-hashtags.ts';

/** TikTok treats longer ones as plain text. */
const longest = 100;

/** Removed without ending a word: apostrophes, enclosing marks and invisible characters (joiners, soft hyphens). */
const joiners = /['’‘`´]|\p{Default_Ignorable_Code_Point}|\p{Me}/gu;
const words = /[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*/gu;

const capitalised = (word: string): string => {
  const [first = ''] = word;
  return first.toUpperCase() + word.slice(first.length);
};

/** `Machine learning` → `#MachineLearning`; null if no letter or digit is left, or if it would be too long. */
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
 * The first `count` hashtags made from the texts: letters, marks and digits of any script and `_`; the words of one
 * text are joined, each capitalized. Hashtags that differ only in letter case are the same. One that would be longer
 * than TikTok allows is left out, never cut.
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

import { once } from './once.ts';
import { shorten } from './shorten.ts';

const sentences = once(() => new Intl.Segmenter('und', { granularity: 'sentence' }));
const words = once(() => new Intl.Segmenter('und', { granularity: 'word' }));

/** The first sentences of a text (UAX 29: an abbreviation before a capital letter may end one). */
export const firstSentences = (text: string, count: number): string => {
  let end = 0;
  let left = count;
  for (const { index, segment } of sentences().segment(text)) {
    if (left <= 0) break;
    end = index + segment.length;
    if (segment.trim() !== '') left -= 1;
  }
  return text.slice(0, end).trim();
};

/** The first words of a text, in any script, with an ellipsis where something was left out. Links and hashtags stay whole. */
export const firstWords = (text: string, count: number): string => {
  let left = count;
  for (const { index, isWordLike } of words().segment(text)) {
    if (isWordLike && left-- <= 0) return shorten(text, index + 1);
  }
  return text;
};

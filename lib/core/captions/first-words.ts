import { once } from '../once.ts';
import { shorten } from './shorten.ts';

const words = once(() => new Intl.Segmenter('und', { granularity: 'word' }));

/**
 * The first words of a text, in any script, with an ellipsis if something was left out. Links and hashtags stay whole.
 */
export const firstWords = (text: string, count: number): string => {
  let left = count;
  for (const { index, isWordLike } of words().segment(text)) {
    if (isWordLike && left-- <= 0) return shorten(text, index + 1);
  }
  return text;
};

import { foldLong, LONG } from './fold-long.ts';
import { plainTypography } from './typography.ts';

/**
 * Normalizes a plain text for comparison: without typography and white space differences, but with letter case; '' for
 * none. A text over 65,536 characters is its beginning and a hash of the whole. Linear in the text's length.
 */
export const normalizeText = (text: string | null): string => {
  if (text === null) return '';
  return text.length > LONG ? foldLong(text, plainTypography) : plainTypography(text);
};

import { foldLong, LONG } from './fold-long.ts';
import { plainTypography } from './typography.ts';

/**
 * A plain text as it is compared: typography and white space do not count, letter case does; '' for none. A text over
 * 65,536 characters is its beginning and a hash of the whole. Linear in the text's length.
 */
export const normalizeText = (text: string | null): string => {
  if (text === null) return '';
  return text.length > LONG ? foldLong(text, plainTypography) : plainTypography(text);
};

import { plainTypography } from './typography.ts';

/**
 * A plain text as it is compared: typography and white space do not count, letter case does; '' for none. Whole, however
 * long: hash it. Linear in the text's length.
 */
export const normalizeText = (text: string | null): string => (text === null ? '' : plainTypography(text));

import { once } from '../../once.ts';
import { normalizeUnicode } from './normalize-unicode.ts';

/**
 * What is not seen: soft hyphens, zero-width characters, byte order marks, signs of direction, variation selectors.
 * The tag characters stay, since the flags of England and Scotland differ in nothing else.
 */
const invisible = once(() => /[\p{Default_Ignorable_Code_Point}--[\u034F\u{E0000}-\u{E007F}]]+/gv);

/** NFKC makes a space and an accent of the one, and two single quotes of the other. */
const ACUTE = /[\u00B4\u1FFD]/g;
const DOUBLE_PRIME = /[\u2033\u2036]/g;

const SINGLE_QUOTES = /[\u2018-\u201B\u2032\u2035\u2039\u203A\u02B9\u02BB\u02BC`]/g;
const DOUBLE_QUOTES = /[\u201C-\u201F\u00AB\u00BB\u301D-\u301F]/g;
const DASHES = /[\u2010-\u2015\u2212\u2E3A\u2E3B]/g;
const WHITE_SPACE = /[\s\u0085]+/g;

/**
 * A text without the taste of its typesetter: NFKC (one form of each character, one width), typographic quotes,
 * dashes and spaces plain, soft hyphens and invisible characters dropped, white space joined and trimmed. Letter case
 * counts. Linear in the text's length.
 */
export const plainTypography = (text: string): string =>
  normalizeUnicode(text.replace(invisible(), '').replace(ACUTE, "'").replace(DOUBLE_PRIME, '"'), 'NFKC')
    .replace(SINGLE_QUOTES, "'")
    .replace(DOUBLE_QUOTES, '"')
    .replace(DASHES, '-')
    .replace(WHITE_SPACE, ' ')
    .trim();

/** Down first, for the capital ẞ; up, for ß and ligatures, which are two letters in capitals; down again. */
const swapCases = (text: string): string => text.toLowerCase().toUpperCase().toLowerCase();

/**
 * A text as it is compared: one form of each character, no letter case (`Straße` is `STRASSE`, a Greek sigma is a
 * sigma wherever it stands, a Turkish İ is an i). Linear in the text's length.
 */
const foldCase = (text: string): string =>
  normalizeUnicode(swapCases(normalizeUnicode(text, 'NFKC')), 'NFKC')
    .replaceAll('ς', 'σ')
    .replaceAll('i\u0307', 'i');

/** A text with neither typography nor letter case: equal for whatever a reader takes for the same words. */
export const foldTypography = (text: string): string => foldCase(plainTypography(text));

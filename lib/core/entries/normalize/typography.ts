import { once } from '../../once.ts';
import { normalizeUnicode } from './normalize-unicode.ts';

/**
 * Invisible characters: soft hyphens, zero-width characters, byte order marks, direction marks, variation selectors.
 * Tag characters are kept, because the flags of England and Scotland differ in nothing else.
 */
const invisible = once(() => /[\p{Default_Ignorable_Code_Point}--[\u034F\u{E0000}-\u{E007F}]]+/gv);

/** NFKC turns one into a space and an accent, and the other into two single quotes. */
const ACUTE = /[\u00B4\u1FFD]/g;
const DOUBLE_PRIME = /[\u2033\u2036]/g;

const SINGLE_QUOTES = /[\u2018-\u201B\u2032\u2035\u2039\u203A\u02B9\u02BB\u02BC`]/g;
const DOUBLE_QUOTES = /[\u201C-\u201F\u00AB\u00BB\u301D-\u301F]/g;
const DASHES = /[\u2010-\u2015\u2212\u2E3A\u2E3B]/g;
const WHITE_SPACE = /[\s\u0085]+/g;

/**
 * Normalizes typography: NFKC (one form and width of each character), plain quotes, dashes and spaces, without soft
 * hyphens and invisible characters, white space collapsed and trimmed. Letter case is kept. Linear in the text's
 * length.
 */
export const plainTypography = (text: string): string =>
  normalizeUnicode(text.replace(invisible(), '').replace(ACUTE, "'").replace(DOUBLE_PRIME, '"'), 'NFKC')
    .replace(SINGLE_QUOTES, "'")
    .replace(DOUBLE_QUOTES, '"')
    .replace(DASHES, '-')
    .replace(WHITE_SPACE, ' ')
    .trim();

/** Lower first, for the capital ẞ; upper, for ß and ligatures, which are two letters in upper case; lower again. */
const swapCases = (text: string): string => text.toLowerCase().toUpperCase().toLowerCase();

/**
 * Folds letter case for comparison (`Straße` equals `STRASSE`, all Greek sigmas are equal, a Turkish İ is an i). Linear
 * in the text's length.
 */
const foldCase = (text: string): string =>
  normalizeUnicode(swapCases(normalizeUnicode(text, 'NFKC')), 'NFKC')
    .replaceAll('ς', 'σ')
    .replaceAll('i\u0307', 'i');

/** A text without typography and letter case: equal for everything that a reader takes for the same words. */
export const foldTypography = (text: string): string => foldCase(plainTypography(text));

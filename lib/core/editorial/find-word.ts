import { foldTypography } from '../entries/normalize/typography.ts';

const wordCharacter = /[\p{L}\p{M}\p{N}_]/u;

/** Scripts written without spaces between words, where only a dictionary would find their ends. */
const unspaced =
  /[\p{Script_Extensions=Han}\p{Script_Extensions=Hiragana}\p{Script_Extensions=Katakana}\p{Script_Extensions=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Javanese}\p{Script=Balinese}\p{Script=Tai_Le}\p{Script=New_Tai_Lue}\p{Script=Tai_Tham}\p{Script=Yi}]/u;

/** Korean words begin after a space, but particles follow without one. */
const runsOn = /\p{Script=Hangul}/u;

const lastCharacter = (text: string): string => {
  const last = text.at(-1) ?? '';
  return /[\uDC00-\uDFFF]/.test(last) ? text.slice(-2) : last;
};
const firstCharacter = (text: string): string => String.fromCodePoint(text.codePointAt(0) ?? 0);

/** Whether two adjacent characters belong to one word. */
const joined = (left: string, right: string): boolean =>
  wordCharacter.test(left) && wordCharacter.test(right) && !unspaced.test(left) && !unspaced.test(right);

const standsAlone = (text: string, from: number, to: number): boolean => {
  const [before, after] = [lastCharacter(text.slice(Math.max(0, from - 2), from)), text.slice(to, to + 2)];
  const first = firstCharacter(text.slice(from, from + 2));
  const last = lastCharacter(text.slice(Math.max(from, to - 2), to));
  const begins = before === '' || !joined(before, first);
  const ends = after === '' || runsOn.test(last) || !joined(last, firstCharacter(after));
  return begins && ends;
};

/** Prepares a text for `hasWord`, once for all words. */
export const searchable = (text: string): string => foldTypography(text);

/**
 * Whether a text contains a word or phrase, regardless of letter case, width and typography (`’` and `'`, soft
 * hyphens): as whole words in scripts with spaces, anywhere in those without. `text`: from `searchable`.
 */
export const hasWord = (text: string, word: string): boolean => {
  const wanted = searchable(word);
  if (wanted === '') return false;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    if (standsAlone(text, at, at + wanted.length)) return true;
  }
  return false;
};

/** Whether two texts differ at most in letter case, width, typography and white space. */
export const isSameText = (a: string, b: string): boolean => searchable(a) === searchable(b);

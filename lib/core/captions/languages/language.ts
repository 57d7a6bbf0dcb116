/**
 * The words of one language: plain words and phrases, no patterns, so that a native speaker can correct them without
 * reading code. An abbreviation is written without its last period (`Dr`, `z. B`): a space in it is optional, and its
 * first letter may also be upper case. In a phrase, a slash separates alternatives: `Learn/See more`; any word but the
 * first may be capitalized.
 */
export type Language = {
  /**
   * Never end a sentence, because a name or another word follows (`Dr. Meyer`). Without those that often end one, such
   * as `etc.`
   */
  abbreviations?: readonly string[];
  /** Do not end a sentence before a number (`No. 5`). */
  beforeNumbers?: readonly string[];
  /** Written with periods between their letters, but often at the end of a sentence (`p.m.`). */
  mayEnd?: readonly string[];
  /** Where `3.` means "third" and a capital letter follows: the words before and after such a number. */
  ordinals?: { before: readonly string[]; after: readonly string[] };
  /** Words that begin a sentence and are not names: before them, `U.S.` or an initial ends a sentence. */
  openers?: readonly string[];
  /** What content systems call the missing category. */
  uncategorized?: readonly string[];
  /**
   * The line that content systems append to a story, around its title: `The post TITLE appeared first on SITE.` Empty
   * if the title comes first. Both are phrases.
   */
  footers?: readonly { begins: readonly string[]; goesOn: readonly string[] }[];
  /** Phrases like `Continue reading`. */
  readOn?: readonly string[];
};

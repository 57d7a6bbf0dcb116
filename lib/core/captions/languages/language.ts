/**
 * What one language contributes: plain words and phrases, so that a native speaker can correct them without reading
 * any code. Nothing is a pattern. An abbreviation is written without its last full stop (`Dr`, `z. B`): a space in
 * it is optional, and its first letter may also be a capital. In a phrase, a slash parts words that may stand for each
 * other: `Learn/See more`; any word but the first may begin with a capital.
 */
export type Language = {
  /** Never end a sentence: a name or another word follows (`Dr. Meyer`). Not those that often do end one, as `etc.` */
  abbreviations?: readonly string[];
  /** End no sentence when a number follows (`No. 5`). */
  beforeNumbers?: readonly string[];
  /** Written with full stops between their letters, and yet often the end of a sentence (`p.m.`). */
  mayEnd?: readonly string[];
  /** Where `3.` means "third" and a capital letter follows: words before and after such a number. */
  ordinals?: { before: readonly string[]; after: readonly string[] };
  /** Words that begin a sentence and are no names: after them `U.S.` or an initial did end the one before. */
  openers?: readonly string[];
  /** What content systems call a story that has no category. */
  uncategorized?: readonly string[];
  /**
   * The line that content systems put below a story, around its title: `The post TITLE appeared first on SITE.` Where
   * the title comes first, nothing begins it. Both are phrases.
   */
  footers?: readonly { begins: readonly string[]; goesOn: readonly string[] }[];
  /** `Continue reading` and its like: phrases. */
  readOn?: readonly string[];
};

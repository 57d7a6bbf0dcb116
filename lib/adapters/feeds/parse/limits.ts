import { permanent } from '../../../core/errors.ts';

// Parser limits, far above those of real feeds: a document that exceeds one is hostile or broken. The parser and its
// input share 384 MB of memory.

export const MAX_BYTES = 10 * 1024 * 1024;

/** Maximum length of a text without markup, in characters; the longest caption has 2,200. */
export const MAX_TEXT = 100_000;

/** Maximum length of a text with markup; it may begin with an inlined picture. */
export const MAX_MARKUP = 1_000_000;

/** Only the newest entries of a feed are kept. */
export const MAX_ENTRIES = 5_000;

/** Maximum number of attributes of a tag. */
export const MAX_ATTRIBUTES = 250;

/** Maximum number of elements of one kind in an entry, such as categories, pictures or files. */
export const MAX_LISTED = 200;

/** Maximum length of a name or category. */
export const MAX_LABEL = 500;

/** Maximum length of the address of a picture or file. */
export const MAX_ADDRESS = 8_000;

/** Maximum length of a base address, because every relative address is extended by it. */
export const MAX_BASE = 1_000;

/**
 * Maximum length of the normalized document. All entries together may have twice as many characters, because a text may
 * be used twice.
 */
export const MAX_READ = 2 * MAX_BYTES;

/**
 * The maximum number of characters from expanded entities: at least a megabyte, and three times the document's length.
 */
export const maxExpanded = (length: number): number => Math.max(1_000_000, 3 * length);

/**
 * Whether no document of this length can exceed the totals above, however it is written: an address of ten characters
 * may be extended by a base, and a character of one by its escape.
 */
export const staysWithinTotals = (length: number, longestBase: number): boolean =>
  length * (20 + longestBase / 10) <= 2 * MAX_READ;

/** Counts characters; throws permanent `feed.too-large` beyond the limit. */
export type Budget = (characters: number) => void;

export const budget = (limit: number, what: string): Budget => {
  let spent = 0;
  return (characters) => {
    spent += characters;
    if (spent > limit)
      throw permanent('feed.too-large', `${what} more than ${limit} characters, which is the limit.`);
  };
};

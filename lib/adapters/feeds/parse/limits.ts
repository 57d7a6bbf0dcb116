import { permanent } from '../../../core/errors.ts';

/*
 * Limits for parsing. Real feeds are far below all of them; a document above was made to exhaust the parser, which
 * together with its input has 384 MB.
 */

export const MAX_BYTES = 10 * 1024 * 1024;

/** Characters of one text without markup; the longest caption has 2,200. */
export const MAX_TEXT = 100_000;

/** Characters of one text with markup; a picture may be inlined before the first word. */
export const MAX_MARKUP = 1_000_000;

/** Only the newest entries of a feed are kept. */
export const MAX_ENTRIES = 5_000;

/** Attributes of one tag. */
export const MAX_ATTRIBUTES = 250;

/** Elements of one kind in one entry; its categories, pictures and files. */
export const MAX_LISTED = 200;

/** Characters of one name or category. */
export const MAX_LABEL = 500;

/** Characters of the address of a picture or file. */
export const MAX_ADDRESS = 8_000;

/** Characters of a base address, because each relative address becomes as long. */
export const MAX_BASE = 1_000;

/** Characters of the tidy document; all its entries may have twice as many, because a text may be used twice. */
export const MAX_READ = 2 * MAX_BYTES;

/** Expanded entities may add up to a megabyte to any document, and a few times its length to a large one. */
export const maxExpanded = (length: number): number => Math.max(1_000_000, 3 * length);

/** A running total that throws permanent `feed.too-large` beyond its limit. */
export type Budget = (characters: number) => void;

export const budget = (limit: number, what: string): Budget => {
  let spent = 0;
  return (characters) => {
    spent += characters;
    if (spent > limit) throw permanent('feed.too-large', `${what} more than ${limit} characters.`);
  };
};

/** The beginning of a text, never ending in half a character. */
export const atMost = (text: string, length: number): string =>
  text.length > length
    ? text
        .slice(0, length)
        .toWellFormed()
        .replace(/\ufffd$/, '')
    : text;

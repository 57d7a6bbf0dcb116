import { foldTypography } from '../entries/normalize/typography.ts';

/** TikTok drops further hashtags from a post (since August 2025; widely reported, but on no page of TikTok's own). */
export const maxHashtags = 5;

const link = /(?:https?:\/\/|www\.)\S+/giu;
const tag = /(?<![\p{L}\p{M}\p{N}_&])[#＃]([\p{L}\p{M}\p{N}_]+)(?=([-&+/.'’@][\p{L}\p{N}])?)/gu;

/** A hashtag without its sign, and the character that ends it without a visible reason: `#rock&roll`. */
export type FoundHashtag = { tag: string; runsInto: string | undefined };

/** The hashtags of a text in order, with repetitions; one within a link does not count. */
export const findHashtags = (text: string): FoundHashtag[] =>
  [...text.replace(link, ' ').matchAll(tag)].map(([, found = '', runsInto]) => ({ tag: found, runsInto }));

/** Folds a hashtag for comparison: letter case and width make no difference to TikTok. */
export const foldHashtag = (written: string): string => foldTypography(written);

/** The distinct hashtags of a text, folded by `foldHashtag`. */
export const hashtagsIn = (text: string): Set<string> =>
  new Set(findHashtags(text).map((found) => foldHashtag(found.tag)));

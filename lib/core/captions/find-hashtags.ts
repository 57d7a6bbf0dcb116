import { foldTypography } from '../entries/normalize/typography.ts';

/** More of these TikTok leaves out of a post (in force since August 2025; told by many, on no page of TikTok's own). */
export const mostHashtags = 5;

const link = /(?:https?:\/\/|www\.)\S+/giu;
const tag = /(?<![\p{L}\p{M}\p{N}_&])[#＃]([\p{L}\p{M}\p{N}_]+)(?=([-&+/.'’@][\p{L}\p{N}])?)/gu;

/** A hashtag without its sign, and what it runs into where it ends for no reason a reader would see: `#rock&roll`. */
export type FoundHashtag = { tag: string; runsInto: string | undefined };

/** The hashtags of a text in its order, with repetitions; one within a link is none. */
export const findHashtags = (text: string): FoundHashtag[] =>
  [...text.replace(link, ' ').matchAll(tag)].map(([, found = '', runsInto]) => ({ tag: found, runsInto }));

/** Two spellings of one hashtag are the same then: letter case and width make no difference to TikTok. */
export const foldHashtag = (written: string): string => foldTypography(written);

/** The different hashtags of a text, as `foldHashtag` writes them. */
export const hashtagsIn = (text: string): Set<string> =>
  new Set(findHashtags(text).map((found) => foldHashtag(found.tag)));

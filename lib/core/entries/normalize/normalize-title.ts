import { createHash } from 'node:crypto';
import { foldLong, LONG } from './fold-long.ts';
import { foldTypography } from './typography.ts';

const MAX_BYTES = 2_048;
/** Longer than any feed's name; a longer one is not removed from titles, nor folded for each entry. */
const MAX_FEED_TITLE = 500;

/** The separators after typography is normalized: every dash is `-`, every guillemet `"`. */
const SEPARATORS = new Set('|-·•・:/~>"');

/** Where the feed's name and the separator before it begin; null if the title does not end with them. */
const startOfSuffix = (title: string, feed: string, end: number): number | null => {
  if (!title.endsWith(feed, end)) return null;
  const start = end - feed.length - 3;
  const [before, separator, after] = title.slice(Math.max(0, start), start + 3);
  const parts = before === ' ' && after === ' ' && SEPARATORS.has(separator ?? '');
  return start > 0 && parts ? start : null;
};

const withoutSuffix = (title: string, feed: string): string => {
  if (feed === '') return title;
  let end = title.length;
  for (let next: number | null = end; next !== null; next = startOfSuffix(title, feed, end)) end = next;
  return title.slice(0, end);
};

const feedName = (feedTitle: string | null): string =>
  feedTitle === null || feedTitle.length > MAX_FEED_TITLE ? '' : foldTypography(feedTitle);

/**
 * Normalizes a title for comparison: without typography and letter case (`foldTypography`), and without the feed's own
 * title after a separator (`Story | Newsroom`). Null if nothing is left. Over 2,048 bytes it is `sha256:` and its hash
 * in hexadecimal, because cutting would make titles with a common beginning equal. Linear in the title's length.
 */
export const normalizeTitle = (title: string | null, feedTitle: string | null): string | null => {
  if (title === null) return null;
  const plain =
    title.length > LONG
      ? foldLong(title, foldTypography)
      : withoutSuffix(foldTypography(title), feedName(feedTitle));
  if (Buffer.byteLength(plain) <= MAX_BYTES) return plain || null;
  return `sha256:${createHash('sha256').update(plain).digest('hex')}`;
};

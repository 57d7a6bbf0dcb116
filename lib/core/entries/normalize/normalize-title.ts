import { createHash } from 'node:crypto';
import { foldLong, LONG } from './fold-long.ts';
import { foldTypography } from './typography.ts';

const MAX_BYTES = 2_048;
/** Longer than any feed's name: what is longer ends no title, and is not folded again for each entry. */
const MAX_FEED_TITLE = 500;

/** As typography leaves them: every dash is `-`, every guillemet `"`. */
const SEPARATORS = new Set('|-·•・:/~>"');

/** Where the feed's name and the separator before it begin; null where the title does not end so. */
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
 * A title as it is compared: without typography and letter case (`foldTypography`), and without the feed's own title behind a separator
 * (`Story | Newsroom`). Null when nothing is left. A title over 2,048 bytes in that form is `sha256:` and its hash in hexadecimal:
 * cutting it would make one of two that only begin alike. Linear in the title's length.
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

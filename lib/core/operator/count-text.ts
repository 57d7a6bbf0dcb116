/** Entries of a state are counted to this number; one more means more. */
export const countLimit = 1_000;

/** `24`; `24+` if there may be more, and `1,000+` for more than are counted. */
export const countText = (count: number, hasMore = false): string => {
  const text = Math.min(count, countLimit).toLocaleString('en');
  return hasMore || count > countLimit ? `${text}+` : text;
};

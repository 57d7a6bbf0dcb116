/** Wide enough for any post; wider images cost more without benefit. */
const MAX_WIDTH = 2_048;
const MAX_CANDIDATES = 50;

/** Addresses may contain commas; one that ends in a comma has no descriptor. */
const CANDIDATE = /([^\s,](?:\S*[^\s,])?)(?:\s+(\d{1,5}(?:\.\d{1,5})?)([wx])(?=[\s,]|$))?/g;

/** A height beside a width (`400w 300h`), reserved by the standard. */
const HEIGHT = /^\d{1,5}h$/;

type Candidate = { url: string; width: number };

/** The width that a density of `1x`, the default, stands for. */
const COLUMN = 600;
const widthOf = (value: string | undefined, unit: string | undefined): number =>
  unit === 'w' ? Number(value) : Number(value ?? 1) * COLUMN;

const candidatesOf = (srcset: string): Candidate[] =>
  [...srcset.slice(0, 20_000).matchAll(CANDIDATE)]
    .slice(0, MAX_CANDIDATES)
    .map(([, url = '', value, unit]) => ({ url, width: widthOf(value, unit) }))
    .filter(({ url }) => !HEIGHT.test(url) && !url.startsWith('data:'));

/**
 * The address of the largest picture in a `srcset` (HTML, 4.8.4.2.1) up to 2,048 pixels wide, otherwise the smallest
 * one; null if there is none. Linear in its length.
 */
export const bestOfSrcset = (srcset: string): string | null => {
  const candidates = candidatesOf(srcset).sort((a, b) => b.width - a.width);
  return (candidates.find(({ width }) => width <= MAX_WIDTH) ?? candidates.at(-1))?.url ?? null;
};

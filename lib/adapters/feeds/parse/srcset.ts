/** Wide enough for any post; what is wider costs more than it shows. */
const MAX_WIDTH = 2_048;
const MAX_CANDIDATES = 50;

/** Addresses may hold commas; one that ends in a comma has no descriptor. */
const CANDIDATE = /([^\s,](?:\S*[^\s,])?)(?:\s+(\d{1,5}(?:\.\d{1,5})?)([wx])(?=[\s,]|$))?/g;

/** A height beside a width (`400w 300h`), which the standard reserves. */
const HEIGHT = /^\d{1,5}h$/;

type Candidate = { url: string; width: number };

/** Densities stand for widths of a page's column; without a descriptor it is `1x`. */
const COLUMN = 600;
const widthOf = (value: string | undefined, unit: string | undefined): number =>
  unit === 'w' ? Number(value) : Number(value ?? 1) * COLUMN;

const candidatesOf = (srcset: string): Candidate[] =>
  [...srcset.slice(0, 20_000).matchAll(CANDIDATE)]
    .slice(0, MAX_CANDIDATES)
    .map(([, url = '', value, unit]) => ({ url, width: widthOf(value, unit) }))
    .filter(({ url }) => !HEIGHT.test(url) && !url.startsWith('data:'));

/**
 * The address of the largest picture in a `srcset` (HTML, 4.8.4.2.1) up to 2,048 pixels wide, else the smallest of
 * those; null when it names none. Linear in its length.
 */
export const bestOfSrcset = (srcset: string): string | null => {
  const candidates = candidatesOf(srcset).sort((a, b) => b.width - a.width);
  return (candidates.find(({ width }) => width <= MAX_WIDTH) ?? candidates.at(-1))?.url ?? null;
};

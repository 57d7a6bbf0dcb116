/** Letters and digits only, so that `brandId`, `brand-id` and `Brand_ID` are equal. */
const bare = (word: string): string => word.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The number of insertions, deletions, substitutions and adjacent swaps between two words. */
const distance = (a: string, b: string): number => {
  let [before, previous]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(
        Number(previous[j]) + 1,
        Number(row[j - 1]) + 1,
        Number(previous[j - 1]) + (same ? 0 : 1),
      );
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(Number(row[j]), Number(before[j - 2]) + 1);
    }
    [before, previous] = [previous, row];
  }
  return Number(previous[b.length]);
};

/** The largest distance at which a word may stand for another. */
const slack = (word: string): number => Math.max(1, Math.floor(word.length / 4));

/** Shorter words are part of too many others. */
const shortestPart = 3;

/** The parts of a name that may be written alone: `brand` of `brand_id`, `New_York` of `America/New_York`. */
const partsOf = (candidate: string): string[] =>
  [...candidate.split('/'), ...candidate.split(/[/_-]/)].map(bare).filter((part) => part !== bare(candidate));

const offBy = (meant: string, candidate: string): number => {
  const whole = bare(candidate);
  const off = distance(meant, whole);
  if (off <= slack(whole)) return off;
  const isPart = (part: string) =>
    part.length >= shortestPart && distance(meant, part) <= (part.length < 5 ? 0 : 1);
  const isStart = meant.length > shortestPart && whole.startsWith(meant);
  // A part is a worse match than any whole name.
  return isStart || partsOf(candidate).some(isPart) ? 100 + whole.length : Number.POSITIVE_INFINITY;
};

/** The known word that was most likely meant, by its spelling or as a part of it; null if none is close. */
export const didYouMean = (word: string, known: readonly string[]): string | null => {
  const meant = bare(word.slice(0, 64));
  const near = known
    .map((candidate) => ({ candidate, off: offBy(meant, candidate) }))
    .filter(({ off }) => Number.isFinite(off))
    .sort((a, b) => a.off - b.off);
  return near[0]?.candidate ?? null;
};

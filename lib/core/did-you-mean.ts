/** Letters only, so that `brandId`, `brand-id` and `Brand_ID` are the same word. */
const bare = (word: string): string => word.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Insertions, deletions, substitutions and swaps of neighbours that lead from one word to the other. */
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

/** The known word that was most likely meant; null when none is near. */
export const didYouMean = (word: string, known: readonly string[]): string | null => {
  const meant = bare(word.slice(0, 64));
  const near = known
    .map((candidate) => ({ candidate, off: distance(meant, bare(candidate)) }))
    .filter(({ candidate, off }) => off <= Math.max(1, Math.floor(bare(candidate).length / 4)))
    .sort((a, b) => a.off - b.off);
  return near[0]?.candidate ?? null;
};

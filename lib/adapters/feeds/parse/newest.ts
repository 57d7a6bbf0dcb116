import { MAX_ENTRIES } from './limits.ts';

/** The newest of too many entries, which feeds list first unless their dates show otherwise. */
export const newest = <T>(entries: T[], publishedOf: (entry: T) => string | null): T[] => {
  const [first, last] = [entries[0], entries.at(-1)];
  if (entries.length <= MAX_ENTRIES || first === undefined || last === undefined) return entries;
  const oldestFirst = (publishedOf(first) ?? '') < (publishedOf(last) ?? '');
  return oldestFirst ? entries.slice(-MAX_ENTRIES) : entries.slice(0, MAX_ENTRIES);
};

import type { ListedEntry } from './identity/identified-entry.ts';

/** By date if every entry has one; otherwise from the document's end, because feeds list the newest first. */
export const oldestFirst = (
  entries: readonly ListedEntry[],
  dateOf: (one: ListedEntry) => number | null,
): ListedEntry[] => {
  const fromTheEnd = entries.toReversed();
  const dates = new Map(fromTheEnd.map((one) => [one, dateOf(one)]));
  if ([...dates.values()].includes(null)) return fromTheEnd;
  return fromTheEnd.sort((a, b) => (dates.get(a) ?? 0) - (dates.get(b) ?? 0));
};

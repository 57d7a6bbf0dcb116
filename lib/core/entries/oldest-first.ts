import type { IdentifiedEntry } from './identity/identified-entry.ts';

/** By date where every entry has one; else from the document's end, since feeds list what is newest first. */
export const oldestFirst = (
  entries: readonly IdentifiedEntry[],
  dateOf: (one: IdentifiedEntry) => number | null,
): IdentifiedEntry[] => {
  const fromTheEnd = entries.toReversed();
  const dates = new Map(fromTheEnd.map((one) => [one, dateOf(one)]));
  if ([...dates.values()].includes(null)) return fromTheEnd;
  return fromTheEnd.sort((a, b) => (dates.get(a) ?? 0) - (dates.get(b) ?? 0));
};

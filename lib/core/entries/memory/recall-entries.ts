import type { IdentifiedFeed, ListedEntry } from '../identity/identified-entry.ts';
import { allKnown, type FactMemory } from './fact-memory.ts';
import type { KnownFacts } from './known-entries.ts';

const recalled = ({ facts, raw }: KnownFacts): ListedEntry | null =>
  // as it was read: the memory has the date as the window took it
  raw && { entry: null, normal: null, facts: { ...facts, dayOnly: raw.dayOnly }, raw };

/** The entries of a document, with the remembered facts of those that were not read. */
export const recallEntries = (
  { entries }: Pick<IdentifiedFeed, 'entries'>,
  memory: FactMemory,
): ListedEntry[] => {
  const known = new Map(allKnown(memory).map((one) => [one.raw?.hash, one]));
  return entries.map((one) => {
    if (!('unread' in one)) return one;
    const found = known.get(one.unread);
    const entry = found && recalled(found);
    if (!entry) throw new Error(`the raw text ${one.unread} is not remembered`);
    return entry;
  });
};

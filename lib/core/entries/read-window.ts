import type { Facts } from './identity/facts.ts';
import { datedByDay, type ListedEntry } from './identity/identified-entry.ts';
import { mergeTwins } from './identity/merge-twins.ts';
import { type Recognition, recognize } from './identity/recognize.ts';
import { factOf } from './identity/shared-facts.ts';
import { beginsWithNewest, oldestInOrder } from './list-order.ts';
import { allKnown, type FactMemory } from './memory/fact-memory.ts';
import type { FeedMemory } from './memory/feed-memory.ts';
import type { KnownFacts } from './memory/known-entries.ts';
import { areDays, areOneMinute, haveMoved } from './window-dates.ts';

/** What is stored about a feed; null before its first poll has ended. */
export type Remembered = { memory: FeedMemory; facts: FactMemory; newest: number | null };

/** The distinct entries of a document in its order, recognized, with the reliability of their dates and order. */
export type ReadWindow = Recognition & {
  entries: readonly ListedEntry[];
  /** How many entries were duplicates of another. */
  twins: number;
  /** The document was read to its end. */
  complete: boolean;
  /** The oldest date, in list order. */
  oldest: number | null;
  dayOnly: boolean;
  /** Null while unknown. */
  listsNewestFirst: boolean | null;
  /** When an entry was published, as far as the document's dates can be trusted. */
  dateOf: (one: ListedEntry) => number | null;
};

const hourMs = 3_600_000;

/** Facts by which any known story could be found. */
const meeting = ['guid', 'weakGuid', 'pageAndTitle', 'titleAndText', 'title'] as const;

const isMet = (facts: readonly Facts[], known: readonly KnownFacts[]): boolean => {
  const names = meeting.map((name) => ({ name, of: new Set(known.map((one) => factOf(one.facts, name))) }));
  return facts.some((one) =>
    names.some(({ name, of }) => {
      const fact = factOf(one, name);
      return fact !== null && of.has(fact);
    }),
  );
};

/** All in one minute, later than any date before, and none of them known: a run that lists what it found. */
const isRun = (facts: readonly Facts[], remembered: Remembered | null, now: number): boolean => {
  const date = facts[0]?.date ?? null;
  if (remembered === null || date === null || date > now + hourMs) return false;
  const latest = Math.max(remembered.newest ?? 0, remembered.memory.latestDate ?? 0);
  return date > latest && !isMet(facts, allKnown(remembered.facts));
};

/** Merges twins, assesses the dates and recognizes what the feed has shown before. Depends on its arguments only. */
export const readWindow = (
  document: { entries: readonly ListedEntry[]; complete: boolean },
  remembered: Remembered | null,
  now: number,
): ReadWindow => {
  const known = remembered ? allKnown(remembered.facts) : [];
  const merged = mergeTwins(
    document.entries,
    known.map(({ facts }) => facts),
  );
  const dayOnly = (remembered?.memory.dayOnly ?? false) || areDays(merged.map(({ facts }) => facts));
  const entries = dayOnly ? merged.map((one) => (one.facts.date === null ? one : datedByDay(one))) : merged;
  const facts = entries.map((one) => one.facts);

  const oldest = oldestInOrder(facts);
  const isOneMinute = areOneMinute(facts) && !isRun(facts, remembered, now);
  const recognition = recognize(entries, known, { undated: isOneMinute, oldest });
  const pairs = [...recognition.recognized].map(([one, { known: k }]) => [one.facts, k.facts] as const);
  const undated = isOneMinute || haveMoved(pairs);
  const dateOf = ({ facts: { date } }: ListedEntry) => (undated ? null : date);
  return {
    ...recognition,
    entries,
    twins: document.entries.length - entries.length,
    complete: document.complete,
    oldest,
    dayOnly,
    dateOf,
    listsNewestFirst:
      beginsWithNewest(entries.flatMap((one) => dateOf(one) ?? [])) ??
      remembered?.memory.listsNewestFirst ??
      null,
  };
};

import type { Entry, Feed } from '../entry.ts';
import { type Facts, factsOf, type NormalEntry, normalizeEntry } from './facts.ts';

/** An entry with its facts. `feedTitle`: as in its document; null for a webhook. */
export type IdentifiedEntry = {
  entry: Entry;
  feedTitle: string | null;
  normal: NormalEntry;
  facts: Facts;
};

/** Identifies an entry. */
export const identify = (entry: Entry, feedTitle: string | null): IdentifiedEntry => {
  const normal = normalizeEntry(entry, feedTitle);
  return { entry, feedTitle, normal, facts: factsOf(normal) };
};

/** A parsed document whose entries are identified. */
export type IdentifiedFeed = Omit<Feed, 'entries'> & { entries: IdentifiedEntry[] };

/** Identifies all entries of a document. */
export const identifyAll = (feed: Feed): IdentifiedFeed => ({
  ...feed,
  entries: feed.entries.map((entry) => identify(entry, feed.title)),
});

/** The same entry with its date treated as a day. */
export const datedByDay = (one: IdentifiedEntry): IdentifiedEntry => ({
  ...one,
  normal: { ...one.normal, dayOnly: true },
  facts: { ...one.facts, dayOnly: true },
});

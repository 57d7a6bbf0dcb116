import type { Entry, Feed } from '../entry.ts';
import { type Facts, factsOf, type NormalEntry, normalizeEntry } from './facts.ts';

/**
 * An entry as its document wrote it. While that is unchanged, the facts that were read from it are remembered, and it
 * is not read again.
 */
export type RawText = {
  /** 64 bits of the hash of its extent in the document, as 16 hexadecimal digits. */
  hash: string;
  /** Its date is written as a day, whatever other dates of its feed show. */
  dayOnly: boolean;
  /** Its guid is an address. */
  guidIsAddress: boolean;
};

/**
 * An entry with its facts. `feedTitle`: as in its document; null for a webhook. `raw`: null if its extent in the
 * document is not certain, and for a webhook.
 */
export type IdentifiedEntry = {
  entry: Entry;
  feedTitle: string | null;
  normal: NormalEntry;
  facts: Facts;
  raw: RawText | null;
};

/** An entry that was not read, because its raw text is remembered together with its facts. */
export type RecalledEntry = { entry: null; normal: null; facts: Facts; raw: RawText };

/** An entry of a feed's document, read or recalled. */
export type ListedEntry = IdentifiedEntry | RecalledEntry;

/** Identifies an entry. */
export const identify = (entry: Entry, feedTitle: string | null): IdentifiedEntry => {
  const normal = normalizeEntry(entry, feedTitle);
  return { entry, feedTitle, normal, facts: factsOf(normal), raw: null };
};

const isAddress = (guid: string | null): boolean => /^https?:/i.test(guid?.trimStart() ?? '');

/** Whether an entry's guid is an address. */
export const guidIsAddress = (one: ListedEntry): boolean =>
  one.entry === null ? one.raw.guidIsAddress : isAddress(one.entry.id);

/** The same entry, with the hash of its extent in the document; null if that is not certain. */
export const withRaw = (one: IdentifiedEntry, hash: string | null): IdentifiedEntry => ({
  ...one,
  raw: hash === null ? null : { hash, dayOnly: one.facts.dayOnly, guidIsAddress: guidIsAddress(one) },
});

/** What an earlier document was read with, and the hashes of its entries' raw texts. */
export type ReadBefore = { readAs: string; rawHashes: ReadonlySet<string> };

/** An entry that was not read, by the hash of its raw text. */
type UnreadEntry = { unread: string };

/**
 * A parsed document whose entries are identified. `readAs`: a hash of everything outside of an entry that its facts
 * depend on; null if these cannot be told apart.
 */
export type IdentifiedFeed = Omit<Feed, 'entries'> & {
  entries: (IdentifiedEntry | UnreadEntry)[];
  readAs: string | null;
};

/** The same entry with its date treated as a day. */
export const datedByDay = (one: ListedEntry): ListedEntry => {
  const facts = { ...one.facts, dayOnly: true };
  return one.entry === null ? { ...one, facts } : { ...one, facts, normal: { ...one.normal, dayOnly: true } };
};

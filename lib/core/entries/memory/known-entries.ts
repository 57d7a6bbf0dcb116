import type { Facts } from '../identity/facts.ts';
import type { RawText } from '../identity/identified-entry.ts';
import { type FactName, factNames, factOf } from '../identity/shared-facts.ts';

/** One set of facts of a story shown by a feed. A story whose facts were edited has several. */
export type KnownFacts = {
  facts: Facts;
  /** The ledger key of the story's row. */
  story: string;
  /** The day it was last on the feed, counted from the epoch. */
  lastSeen: number;
  /** It was once held in a batch, so title and text recognize it from then on. */
  reissued: boolean;
  /** The raw text from which they were read; null if it is not known or not kept. */
  raw: RawText | null;
};

/** Looks up known facts by the value of one fact. */
export type KnownIndex = (facts: Facts, name: FactName) => readonly KnownFacts[];

const none: readonly KnownFacts[] = [];

/** Indexes known facts; of those with an equal value, the oldest come first. */
export const indexKnown = (known: readonly KnownFacts[]): KnownIndex => {
  const index = new Map<string, KnownFacts[]>();
  for (const one of known)
    for (const name of factNames) {
      const fact = factOf(one.facts, name);
      if (fact === null) continue;
      const key = `${name} ${fact}`;
      const found = index.get(key);
      if (found) found.push(one);
      else index.set(key, [one]);
    }
  return (facts, name) => {
    const fact = factOf(facts, name);
    return fact === null ? none : (index.get(`${name} ${fact}`) ?? none);
  };
};

const inLedger = ['guid', 'pageAndTitle', 'titleAndDate'] as const;

/**
 * Whether the ledger can find a story by all current facts of its entry; a changed text or query does not matter there.
 */
export const isInLedger = (facts: Facts, known: readonly KnownFacts[]): boolean =>
  inLedger.every((name) => {
    const fact = factOf(facts, name);
    return fact === null || known.some((one) => factOf(one.facts, name) === fact);
  });

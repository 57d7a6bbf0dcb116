import type { Entry } from '../entry.ts';
import type { NormalEntry } from './facts.ts';

/**
 * The version of the rules that normalize and recognize entries: part of every ledger key and of a feed row's memory. A
 * release that changes a rule increments it and adds the previous rules to `formerRules`.
 */
export const rulesVersion = 1;

/** Rules of an earlier release, by which an entry is also looked up. */
export type FormerRules = {
  version: number;
  normalize: (entry: Entry, feedTitle: string | null) => NormalEntry;
};

/** None yet, because 1 is the first version. */
export const formerRules: readonly FormerRules[] = [];

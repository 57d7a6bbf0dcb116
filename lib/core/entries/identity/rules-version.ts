import type { Entry } from '../entry.ts';
import type { NormalEntry } from './facts.ts';

/**
 * The version of the rules by which entries are normalised and recognised: part of every ledger key, and of what a
 * feed's row remembers. A release that changes a rule counts it up and adds the rules before it to `formerRules`.
 */
export const rulesVersion = 1;

/** Rules of an earlier release, by which an entry is looked up as well. */
export type FormerRules = {
  version: number;
  normalize: (entry: Entry, feedTitle: string | null) => NormalEntry;
};

/** None yet: 1 is the first version. */
export const formerRules: readonly FormerRules[] = [];

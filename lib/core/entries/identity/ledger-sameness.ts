import { agree, agreeInDate, atOdds, type ComparableFacts, isEditOf, isFarFrom } from './agreement.ts';
import type { ConditionalKind } from './ledger-keys.ts';

/** A conditional pointer as found, in addition to the entry that found it. */
export type FoundPointer = {
  /** The facts that the pointer was written with. */
  conditions: ComparableFacts;
  /** The feed or side that shows the entry has shown the pointer's story before. */
  seenBefore: boolean;
  /** The pointer's story is in the document itself. */
  isPresent: boolean;
  /** The oldest date of the document; null for a delivery. */
  oldest: number | null;
};

/** Page and title are equal. If the story was seen here before, or the dates differ, it may be another offer. */
const onePage = (one: ComparableFacts, { conditions, seenBefore, isPresent }: FoundPointer): boolean => {
  if (atOdds(one, conditions) || (seenBefore && isPresent)) return false;
  return seenBefore || isFarFrom(one, conditions) ? agreeInDate(one, conditions) : true;
};

const rules: Readonly<Record<ConditionalKind, (one: ComparableFacts, met: FoundPointer) => boolean>> = {
  link: (one, { conditions, oldest }) => isEditOf(one, conditions, oldest),
  'guid-and-title': (one, { conditions, seenBefore }) => !seenBefore || agree(one, conditions),
  'link-and-title': onePage,
  'page-and-title': onePage,
  'title-and-date': (_, { seenBefore, isPresent }) => !(seenBefore && isPresent),
};

/**
 * Whether an entry is the story that a conditional pointer with a shared key leads to
 * (docs/decisions/0016-sameness.md).
 */
export const isSameStory = (kind: ConditionalKind, one: ComparableFacts, met: FoundPointer): boolean =>
  rules[kind](one, met);

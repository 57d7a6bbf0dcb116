import { agree, agreeInDate, atOdds, isEditOf, isFarFrom, type Witness } from './agreement.ts';
import type { ConditionalKind } from './ledger-keys.ts';

/** A conditional pointer as found, in addition to the entry that found it. */
export type MetPointer = {
  /** The facts that the pointer was written with. */
  claim: Witness;
  /** The feed or side that shows the entry has shown the pointer's story before. */
  metBefore: boolean;
  /** The pointer's story is in the document itself. */
  isPresent: boolean;
  /** The oldest date of the document; null for a delivery. */
  oldest: number | null;
};

/** Page and title are equal. If the story was seen here before, or the dates differ, it may be another offer. */
const onePage = (one: Witness, { claim, metBefore, isPresent }: MetPointer): boolean => {
  if (atOdds(one, claim) || (metBefore && isPresent)) return false;
  return metBefore || isFarFrom(one, claim) ? agreeInDate(one, claim) : true;
};

const rules: Readonly<Record<ConditionalKind, (one: Witness, met: MetPointer) => boolean>> = {
  link: (one, { claim, oldest }) => isEditOf(one, claim, oldest),
  'guid-and-title': (one, { claim, metBefore }) => !metBefore || agree(one, claim),
  'link-and-title': onePage,
  'page-and-title': onePage,
  'title-and-date': (_, { metBefore, isPresent }) => !(metBefore && isPresent),
};

/**
 * Whether an entry is the story that a conditional pointer with a shared key leads to
 * (docs/decisions/0016-sameness.md).
 */
export const isSameStory = (kind: ConditionalKind, one: Witness, met: MetPointer): boolean =>
  rules[kind](one, met);

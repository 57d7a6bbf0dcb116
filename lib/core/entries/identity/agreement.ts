import { dayOf, type Facts } from './facts.ts';

/** The facts of an entry that decide on agreement. */
export type ComparableFacts = Pick<Facts, 'date' | 'dayOnly' | 'text' | 'title' | 'query'>;

const nameOf = (parameter: number): number => Math.floor(parameter / 0x10000);

/** Their queries have different values for one parameter, so equal paths do not make them the same page. */
export const atOdds = (a: Pick<ComparableFacts, 'query'>, b: Pick<ComparableFacts, 'query'>): boolean =>
  a.query.some((one) => b.query.some((other) => nameOf(one) === nameOf(other) && one !== other));

/** Equal dates; compared by day if one of them is a day. */
const sameDate = (a: ComparableFacts, b: ComparableFacts): boolean => {
  if (a.date === null || b.date === null) return false;
  return a.dayOnly || b.dayOnly ? dayOf(a.date) === dayOf(b.date) : a.date === b.date;
};

/** It has neither date nor text, so nothing contradicts its being the same. */
const hasNoEvidence = ({ date, text }: ComparableFacts): boolean => date === null && text === null;

/** Equal dates, or one of the two has neither date nor text. */
export const agreeInDate = (a: ComparableFacts, b: ComparableFacts): boolean =>
  sameDate(a, b) || hasNoEvidence(a) || hasNoEvidence(b);

const sameText = (a: ComparableFacts, b: ComparableFacts): boolean => a.text !== null && a.text === b.text;

/** Equal date or text, or one of the two has neither. */
export const agree = (a: ComparableFacts, b: ComparableFacts): boolean => agreeInDate(a, b) || sameText(a, b);

const twoDaysMs = 2 * 86_400_000;

/** Dated more than two days apart. */
export const isFarFrom = (a: ComparableFacts, b: ComparableFacts): boolean =>
  a.date !== null && b.date !== null && Math.abs(a.date - b.date) > twoDaysMs;

/**
 * Whether two entries without a guid and with the same link are an edit and its original, rather than sharing the link.
 * `oldest`: the oldest date of the document that contains the first; null for a delivery.
 */
export const isEditOf = (one: ComparableFacts, known: ComparableFacts, oldest: number | null): boolean => {
  if (one.date !== null && one.date === known.date) return true;
  if (sameText(one, known)) return true;
  if (one.date === null || known.date === null)
    return one.title === known.title || (one.text === null && known.text === null);
  return oldest !== null && known.date >= oldest;
};

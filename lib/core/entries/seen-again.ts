import { keepMs, pointerKeepMs } from '../dash/timing.ts';
import { type EntryRow, finalStates, type LedgerRow } from '../ledger/row.ts';

const monthSeconds = 30 * 24 * 3600;

/** Epoch seconds until which a row is kept that is seen now; as it is where that would move it by less than a month. */
const endOf = ({ type, expiresAt }: LedgerRow, at: number): number | null => {
  const end = Math.ceil((at + (type === 'entry' ? keepMs : pointerKeepMs)) / 1000);
  return expiresAt !== null && end - expiresAt > monthSeconds ? end : expiresAt;
};

/** Rows that expire live on from now. Null when that would move their end by less than a month. */
export const renew = <R extends LedgerRow>(row: R, at: number): R | null => {
  const expiresAt = endOf(row, at);
  return expiresAt === row.expiresAt ? null : { ...row, expiresAt, rev: row.rev + 1 };
};

const mostMet = 50;
/** A link that changes at every request makes a key each time: the first ones are those that others may bear. */
const mostLeading = 30;

/** The keys that are known to lead to an entry, with those that are not among them yet. */
export const withLeading = (known: string[], keys: readonly string[]): string[] => {
  const more = keys.filter((key) => !known.includes(key)).slice(0, mostLeading - known.length);
  return more.length === 0 ? known : [...known, ...more];
};

/** The entry after this feed or webhook has met it; null where it had before. */
export const metBy = (row: EntryRow, by: string): EntryRow | null =>
  row.metBy.includes(by) ? null : { ...row, metBy: [...row.metBy, by].slice(-mostMet), rev: row.rev + 1 };

/** The keys by which an entry was found or will be. */
type SeenAgain = { leading: readonly string[]; at: number };

/**
 * The entry after it has been shown once more; null where nothing of it changes. What leads to a row that is done is not
 * noted: it ends by itself.
 */
export const seenAgain = (row: EntryRow, { leading, at }: SeenAgain): EntryRow | null => {
  const next = {
    expiresAt: endOf(row, at),
    leading: finalStates.has(row.state) ? row.leading : withLeading(row.leading, leading),
  };
  const isSame = next.expiresAt === row.expiresAt && next.leading === row.leading;
  return isSame ? null : { ...row, ...next, rev: row.rev + 1 };
};

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
  const more = keys.filter((key) => !known.includes(key)).slice(0, Math.max(0, mostLeading - known.length));
  return more.length === 0 ? known : [...known, ...more];
};

/** Who shows an entry again, under which key of its own, and the keys by which it was found or will be. */
type SeenAgain = { by: string; own: string; leading: readonly string[]; at: number };

/** Who meets an entry first notes its own key in the same write: only that key may come again as the same story. */
const ledBy = (row: EntryRow, { by, own }: SeenAgain): string[] =>
  row.metBy.includes(by) || own === row.key || row.leading.includes(own)
    ? row.leading
    : [...row.leading, own];

/**
 * The entry after a feed or webhook has shown it once more; null where nothing of it changes. What else leads to a row
 * that is done is not noted: it ends by itself.
 */
export const seenAgain = (row: EntryRow, seen: SeenAgain): EntryRow | null => {
  const { by, leading, at } = seen;
  const led = ledBy(row, seen);
  const next = {
    expiresAt: endOf(row, at),
    metBy: row.metBy.includes(by) ? row.metBy : [...row.metBy, by].slice(-mostMet),
    leading: finalStates.has(row.state) ? led : withLeading(led, leading),
  };
  const isSame = next.expiresAt === row.expiresAt && next.metBy === row.metBy && next.leading === row.leading;
  return isSame ? null : { ...row, ...next, rev: row.rev + 1 };
};

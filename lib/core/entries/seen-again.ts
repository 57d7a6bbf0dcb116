import { keepMs, pointerKeepMs } from '../dash/timing.ts';
import { type EntryRow, finalStates, type LedgerRow } from '../ledger/row.ts';

const monthSeconds = 30 * 24 * 3600;

/** The expiry in epoch seconds of a row that is seen now; unchanged if it would move by less than a month. */
const endOf = ({ type, expiresAt }: LedgerRow, at: number): number | null => {
  const end = Math.ceil((at + (type === 'entry' ? keepMs : pointerKeepMs)) / 1000);
  return expiresAt !== null && end - expiresAt > monthSeconds ? end : expiresAt;
};

/** Extends the expiry of a row from now. Null if it would move by less than a month. */
export const renewExpiry = <R extends LedgerRow>(row: R, at: number): R | null => {
  const expiresAt = endOf(row, at);
  return expiresAt === row.expiresAt ? null : { ...row, expiresAt, rev: row.rev + 1 };
};

const maxMet = 50;
/**
 * A link that changes with every request creates a key each time; the first ones are those that other feeds may share.
 */
const maxLeading = 30;

/** The known keys that lead to an entry, with the missing ones added. */
export const withLeading = (known: string[], keys: readonly string[]): string[] => {
  const more = keys.filter((key) => !known.includes(key)).slice(0, Math.max(0, maxLeading - known.length));
  return more.length === 0 ? known : [...known, ...more];
};

/** The feed or webhook that shows an entry again, its own key, and the keys by which it was or will be found. */
type SeenAgain = { by: string; own: string; leading: readonly string[]; at: number };

/**
 * The first feed that shows an entry stores its own key in the same write: only that key may recur as the same story.
 */
const ledBy = (row: EntryRow, { by, own }: SeenAgain): string[] =>
  row.seenIn.includes(by) || own === row.key || row.leading.includes(own)
    ? row.leading
    : [...row.leading, own];

/**
 * The row after a feed or webhook has shown the entry again; null if nothing changes. Further keys are not added to a
 * final row, because they expire by themselves.
 */
export const seenAgain = (row: EntryRow, seen: SeenAgain): EntryRow | null => {
  const { by, leading, at } = seen;
  const led = ledBy(row, seen);
  const next = {
    expiresAt: endOf(row, at),
    seenIn: row.seenIn.includes(by) ? row.seenIn : [...row.seenIn, by].slice(-maxMet),
    leading: finalStates.has(row.state) ? led : withLeading(led, leading),
  };
  const isSame =
    next.expiresAt === row.expiresAt && next.seenIn === row.seenIn && next.leading === row.leading;
  return isSame ? null : { ...row, ...next, rev: row.rev + 1 };
};

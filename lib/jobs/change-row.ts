import { retryable } from '../core/errors.ts';
import type { Transition } from '../core/ledger/entry-state.ts';
import type { EntryRow } from '../core/ledger/row.ts';
import type { Ledger } from '../core/ports.ts';

const maxTurns = 20;

/**
 * Makes one transition of a row, based on exactly the version it was decided from; a row that changed meanwhile is
 * read and decided again. Returns the written row, or null when the transition does not apply or there is no entry.
 * `seen` saves the first read when the caller has just read the row.
 */
export const changeRow = async (
  { ledger }: { ledger: Pick<Ledger, 'read' | 'replace'> },
  key: string,
  transition: Transition,
  seen?: EntryRow,
): Promise<EntryRow | null> => {
  let row = seen ?? (await ledger.read(key));
  for (let turn = 0; turn < maxTurns; turn++) {
    const next = row?.type === 'entry' ? transition(row) : null;
    if (next === null) return null;
    if (await ledger.replace(next)) return next;
    row = await ledger.read(key);
  }
  throw retryable('ledger.contended', `${key} changed concurrently ${maxTurns} times; it will be retried`);
};

import { queuePlace } from '../../core/ledger/queue-order.ts';
import type { EntryRow, LedgerRow } from '../../core/ledger/row.ts';
import { isUnreadableRow } from '../../core/ledger/row.ts';
import type { Clock, Ledger, WakeUp } from '../../core/ports.ts';

type Deps = { ledger: Pick<Ledger, 'read' | 'oldestQueued'>; clock: Clock };

/** The index is some moments behind its table: so many rows that it shows may be gone. */
const mostTried = 5;

/** Queued, or of unknown outcome and to be looked up; a row that waits for a person has nothing to wake it. */
const isDue = ({ state, wakeAt, dueAt }: EntryRow, now: number): boolean =>
  (state === 'queued' || (state === 'uncertain' && wakeAt !== null)) && dueAt <= now;

const readIfReadable = async ({ ledger }: Deps, key: string): Promise<LedgerRow | null> => {
  try {
    return await ledger.read(key);
  } catch (error) {
    if (!isUnreadableRow(error)) throw error;
    return null;
  }
};

const oldestQueued = async (
  deps: Deps,
  { feed, brand }: EntryRow,
  before?: string,
): Promise<EntryRow | null> => {
  const now = deps.clock();
  const asked = { feed, until: now, limit: mostTried, ...(before !== undefined && { before }) };
  for (const key of await deps.ledger.oldestQueued(asked)) {
    const row = await readIfReadable(deps, key);
    if (row?.type !== 'entry' || row.state !== 'queued' || !isDue(row, now)) continue;
    if (row.feed === feed && row.brand === brand) return row;
  }
  return null;
};

/**
 * The row that a wake-up is for: the one it names, or, where that has gone already, the oldest of its feed that may go
 * now. A row that tries a door goes itself. Null: nothing may go.
 */
export const wokenRow = async (deps: Deps, { key, probe }: WakeUp): Promise<EntryRow | null> => {
  const named = await deps.ledger.read(key);
  if (named?.type !== 'entry') return null;
  if (isDue(named, deps.clock())) return named;
  return probe === undefined ? oldestQueued(deps, named) : null;
};

/**
 * The oldest row that may go now of a woken row's feed and brand, else the woken one: a feed's entries are sent in their
 * order, however their messages come. As many wake-ups as rows are sent, so the woken one finds another. A row of
 * unknown outcome, and one that tries a door, goes itself.
 *
 * Costs a query of half a read unit, and a read where another row goes.
 */
export const rowInTurn = async (deps: Deps, woken: EntryRow, { probe }: WakeUp): Promise<EntryRow> => {
  if (probe !== undefined || woken.state !== 'queued') return woken;
  return (await oldestQueued(deps, woken, queuePlace(woken))) ?? woken;
};

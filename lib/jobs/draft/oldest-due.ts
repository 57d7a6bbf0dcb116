import { isUpdateDue } from '../../core/ledger/draft-update.ts';
import { queuePlace } from '../../core/ledger/queue-order.ts';
import type { EntryRow, LedgerRow } from '../../core/ledger/row.ts';
import { isUnreadableRow } from '../../core/ledger/row.ts';
import type { Clock, Ledger, WakeUp } from '../../core/ports.ts';

type Deps = { ledger: Pick<Ledger, 'read' | 'oldestQueued'>; clock: Clock };

/** The index lags slightly behind its table: this many of its rows may be gone. */
const maxTried = 5;

/** Queued, or of unknown outcome and waiting for a look-up; a row that needs attention has no wake time. */
const isDue = (row: EntryRow, now: number): boolean => isToSend(row, now) || isUpdateDue(row, now);

const isToSend = ({ state, wakeAt, dueAt }: EntryRow, now: number): boolean =>
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
  const query = { feed, until: now, limit: maxTried, ...(before !== undefined && { before }) };
  for (const key of await deps.ledger.oldestQueued(query)) {
    const row = await readIfReadable(deps, key);
    if (row?.type !== 'entry' || row.state !== 'queued' || !isDue(row, now)) continue;
    if (row.feed === feed && row.brand === brand) return row;
  }
  return null;
};

/**
 * The row that a wake-up is for: the named one or, if that has been sent, the oldest of its feed that may be sent
 * now. A trial row is always sent itself. Null: no row may be sent.
 */
export const wokenRow = async (deps: Deps, { key, probe }: WakeUp): Promise<EntryRow | null> => {
  const named = await deps.ledger.read(key);
  if (named?.type !== 'entry') return null;
  if (isDue(named, deps.clock())) return named;
  return probe === undefined ? oldestQueued(deps, named) : null;
};

/**
 * The oldest row of the woken row's feed and brand that may be sent now, or else the woken one: a feed's entries are
 * sent in order, whatever the order of messages. There are as many wake-ups as rows, so that the woken row is sent by
 * another one. Rows of unknown outcome and trial rows are handled themselves.
 *
 * Costs a query of half a read unit, and a read if another row is sent.
 */
export const rowInTurn = async (deps: Deps, woken: EntryRow, { probe }: WakeUp): Promise<EntryRow> => {
  if (probe !== undefined || woken.state !== 'queued') return woken;
  return (await oldestQueued(deps, woken, queuePlace(woken))) ?? woken;
};

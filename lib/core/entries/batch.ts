import type { EntryRow } from '../ledger/row.ts';

const heldTogether: ReadonlySet<string> = new Set([
  'entry.mass-reissue',
  'entry.late',
  'entry.out-of-order',
  'entry.looks-like',
]);

/**
 * The id of the batch in which a poll holds what may be old rather than new: `newsroom.12`. `rev`: the version of the
 * feed's row that it was judged from, so that a poll that is repeated holds the same batch. Null for a code that
 * concerns its entry alone.
 */
export const batchId = (feed: string, rev: number, code: string): string | null =>
  heldTogether.has(code) ? `${feed}.${rev}` : null;

/** Why a row is held; null when it is not. */
export const heldFor = ({ state, history }: Pick<EntryRow, 'state' | 'history'>): string | null =>
  state === 'held' ? (history.findLast((moment) => moment.state === 'held')?.code ?? null) : null;

/** The batch in which a row is held now; null when it is not held, or held for a reason of its own. */
export const heldInBatch = (row: Pick<EntryRow, 'state' | 'history' | 'batch'>): string | null =>
  heldTogether.has(heldFor(row) ?? '') ? row.batch : null;

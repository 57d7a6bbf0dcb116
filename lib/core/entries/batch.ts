import { isNote } from '../ledger/history.ts';
import type { EntryRow } from '../ledger/row.ts';

const heldTogether: ReadonlySet<string> = new Set([
  'entry.mass-reissue',
  'entry.late',
  'entry.out-of-order',
  'entry.looks-like',
]);

/**
 * The ID of the batch in which a poll holds entries that may be old: `newsroom.12`. `rev`: the version of the feed's
 * row used for the decision, so that a repeated poll holds the same batch. Null for a code that concerns a single
 * entry.
 */
export const batchId = (feed: string, rev: number, code: string): string | null =>
  heldTogether.has(code) ? `${feed}.${rev}` : null;

/** The code for which a row is held; null if it is not held. */
export const heldFor = ({ state, history }: Pick<EntryRow, 'state' | 'history'>): string | null =>
  state === 'held'
    ? (history.findLast((moment) => moment.state === 'held' && !isNote(moment))?.code ?? null)
    : null;

/** The batch in which a row is held now; null if it is not held, or held on its own. */
export const heldInBatch = (row: Pick<EntryRow, 'state' | 'history' | 'batch'>): string | null =>
  heldTogether.has(heldFor(row) ?? '') ? row.batch : null;

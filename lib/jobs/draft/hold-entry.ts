import { hold } from '../../core/ledger/entry-state.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { Clock, Invocation, Ledger } from '../../core/ports.ts';
import { changeRow } from '../change-row.ts';

type Deps = { ledger: Pick<Ledger, 'read' | 'replace'>; clock: Clock };
type Reason = { code: string; detail?: string };

/** Holds a queued row for a decision and logs the reason. */
export const holdEntry = async (
  deps: Deps,
  row: EntryRow,
  { code, detail }: Reason,
  invocation: Invocation,
): Promise<void> => {
  const held = await changeRow(deps, row.key, hold(deps.clock(), code, detail), row);
  if (held) invocation.report({ event: 'draft.held', key: row.key, feed: row.feed, brand: row.brand, code });
};

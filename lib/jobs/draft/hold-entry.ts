import { hold } from '../../core/ledger/entry-state.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { Call, Clock, Ledger } from '../../core/ports.ts';
import { changeRow } from '../change-row.ts';

type Needs = { ledger: Pick<Ledger, 'read' | 'replace'>; clock: Clock };
type Reason = { code: string; detail?: string };

/** Leaves a queued row to a person, and tells why. */
export const holdEntry =
  (services: Needs) =>
  async (row: EntryRow, { code, detail }: Reason, call: Call): Promise<void> => {
    const held = await changeRow(services)(row.key, hold(services.clock(), code, detail), row);
    if (held) call.report({ event: 'draft.held', key: row.key, feed: row.feed, brand: row.brand, code });
  };

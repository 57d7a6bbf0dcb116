import { keepEntryOfDraftMs } from '../../core/dash/timing.ts';
import { AppError } from '../../core/errors.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { Clock, Ledger } from '../../core/ports.ts';

type Deps = { ledger: Pick<Ledger, 'setStoredEntryExpiry'>; clock: Clock };

/**
 * Has the entry of a row that has become a draft forgotten in 30 days. Nobody misses what fails here: the entry is kept
 * for longer, until the time that it was given when it was first seen.
 */
export const expireStoredEntry = async ({ ledger, clock }: Deps, row: EntryRow | null): Promise<void> => {
  if (row?.state !== 'drafted' || row.storedAs === null) return;
  try {
    await ledger.setStoredEntryExpiry(row.storedAs, clock() + keepEntryOfDraftMs);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
};

import { keepEntryOfDraftMs } from '../../core/dash/timing.ts';
import { AppError } from '../../core/errors.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { Clock, Ledger } from '../../core/ports.ts';

type Deps = { ledger: Pick<Ledger, 'setStoredEntryExpiry'>; clock: Clock };

/**
 * Lets the stored entry of a row that became a draft expire in 30 days. A failure does no harm: the entry stays until
 * its original expiry.
 */
export const expireStoredEntry = async ({ ledger, clock }: Deps, row: EntryRow | null): Promise<void> => {
  if (row?.state !== 'drafted' || row.storedAs === null) return;
  try {
    await ledger.setStoredEntryExpiry(row.storedAs, clock() + keepEntryOfDraftMs);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
};

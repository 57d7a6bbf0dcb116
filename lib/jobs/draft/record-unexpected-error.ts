import { backOffMs } from '../../core/backoff.ts';
import { rowBackOff } from '../../core/dash/timing.ts';
import { AppError } from '../../core/errors.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import { failUnexpectedly } from '../../core/ledger/unexpected-error.ts';
import type { Clock, Invocation, Ledger } from '../../core/ports.ts';
import { changeRow } from '../change-row.ts';

type Deps = { ledger: Pick<Ledger, 'read' | 'replace'>; clock: Clock; random: () => number };

/**
 * Records on a row that a bug stopped its processing, with the error, so that the row is neither retried without end
 * nor stuck without a reason. `seen`: the row as last known to the failed code. Errors that we throw ourselves are
 * not bugs.
 */
export const recordUnexpectedError = async (
  deps: Deps,
  error: unknown,
  seen: EntryRow,
  invocation: Invocation,
): Promise<void> => {
  if (error instanceof AppError) return;
  const { clock, random } = deps;
  const message = error instanceof Error ? error.message : String(error);
  const waitMs = (times: number) => backOffMs(times, rowBackOff, random());
  const { key, feed, brand } = seen;
  const row = await changeRow(deps, key, failUnexpectedly(seen, { at: clock(), message, waitMs }));
  if (!row) return;
  const { code = '' } = row.history.at(-1) ?? {};
  if (row.state === 'held') invocation.report({ event: 'draft.held', key, feed, brand, code });
  else if (seen.state === 'drafting')
    invocation.report({ event: 'draft.uncertain', key, feed, brand, code, message });
  else invocation.report({ event: 'draft.deferred', key, feed, brand, code, message, dueAt: row.dueAt });
};

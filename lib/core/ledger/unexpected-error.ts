import { hold, settleUncertain, step, type Transition } from './entry-state.ts';
import type { EntryRow } from './row.ts';

/** After this many unexpected errors an entry is left for a decision. */
export const parkAfter = 5;

const codes: readonly string[] = ['draft.unexpected', 'draft.not-begun'];

type Unexpected = { at: number; message: string; waitMs: (times: number) => number };

/** Counted since the last decision about the row. */
const timesBefore = ({ history }: EntryRow): number => {
  const decided = history.findLastIndex(({ code }) => code.startsWith('move.'));
  return history.slice(decided + 1).filter(({ code }) => codes.includes(code)).length;
};

/**
 * Handles an unexpected error while a worker processed a row, whose last known version is `seen`. Before the POST the
 * row waits, longer each time, and is finally held. If the POST may have been sent, the row's policy decides; a policy
 * that would look up and retry ends with the last time too. Null if the row has changed since, because the stored
 * version is newer than the error.
 */
export const failUnexpectedly =
  (seen: EntryRow, { at, message, waitMs }: Unexpected): Transition =>
  (row) => {
    if (row.rev !== seen.rev) return null;
    const times = timesBefore(row) + 1;
    const isLast = times >= parkAfter;
    const dueAt = at + waitMs(times);
    switch (row.state) {
      case 'queued':
        return isLast ? hold(at, 'draft.not-begun', message)(row) : notBegun(row, { at, dueAt, message });
      case 'uncertain':
        return step(
          row,
          { at, state: 'uncertain', code: 'draft.not-begun', detail: message },
          isLast ? { wakeAt: null } : { dueAt, wakeAt: dueAt },
        );
      case 'drafting':
        return parked(settleUncertain(row.claimId ?? '', at, 'draft.unexpected', message)(row), isLast);
      default:
        return null;
    }
  };

const notBegun = (row: EntryRow, { at, dueAt, message }: { at: number; dueAt: number; message: string }) =>
  step(
    row,
    { at, state: 'queued', code: 'draft.not-begun', detail: message },
    { dueAt, wakeAt: dueAt, failures: row.failures + 1 },
  );

const parked = (row: EntryRow | null, isLast: boolean): EntryRow | null =>
  row?.state === 'uncertain' && isLast ? { ...row, wakeAt: null } : row;

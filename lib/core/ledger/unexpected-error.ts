import { hold, settleUncertain, step, type Transition } from './entry-state.ts';
import type { EntryRow } from './row.ts';

/** So often an error that nobody foresaw may stop an entry; then it is left to a person. */
export const parkAfter = 5;

const codes: readonly string[] = ['draft.unexpected', 'draft.not-begun'];

type Unexpected = { at: number; message: string; waitMs: (times: number) => number };

/** Since a person has last decided about the row. */
const timesBefore = ({ history }: EntryRow): number => {
  const decided = history.findLastIndex(({ code }) => code.startsWith('move.'));
  return history.slice(decided + 1).filter(({ code }) => codes.includes(code)).length;
};

/**
 * An error that nobody foresaw, thrown while a worker was at a row, whose last version it knew is `seen`. Before the
 * POST the row waits, longer each time, and is held at last. Once it may have left, the row's policy decides; where
 * that is to look it up and try again, it ends with the last time too. Null when the row has changed since: then
 * what is written there is newer than the error.
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

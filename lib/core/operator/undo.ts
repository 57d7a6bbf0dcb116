import { titleOf } from '../entries/title-of.ts';
import { permanent } from '../errors.ts';
import type { Transition } from '../ledger/entry-state.ts';
import { withMoment } from '../ledger/history.ts';
import { type EntryRow, restoredFields, type Undoable } from '../ledger/row.ts';

/** How long a decision made by a person waits, so that it can be undone before anything is sent. */
export const undoMs = 10_000;

const changedFields = (row: EntryRow, next: EntryRow): Partial<EntryRow> =>
  Object.fromEntries(
    restoredFields.filter((field) => row[field] !== next[field]).map((field) => [field, row[field]]),
  );

/** A decision that records what it changes, so that it can be undone. */
export const withUndo =
  (of: Undoable, decision: Transition): Transition =>
  (row) => {
    const next = decision(row);
    return next && { ...next, undo: { of, before: changedFields(row, next) } };
  };

/** When a decision about a queued row is sent, and can no longer be undone; null: not within `undoMs`, or no decision. */
export const undoneUntil = ({ state, undo, dueAt }: EntryRow, now: number): number | null =>
  undo !== null && state === 'queued' && dueAt > now && dueAt <= now + undoMs ? dueAt : null;

const sentText = (row: EntryRow): string | null => {
  const { state, postId } = row;
  const name = `“${titleOf(row)}”`;
  if (state === 'drafting') return `${name} is being sent to Dash Social, so it is too late to undo that.`;
  if (state !== 'drafted') return null;
  return `${name} was sent already: ${postId === null ? 'its draft' : `draft ${postId}`} is in Dash Social. Delete it there if you do not want it.`;
};

const refuse = (row: EntryRow) =>
  permanent(
    'undo.too-late',
    sentText(row) ?? `“${titleOf(row)}” has no decision to undo: it has changed since, or none was made.`,
  );

/**
 * Puts a row back to what it was before the last decision. Throws permanent `undo.too-late` if it was claimed or
 * changed since, naming its draft if there is one.
 */
export const undoLast =
  ({ at, by }: { at: number; by: string }): Transition =>
  (row) => {
    if (row.undo === null) throw refuse(row);
    const { of, before } = row.undo;
    const back = { ...row, ...(before as Partial<EntryRow>) };
    const moment = { at, state: back.state, code: `undo.${of}`, detail: `by ${by}` };
    return { ...back, undo: null, rev: row.rev + 1, history: withMoment(row.history, moment) };
  };

import { maxMoments } from '../dash/timing.ts';
import type { EntryRow, Moment } from './row.ts';

const noted = /^(?:edit|undo|article)\.|^post\.rendered-again$|^media\.unchecked$/;

/** Whether a moment records something about a row without being the reason for its state. */
export const isNote = ({ code }: Pick<Moment, 'code'>): boolean => noted.test(code);

/** A history with one more moment. Of a full one, notes are dropped before reasons, each the oldest first. */
export const withMoment = (history: readonly Moment[], moment: Moment): Moment[] => {
  if (history.length < maxMoments) return [...history, moment];
  const oldest = Math.max(0, history.findIndex(isNote));
  return [...history.toSpliced(oldest, 1), moment];
};

/** The latest moment that is a reason for the row's state, and not only a note. */
export const lastReason = ({ history }: Pick<EntryRow, 'history'>): Moment | undefined =>
  history.findLast((moment) => !isNote(moment)) ?? history.at(-1);

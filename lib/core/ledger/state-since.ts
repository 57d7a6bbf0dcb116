import type { EntryRow } from './row.ts';

type Past = Pick<EntryRow, 'history' | 'state' | 'seenAt'>;

/** Where the time before an undone decision ended: the index of that decision, or of the undo itself. */
const undoneAt = (history: EntryRow['history'], undo: number): number => {
  const decision = history[undo]?.code.replace('undo.', 'move.');
  const found = history.slice(0, undo).findLastIndex(({ code }) => code === decision);
  return found === -1 ? undo : found;
};

/**
 * When the state that a row is in now began, whatever was noted in it since; epoch milliseconds. A decision that was
 * undone does not count.
 */
export const stateSince = ({ history, state, seenAt }: Past): number => {
  let since = seenAt;
  for (let at = history.length - 1; at >= 0 && history[at]?.state === state; at--) {
    since = history[at]?.at ?? since;
    if (history[at]?.code.startsWith('undo.')) at = undoneAt(history, at);
  }
  return since;
};

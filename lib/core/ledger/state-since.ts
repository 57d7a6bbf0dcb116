import type { EntryRow } from './row.ts';

/** When the state that a row is in now began, whatever was noted in it since; epoch milliseconds. */
export const stateSince = ({
  history,
  state,
  seenAt,
}: Pick<EntryRow, 'history' | 'state' | 'seenAt'>): number => {
  const before = history.findLastIndex((moment) => moment.state !== state);
  return history[before + 1]?.at ?? seenAt;
};

import { isPossibleDuplicate } from '../lib/core/entries/identity/possible-duplicate.ts';
import { type EntryRow, type State, states } from '../lib/core/ledger/row.ts';

/** Filters of entries: a state, all that need a decision, or possible duplicates. */
export type Kind = State | 'waits' | 'duplicates';

/** Whether an entry needs a decision. */
export const waitsForPerson = ({ state, wakeAt }: Pick<EntryRow, 'state' | 'wakeAt'>): boolean =>
  state === 'held' ||
  state === 'review' ||
  state === 'rejected' ||
  (state === 'uncertain' && wakeAt === null);

const kinds: Partial<Record<Kind, (row: EntryRow) => boolean>> = {
  waits: waitsForPerson,
  duplicates: isPossibleDuplicate,
};

export const isOfKind = (row: EntryRow, kind: Kind): boolean => kinds[kind]?.(row) ?? row.state === kind;

/** The number of entries per filter. */
export const entryCounts = (rows: readonly EntryRow[]): Record<Kind, number> => {
  const counts = Object.fromEntries(['waits', 'duplicates', ...states].map((kind) => [kind, 0])) as Record<
    Kind,
    number
  >;
  for (const row of rows) {
    counts[row.state] += 1;
    if (waitsForPerson(row)) counts.waits += 1;
    if (isPossibleDuplicate(row)) counts.duplicates += 1;
  }
  return counts;
};

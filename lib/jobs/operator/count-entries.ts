import { type ListGroup, listGroups, statesIn } from '../../core/ledger/list-place.ts';
import { type State, states } from '../../core/ledger/row.ts';
import { countLimit } from '../../core/operator/count-text.ts';
import type { Ledger } from '../../core/ports.ts';

type Reads = Pick<Ledger, 'listed' | 'count'>;
type Counts = Partial<Record<State, number>>;

export type EntryCounts = {
  /** By state, without those that have none; 1,001 means more than 1,000. */
  byState: Counts;
  /** When the oldest entry that waits to be sent was first seen; null if there is none, or more than 1,000. */
  oldestQueuedAt: number | null;
};

/** A group of several states is read, a group of one is counted by the table. */
const countGroup = async (ledger: Reads, group: ListGroup): Promise<EntryCounts> => {
  const [state, ...others] = statesIn(group);
  if (state !== undefined && others.length === 0)
    return { byState: { [state]: await ledger.count(group, countLimit + 1) }, oldestQueuedAt: null };
  const { rows } = await ledger.listed({ group, limit: countLimit + 1 });
  const queued = rows.filter((row) => row.state === 'queued');
  return {
    byState: Object.fromEntries(
      statesIn(group).map((one) => [one, rows.filter((row) => row.state === one).length]),
    ),
    oldestQueuedAt:
      queued.length === 0 || rows.length > countLimit
        ? null
        : queued.reduce((oldest, { seenAt }) => Math.min(oldest, seenAt), Number.POSITIVE_INFINITY),
  };
};

/** Counts the entries of every state, in one request each. */
export const countEntries = async (ledger: Reads): Promise<EntryCounts> => {
  const groups = await Promise.all(listGroups.map((group) => countGroup(ledger, group)));
  const all: Counts = Object.assign({}, ...groups.map(({ byState }) => byState));
  return {
    byState: Object.fromEntries(states.flatMap((state) => (all[state] ? [[state, all[state]]] : []))),
    oldestQueuedAt: groups.find(({ oldestQueuedAt }) => oldestQueuedAt !== null)?.oldestQueuedAt ?? null,
  };
};

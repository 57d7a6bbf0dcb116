import * as v from 'valibot';
import { isNote } from '../ledger/history.ts';
import { EntryRow, type Moment, type State } from '../ledger/row.ts';
import { readStored } from '../read-stored.ts';
import { commonFields, type EntryEvent } from './change-event.ts';

/** The part of an entry's row that its events are made from. */
const ChangedEntry = v.pick(EntryRow, [
  'key',
  'rev',
  'state',
  'feed',
  'brand',
  'title',
  'link',
  'seenAt',
  'postId',
  'history',
]);
export type ChangedEntry = v.InferOutput<typeof ChangedEntry>;

/** Parses that part of a stored row. Throws permanent `ledger.corrupt-row`. */
export const parseChangedEntry: (key: string, stored: unknown) => ChangedEntry = readStored(
  ChangedEntry,
  'ledger.corrupt-row',
  'Ledger row',
);

const isSame = (a: Moment | undefined, b: Moment): boolean =>
  a?.at === b.at && a.state === b.state && a.code === b.code && a.detail === b.detail;

/**
 * The moments that were added to a history. It only grows at its end, but a full one drops moments in between, and a
 * repeated postponement replaces its last one: so what it begins with are moments of the old one, in their order.
 */
const addedMoments = (before: readonly Moment[], after: readonly Moment[]): Moment[] => {
  let kept = 0;
  for (const moment of before) {
    const next = after[kept];
    if (next !== undefined && isSame(moment, next)) kept += 1;
  }
  return after.slice(kept);
};

const withoutRepeats = (passed: readonly State[], before: State | null): State[] =>
  passed.filter((state, at) => state !== (at === 0 ? before : passed[at - 1]));

/** The states that an entry passed from one version of its row to the next, in order; none: its state is the same. */
export const statesPassed = (old: ChangedEntry | null, row: ChangedEntry): State[] => {
  const added = addedMoments(old?.history ?? [], row.history).map(({ state }) => state);
  return withoutRepeats([...added, row.state], old?.state ?? null);
};

/** The moment that explains the state that a row is in. */
const reasonOf = ({ history, state }: ChangedEntry): Moment | undefined =>
  history.findLast((moment) => moment.state === state && !isNote(moment)) ?? history.at(-1);

const eventOf = (
  row: ChangedEntry,
  progress: Pick<EntryEvent, 'previous_state' | 'states' | 'replay'>,
): EntryEvent => {
  const { key, rev, state, feed, brand, title, link, seenAt, postId } = row;
  const reason = reasonOf(row);
  return {
    type: `entry.${state}`,
    ...commonFields({
      subject: `entry/${key}/${seenAt}`,
      rev,
      at: row.history.at(-1)?.at ?? seenAt,
      reason: reason?.code ?? 'entry.unknown',
    }),
    state,
    ...progress,
    entry: key,
    feed,
    brand,
    title,
    link,
    draft_id: postId,
  };
};

/**
 * The event of a change from one version of an entry's row to another; null if the entry passed no other state. `old`
 * null: it is new.
 */
export const entryEvent = (old: ChangedEntry | null, row: ChangedEntry): EntryEvent | null => {
  const states = statesPassed(old, row);
  if (states.length === 0) return null;
  return eventOf(row, { previous_state: old?.state ?? null, states, replay: false });
};

/** The state that an entry is in, for consumers that have missed events. Its ID is that of the version it shows. */
export const presentEntry = (row: ChangedEntry): EntryEvent =>
  eventOf(row, { previous_state: null, states: [row.state], replay: true });

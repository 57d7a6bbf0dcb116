import type { State } from '../ledger/row.ts';
import { draftWaitsMs, heldAgainMs, newAlert, retryChannelsMs } from './alert.ts';
import { type AlertFacts, type AlertKind, type AlertRow, observedKinds } from './alert-row.ts';

const observable: ReadonlySet<AlertKind> = new Set(observedKinds);

/** Kinds for which each further one is notified again, but no sooner than this long after the last. */
const grows: ReadonlyMap<AlertKind, number> = new Map([
  ['outcome-unknown', 0],
  ['possible-duplicates', 0],
  ['entries-held', heldAgainMs],
  ['article-changed', heldAgainMs],
]);

export type Looked = {
  now: number;
  /** Everything that is the case now. */
  observed: AlertFacts[];
  /** Kinds that could not be checked; their alerts neither begin nor end. */
  blind: ReadonlySet<AlertKind>;
  /** The state of the entry that each alert is about; null if there is no such entry. */
  entryStates: ReadonlyMap<string, State | null>;
  channelsFor: (kind: AlertKind) => string[];
};

/** A row to write over the previous one (`rev` 1: a new row), or to remove. */
type AlertChange = { row: AlertRow; remove: boolean };

type Changed = AlertRow | 'remove' | null;

const changed = (row: AlertRow, changes: Partial<AlertRow>): AlertRow => ({
  ...row,
  ...changes,
  rev: row.rev + 1,
});

const news = (row: AlertRow, changes: Partial<AlertRow>, { now, channelsFor }: Looked): AlertRow =>
  changed(row, { ...changes, changedAt: now, pendingChannels: channelsFor(row.kind) });

const stillOn = (row: AlertRow, facts: AlertFacts, looked: Looked): Changed => {
  const { since, notifyAt, count, detail, entryKey } = facts;
  if (row.endedAt !== null)
    return news(row, { since, notifyAt, count, detail, entryKey, endedAt: null, notified: false }, looked);
  if (row.kind === 'entries-to-review' && since > row.since)
    return news(row, { since, notifyAt, count, detail, entryKey }, looked);
  const pauseMs = grows.get(row.kind);
  if (pauseMs === undefined || count === row.count) return null;
  if ((count ?? 0) < (row.count ?? 0)) return changed(row, { count, detail, entryKey });
  return row.changedAt + pauseMs <= looked.now ? news(row, { count, detail, entryKey }, looked) : null;
};

/** Reminders, whose end is no news. */
const reminders: ReadonlySet<AlertKind> = new Set(['entries-to-review', 'article-changed']);

/** An end is not notified if the beginning was not, or if it is a reminder. */
const over = (row: AlertRow, looked: Looked): Changed =>
  row.notified && !reminders.has(row.kind) ? news(row, { endedAt: looked.now }, looked) : 'remove';

const isDelivered = ({ pendingChannels }: AlertRow) => pendingChannels?.length === 0;

/** States from which no draft will come. */
const noDraft: ReadonlySet<State | null> = new Set([
  null,
  'rejected',
  'held',
  'dismissed',
  'baselined',
  'filtered',
]);

const eventChange = (row: AlertRow, looked: Looked): Changed => {
  const state = looked.entryStates.get(row.id) ?? null;
  switch (row.kind) {
    case 'draft-made':
      return isDelivered(row) || noDraft.has(state) || row.since + draftWaitsMs <= looked.now
        ? 'remove'
        : null;
    case 'possible-gap':
      return isDelivered(row) && row.since + retryChannelsMs <= looked.now ? 'remove' : null;
    case 'not-as-configured': // raised just before its row is held
      return state === 'held' || state === 'queued' ? null : over(row, looked);
    default:
      return state === 'held' ? null : over(row, looked);
  }
};

const unobserved = (row: AlertRow, looked: Looked): Changed => {
  if (row.endedAt !== null) return isDelivered(row) ? 'remove' : null;
  if (!observable.has(row.kind)) return eventChange(row, looked);
  return looked.blind.has(row.kind) ? null : over(row, looked);
};

/** A channel that failed for a day is given up. */
const settled = (row: AlertRow, { now, channelsFor }: Looked): Changed => {
  if (row.pendingChannels === null)
    return changed(row, { pendingChannels: channelsFor(row.kind), changedAt: now });
  const isOld = Math.max(row.changedAt, row.notifyAt) + retryChannelsMs <= now;
  return isOld && row.kind !== 'draft-made' && row.pendingChannels.length > 0
    ? changed(row, { pendingChannels: [] })
    : null;
};

const begun = (facts: AlertFacts, { now, channelsFor }: Looked): AlertRow => ({
  ...newAlert(facts),
  changedAt: now,
  pendingChannels: channelsFor(facts.kind),
});

/**
 * Returns the changes that make the alert rows match what is observed. Conditions that begin, grow or end become
 * pending on each of their channels. Rows that already match are not written.
 */
export const reconcileAlerts = (rows: AlertRow[], looked: Looked): AlertChange[] => {
  const facts = new Map(looked.observed.map((one) => [one.id, one]));
  const changes = rows.flatMap((row): AlertChange[] => {
    const seen = facts.get(row.id);
    const change = (seen ? stillOn(row, seen, looked) : unobserved(row, looked)) ?? settled(row, looked);
    if (change === null) return [];
    return change === 'remove' ? [{ row, remove: true }] : [{ row: change, remove: false }];
  });
  const known = new Set(rows.map(({ id }) => id));
  const begin = looked.observed.filter(({ id }) => !known.has(id));
  return [...changes, ...begin.map((one) => ({ row: begun(one, looked), remove: false }))];
};

/** Whether an alert is to be notified now. */
export const isDue = (row: AlertRow, state: State | null, now: number): boolean =>
  row.pendingChannels !== null &&
  row.pendingChannels.length > 0 &&
  row.notifyAt <= now &&
  (row.lockedUntil ?? 0) <= now &&
  (row.kind !== 'draft-made' || state === 'drafted') &&
  (row.kind !== 'not-as-configured' || row.endedAt !== null || state === 'held');

import type { EntryRow } from '../ledger/row.ts';
import type { AlertFacts, AlertRow } from './alert-row.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long something lasts before an alert is sent. */
export const alertAfterMs = {
  postingStopped: 30 * minute,
  feedFailing: day,
  nothingPolled: 15 * minute,
} as const;

/** A notice that no channel accepts is dropped after this time; a gap is reported once within it. */
export const retryChannelsMs = day;
/** A draft that is announced may take this long to come true. */
export const draftWaitsMs = 7 * day;
/** One more held entry of a feed is reported no sooner than this after the one before. */
export const heldAgainMs = hour;
/** How long a worker may take to send; then another may send. */
export const notifyLockMs = 2 * minute;

/** The row of an alert that was just raised. */
export const newAlert = (facts: AlertFacts): AlertRow => ({
  ...facts,
  rev: 1,
  endedAt: null,
  changedAt: facts.since,
  pendingChannels: null,
  notified: false,
  lockedUntil: null,
});

const batchPrefix = 'batch-held/';
/** The batch that an alert of kind `batch-held` is about. */
export const batchOfAlert = (id: string): string => id.replace(batchPrefix, '');

/** Entries of a feed are held together. `entryKey`: one of them, whose state shows whether it is still held. */
export const batchHeld = (held: {
  batch: string;
  feed: string;
  entries: number;
  entryKey: string;
  at: number;
}): AlertFacts => ({
  id: `${batchPrefix}${held.batch}`,
  kind: 'batch-held',
  subject: held.feed,
  since: held.at,
  notifyAt: held.at,
  count: held.entries,
  detail: null,
  entryKey: held.entryKey,
});

/** A poll shared no entry with the one before. One alert per feed, reported once a day at most. */
export const possibleGap = (feed: string, at: number): AlertFacts => ({
  id: `possible-gap/${feed}`,
  kind: 'possible-gap',
  subject: feed,
  since: at,
  notifyAt: at,
  count: null,
  detail: null,
  entryKey: null,
});

/** Raised before the row is held, and sent once it is: an entry's post goes further than feeds.yml allows. */
export const notAsConfigured = (
  { key, feed }: EntryRow,
  { at, detail = null }: { at: number; detail?: string | null },
): AlertFacts => ({
  id: `~not-as-configured/${key}`, // one an entry: however many there are, they come behind all else
  kind: 'not-as-configured',
  subject: feed,
  since: at,
  notifyAt: at,
  count: null,
  detail,
  entryKey: key,
});

/** Put up before the request for the draft leaves; told once the row says that the draft exists. */
export const draftMade = ({ key, feed }: EntryRow, at: number): AlertFacts => ({
  id: `~draft-made/${key}`, // flags are read by id: however many drafts there are, they come behind all else
  kind: 'draft-made',
  subject: feed,
  since: at,
  notifyAt: at,
  count: null,
  detail: null,
  entryKey: key,
});

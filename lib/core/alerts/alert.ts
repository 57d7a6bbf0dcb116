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

/** A notification that no channel accepts is dropped after this time; a possible gap is reported once within it. */
export const retryChannelsMs = day;
/** How long after its announcement a draft may still be created. */
export const draftWaitsMs = 7 * day;
/** The minimum time between two notifications about held entries of one feed. */
export const heldAgainMs = hour;
/** How long a worker may take to send before another worker may. */
export const notifyLockMs = 2 * minute;

/** The row of a new alert. */
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

/** Entries of a feed are held together. `entryKey`: one of them, whose state shows whether the batch is still held. */
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

/**
 * An entry is held because its post would be more public than feeds.yml allows. Raised before the row is held; sent
 * once it is.
 */
export const notAsConfigured = (
  { key, feed }: EntryRow,
  { at, detail = null }: { at: number; detail?: string | null },
): AlertFacts => ({
  id: `~not-as-configured/${key}`, // `~` sorts after all other alerts, because there may be one per entry
  kind: 'not-as-configured',
  subject: feed,
  since: at,
  notifyAt: at,
  count: null,
  detail,
  entryKey: key,
});

/** A draft was created. Raised before the request is sent; sent once the row shows that the draft exists. */
export const draftMade = ({ key, feed }: EntryRow, at: number): AlertFacts => ({
  id: `~draft-made/${key}`, // `~` sorts after all other alerts, because there is one per draft
  kind: 'draft-made',
  subject: feed,
  since: at,
  notifyAt: at,
  count: null,
  detail: null,
  entryKey: key,
});

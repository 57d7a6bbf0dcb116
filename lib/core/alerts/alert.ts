import type { EntryRow } from '../ledger/row.ts';
import type { AlertFacts, AlertRow } from './alert-row.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long something lasts before anybody is told. */
export const alertAfterMs = {
  postingStopped: 30 * minute,
  feedFailing: day,
  nothingPolled: 15 * minute,
} as const;

/** News that nobody could be told of are dropped after this long; a gap is told of once in it. */
export const retryChannelsMs = day;
/** A draft that is announced may take this long to come true. */
export const draftWaitsMs = 7 * day;
/** One more held entry of a feed is reported no sooner than this after the one before. */
export const heldAgainMs = hour;
/** Whoever tells has this long; then another may tell again. */
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

/** Entries of a feed are held together. `witness`: one of them, whose state shows whether it is still held. */
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

/** Nothing in a feed was known from last time. One flag a feed: what happens at each poll is told of once a day. */
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

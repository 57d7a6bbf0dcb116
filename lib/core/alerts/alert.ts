import type { EntryRow } from '../ledger/row.ts';

/** What is read off what is stored, whenever somebody looks: over when it is no longer seen. */
export const observedKinds = [
  'token-refused',
  'posting-stopped',
  'feed-failing',
  'uncertain-parked',
  'entry-held',
  'possible-duplicates',
  'dead-letters',
  'nothing-polled',
] as const;

/** What a person is told of; those that are not observed are raised where the event happens. */
export const alertKinds = [
  ...observedKinds,
  'batch-held',
  'possible-gap',
  'not-as-configured',
  'draft-made',
] as const;
export type AlertKind = (typeof alertKinds)[number];

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

/** `id` is the event: one row, one telling. Times are epoch milliseconds. */
export type AlertFacts = {
  id: string;
  kind: AlertKind;
  /** What it is about: a scope of the circuit breaker, a feed, a queue, an entry's key. */
  subject: string;
  /** When it began. */
  since: number;
  /** Nobody is told before; an alert that ends earlier is never told of. */
  notifyAt: number;
  /** Of entries or messages; null where there is nothing to count. */
  count: number | null;
  /** More of it, in words that may come from a feed. */
  detail: string | null;
  /** The ledger row whose state says that it is over (or, of a draft, that it came true). */
  entryKey: string | null;
};

/**
 * The flag: an event that is on, or is over and not told of yet. It goes away when everybody has been told that it
 * is over.
 */
export type AlertRow = AlertFacts & {
  /** Row version, counted up by each write. */
  rev: number;
  endedAt: number | null;
  /** When the latest news (it began, it grew, it is over) came. */
  changedAt: number;
  /** Channels to be told of the latest news; null: nobody has looked at it yet. */
  pendingChannels: string[] | null;
  /** Somebody has been told that it began. */
  notified: boolean;
  /** A worker is telling; until then no other does. */
  lockedUntil: number | null;
};

/** A flag as it is first put up. */
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

import * as v from 'valibot';
import { Count, readStored, Text, Time } from '../read-stored.ts';

/** Conditions that each run derives from stored data; an alert ends when its condition is no longer observed. */
export const observedKinds = [
  'token-refused',
  'posting-stopped',
  'feed-failing',
  'outcome-unknown',
  'entries-held',
  'entries-to-review',
  'article-changed',
  'possible-duplicates',
  'dead-letters',
  'ticks-stopped',
] as const;

/** All kinds of alerts. Those that are not observed are raised where the event happens. */
export const alertKinds = [
  ...observedKinds,
  'batch-held',
  'possible-gap',
  'not-as-configured',
  'draft-made',
] as const;
export type AlertKind = (typeof alertKinds)[number];

/** The facts of an alert when it is raised. */
const AlertFacts = v.object({
  /** Identifies the event; there is one row and one notification per event. */
  id: v.string(),
  kind: v.picklist(alertKinds),
  /** A circuit's scope, a feed, a queue or an entry's key. */
  subject: v.string(),
  /** When it began. */
  since: Time,
  /** The earliest time of a notification; an alert that ends before is never sent. */
  notifyAt: Time,
  /** The number of entries or messages; null if there is nothing to count. */
  count: v.nullable(Count),
  /** Further details, which may contain text from a feed. */
  detail: Text,
  /** The ledger row whose state shows that the alert is over (or that its draft was created). */
  entryKey: Text,
});
export type AlertFacts = v.InferOutput<typeof AlertFacts>;

/**
 * An active alert, or a resolved one with pending notifications. It is removed once every channel has received the
 * last.
 */
const AlertRow = v.object({
  ...AlertFacts.entries,
  /** Row version, incremented by each write. */
  rev: Count,
  endedAt: v.nullable(Time),
  /** When it last changed: began, grew or ended. */
  changedAt: Time,
  /** Channels that have not received the latest change yet; null: not determined yet. */
  pendingChannels: v.nullable(v.array(v.string())),
  /** Whether at least one channel has been notified of its beginning. */
  notified: v.boolean(),
  /** A worker is sending it; until then no other worker does. */
  lockedUntil: v.nullable(Time),
});
export type AlertRow = v.InferOutput<typeof AlertRow>;

/** Parses a stored alert. Throws permanent `alerts.corrupt-row`. */
export const parseAlert: (id: string, stored: unknown) => AlertRow = readStored(
  AlertRow,
  'alerts.corrupt-row',
  'Alert',
);

import * as v from 'valibot';
import { Count, readStored, Text, Time } from '../read-stored.ts';

/** Conditions read off what is stored, at every look: over once they are no longer seen. */
export const observedKinds = [
  'token-refused',
  'posting-stopped',
  'feed-failing',
  'outcome-unknown',
  'entries-held',
  'possible-duplicates',
  'dead-letters',
  'ticks-stopped',
] as const;

/** Every kind of alert; those that are not observed are raised where the event happens. */
export const alertKinds = [
  ...observedKinds,
  'batch-held',
  'possible-gap',
  'not-as-configured',
  'draft-made',
] as const;
export type AlertKind = (typeof alertKinds)[number];

/** What an alert is about, as it is raised. */
const AlertFacts = v.object({
  /** The event: one row and one message each. */
  id: v.string(),
  kind: v.picklist(alertKinds),
  /** A scope of the circuit breaker, a feed, a queue or an entry's key. */
  subject: v.string(),
  /** When it began. */
  since: Time,
  /** No message goes out before this; an alert that ends earlier is never sent. */
  notifyAt: Time,
  /** Of entries or messages; null where there is nothing to count. */
  count: v.nullable(Count),
  /** More about it, in words that may come from a feed. */
  detail: Text,
  /** The ledger row whose state shows that it is over (or that its draft was made). */
  entryKey: Text,
});
export type AlertFacts = v.InferOutput<typeof AlertFacts>;

/** An alert that is on, or over with messages still to be sent. It is removed once every channel has the last one. */
const AlertRow = v.object({
  ...AlertFacts.entries,
  /** Row version, counted up by each write. */
  rev: Count,
  endedAt: v.nullable(Time),
  /** When the latest change (it began, it grew, it is over) came. */
  changedAt: Time,
  /** Channels that have yet to get the latest change; null: not looked at yet. */
  pendingChannels: v.nullable(v.array(v.string())),
  /** At least one channel has got its beginning. */
  notified: v.boolean(),
  /** A worker is sending; until then no other does. */
  lockedUntil: v.nullable(Time),
});
export type AlertRow = v.InferOutput<typeof AlertRow>;

/** A stored alert. Throws permanent `alerts.corrupt-row`. */
export const parseAlert: (id: string, stored: unknown) => AlertRow = readStored(
  AlertRow,
  'alerts.corrupt-row',
  'Alert',
);

import * as v from 'valibot';
import { Count, readStored, Text, Time } from '../ledger/read-stored.ts';
import { type AlertRow, alertKinds } from './alert.ts';

const StoredAlert = v.object({
  id: v.string(),
  rev: Count,
  kind: v.picklist(alertKinds),
  subject: v.string(),
  since: Time,
  notifyAt: Time,
  count: v.nullable(Count),
  detail: Text,
  entryKey: Text,
  endedAt: v.nullable(Time),
  changedAt: Time,
  pendingChannels: v.nullable(v.array(v.string())),
  notified: v.boolean(),
  lockedUntil: v.nullable(Time),
});

/** Throws permanent `alerts.corrupt-row`. */
export const parseAlert: (id: string, stored: unknown) => AlertRow = readStored(
  StoredAlert,
  'alerts.corrupt-row',
  'Alert',
);

import * as v from 'valibot';
import { Count, readStored, Time } from '../ledger/read-stored.ts';
import type { QuotaRow } from './quota.ts';

const StoredQuota = v.object({
  feed: v.string(),
  rev: Count,
  reserved: v.array(v.object({ id: v.string(), at: Time, slot: v.nullable(Time) })),
  waiting: v.array(v.object({ key: v.string(), seenAt: Time, dueAt: Time })),
});

/** Throws permanent `quotas.corrupt-row`. */
export const parseQuota: (feed: string, stored: unknown) => QuotaRow = readStored(
  StoredQuota,
  'quotas.corrupt-row',
  'The counting row of feed',
);

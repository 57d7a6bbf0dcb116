import * as v from 'valibot';
import { Count, readStored, Time } from '../read-stored.ts';

/** A draft that is being created, or was. */
const Reserved = v.object({
  /** One attempt of one row. */
  id: v.string(),
  /** When its quota was reserved. */
  at: Time,
  /** Its slot in the calendar; null if its feed has no slots. */
  slot: v.nullable(Time),
});
export type Reserved = v.InferOutput<typeof Reserved>;

/** A row that waits for quota, and when it asks again. */
const Waiting = v.object({ key: v.string(), seenAt: Time, dueAt: Time });
export type Waiting = v.InferOutput<typeof Waiting>;

/** The reservations that count towards a feed's limits and slots: one row per feed. */
const QuotaRow = v.object({
  feed: v.string(),
  /** Row version, incremented by each write. */
  rev: Count,
  reserved: v.array(Reserved),
  waiting: v.array(Waiting),
});
export type QuotaRow = v.InferOutput<typeof QuotaRow>;

/** Parses a feed's stored quota. Throws permanent `quotas.corrupt-row`. */
export const parseQuota: (feed: string, stored: unknown) => QuotaRow = readStored(
  QuotaRow,
  'quotas.corrupt-row',
  'Quota of feed',
);

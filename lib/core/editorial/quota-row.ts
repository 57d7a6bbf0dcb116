import * as v from 'valibot';
import { Count, readStored, Time } from '../read-stored.ts';

/** A draft that is being made or was. */
const Reserved = v.object({
  /** One attempt of one row. */
  id: v.string(),
  /** When it took its place. */
  at: Time,
  /** Its time on the calendar; null where its feed has no slots. */
  slot: v.nullable(Time),
});
export type Reserved = v.InferOutput<typeof Reserved>;

/** A row that waits for a place, and when it is to ask again. */
const Waiting = v.object({ key: v.string(), seenAt: Time, dueAt: Time });
export type Waiting = v.InferOutput<typeof Waiting>;

/** What a feed's limits and slots are counted by: one row a feed. */
const QuotaRow = v.object({
  feed: v.string(),
  /** Row version, counted up by each write. */
  rev: Count,
  reserved: v.array(Reserved),
  waiting: v.array(Waiting),
});
export type QuotaRow = v.InferOutput<typeof QuotaRow>;

/** A feed's stored quota. Throws permanent `quotas.corrupt-row`. */
export const parseQuota: (feed: string, stored: unknown) => QuotaRow = readStored(
  QuotaRow,
  'quotas.corrupt-row',
  'The counting row of feed',
);

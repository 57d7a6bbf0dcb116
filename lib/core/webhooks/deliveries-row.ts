import * as v from 'valibot';
import { Count, readStored, Text, Time } from '../read-stored.ts';

/** `refused`: the sender must change something. `failed`: the problem is on our side. */
const DeliveryOutcome = v.picklist([
  'queued',
  'known',
  'review',
  'held',
  'filtered',
  'baselined',
  'ignored',
  'refused',
  'failed',
]);

/** The outcome of a delivery, or of several consecutive ones with the same outcome and reason that created no entry. */
const DeliveryNote = v.object({
  outcome: DeliveryOutcome,
  /** Why it was ignored, or the code of the error for which it was refused or failed. */
  reason: Text,
  entry: Text,
  /** When the first and the last of them arrived. */
  since: Time,
  at: Time,
  times: Count,
});
export type DeliveryNote = v.InferOutput<typeof DeliveryNote>;

/** The outcomes of a webhook's deliveries. */
const DeliveriesRow = v.object({
  webhook: v.string(),
  /** Row version, incremented by each write. */
  rev: Count,
  /** The day in UTC to which `counts` applies, as `2026-03-10`. */
  day: v.string(),
  counts: v.record(DeliveryOutcome, Count),
  /** The latest first. */
  latest: v.array(DeliveryNote),
});
export type DeliveriesRow = v.InferOutput<typeof DeliveriesRow>;

/** Parses the stored outcomes of a webhook's deliveries. Throws permanent `deliveries.corrupt-row`. */
export const parseDeliveries: (webhook: string, stored: unknown) => DeliveriesRow = readStored(
  DeliveriesRow,
  'deliveries.corrupt-row',
  'Deliveries of webhook',
);

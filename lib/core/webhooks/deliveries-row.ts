import * as v from 'valibot';
import { Count, readStored, Text, Time } from '../read-stored.ts';

/** `refused`: its sender must change something. `failed`: we must, or it passes by itself. */
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

/** What became of a delivery, or of several alike in a row: those that left no entry, for the same reason. */
const DeliveryNote = v.object({
  outcome: DeliveryOutcome,
  /** Why it was ignored, or the code of the error that it was refused or failed with. */
  reason: Text,
  entry: Text,
  /** When the first of them came, and the last. */
  since: Time,
  at: Time,
  times: Count,
});
export type DeliveryNote = v.InferOutput<typeof DeliveryNote>;

/** What became of the deliveries of a webhook. */
const DeliveriesRow = v.object({
  webhook: v.string(),
  /** Row version, counted up by each write. */
  rev: Count,
  /** The day in UTC, as `2026-03-10`, that `counts` is about. */
  day: v.string(),
  counts: v.record(DeliveryOutcome, Count),
  /** The latest first. */
  latest: v.array(DeliveryNote),
});
export type DeliveriesRow = v.InferOutput<typeof DeliveriesRow>;

/** What is stored about a webhook's deliveries. Throws permanent `deliveries.corrupt-row`. */
export const parseDeliveries: (webhook: string, stored: unknown) => DeliveriesRow = readStored(
  DeliveriesRow,
  'deliveries.corrupt-row',
  'What became of the deliveries of webhook',
);

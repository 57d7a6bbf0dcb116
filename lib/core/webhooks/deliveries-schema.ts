import * as v from 'valibot';
import { Count, readStored, Text, Time } from '../ledger/read-stored.ts';
import type { DeliveriesRow, DeliveryOutcome } from './deliveries.ts';

const outcomes: readonly DeliveryOutcome[] = [
  'queued',
  'known',
  'held',
  'filtered',
  'baselined',
  'ignored',
  'refused',
  'failed',
];
const Outcome = v.picklist(outcomes);

const StoredDeliveries: v.GenericSchema<unknown, DeliveriesRow> = v.object({
  webhook: v.string(),
  rev: Count,
  day: v.string(),
  counts: v.record(Outcome, Count),
  latest: v.array(
    v.object({ outcome: Outcome, reason: Text, entry: Text, since: Time, at: Time, times: Count }),
  ),
});

/** Throws permanent `deliveries.corrupt-row`. */
export const parseDeliveries: (webhook: string, stored: unknown) => DeliveriesRow = readStored(
  StoredDeliveries,
  'deliveries.corrupt-row',
  'What became of the deliveries of webhook',
);

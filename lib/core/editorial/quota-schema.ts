import * as v from 'valibot';
import { Count, readStored, Time } from '../ledger/read-stored.ts';
import type { QuotaRow } from './quota.ts';

const StoredPlaces = v.object({
  feed: v.string(),
  rev: Count,
  takes: v.array(v.object({ id: v.string(), at: Time, slot: v.nullable(Time) })),
  waits: v.array(v.object({ key: v.string(), seenAt: Time, dueAt: Time })),
});

/** Throws permanent `places.corrupt-row`. */
export const parsePlaces: (feed: string, stored: unknown) => QuotaRow = readStored(
  StoredPlaces,
  'places.corrupt-row',
  'The counting row of feed',
);

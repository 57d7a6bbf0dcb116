import * as v from 'valibot';
import type { FeedRow, ScheduleSlot, TickRow } from './feed-row.ts';
import { Count, readStored, Text, Time } from './read-stored.ts';

const Trouble = v.object({
  code: v.string(),
  message: v.string(),
  since: Time,
  failures: Count,
  lastAt: Time,
  nextAt: Time,
});

const Counts = v.object({
  seen: Count,
  known: Count,
  baselined: Count,
  filtered: Count,
  held: Count,
  queued: Count,
});

export const StoredFeed = v.object({
  id: v.string(),
  rev: Count,
  url: v.string(),
  validators: v.object({ etag: Text, lastModified: Text }),
  bodyHash: Text,
  digest: v.nullable(v.instance(Uint8Array)),
  newest: v.nullable(Time),
  counts: v.nullable(Counts),
  changedAt: v.nullable(Time),
  trouble: v.nullable(Trouble),
});
export type StoredFeed = v.InferOutput<typeof StoredFeed>;

export const StoredSlot = v.object({ notBefore: Time, goneUrl: v.exactOptional(v.string()) });
export type StoredSlot = v.InferOutput<typeof StoredSlot>;

export const StoredTick = v.object({ rev: Count, lastTick: Time, brands: v.array(v.number()) });
export type StoredTick = v.InferOutput<typeof StoredTick>;

/** Throws permanent `feeds.corrupt-row`. */
export const parseFeedRow: (id: string, stored: unknown) => FeedRow = readStored(
  StoredFeed,
  'feeds.corrupt-row',
  'Feed row',
);

/** Throws permanent `feeds.corrupt-slot`. */
export const parseSlot: (id: string, stored: unknown) => ScheduleSlot = readStored(
  StoredSlot,
  'feeds.corrupt-slot',
  'Schedule slot of feed',
);

/** Throws permanent `feeds.corrupt-tick`. */
export const parseTick: (name: string, stored: unknown) => TickRow = readStored(
  StoredTick,
  'feeds.corrupt-tick',
  'Tick row',
);

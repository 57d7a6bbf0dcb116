import * as v from 'valibot';
import { Count, readStored, Text, Time } from '../ledger/read-stored.ts';
import type { FeedRow, FeedSlot, IntervalSlot, TickRow } from './feed-row.ts';
import type { HostRest } from './host-rest.ts';

const Trouble = v.object({
  url: v.string(),
  code: v.string(),
  message: v.string(),
  since: Time,
  failures: Count,
  lastAt: Time,
  nextAt: Time,
  told: v.exactOptional(v.boolean()),
});

const Amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const StoredArrivals = v.object({ count: Amount, days: Amount, at: Time });

const StoredPlan = v.object({
  arrivals: StoredArrivals,
  floorMs: Amount,
  ceiling: v.exactOptional(v.object({ ms: Amount, until: Time })),
});

const StoredLearned = v.object({
  hints: v.nullable(
    v.object({ ttlMs: v.nullable(Amount), skipHours: v.array(Count), skipDays: v.array(Count) }),
  ),
  arrivals: v.nullable(StoredArrivals),
  plan: v.nullable(StoredPlan),
  moved: v.nullable(
    v.object({ to: v.string(), since: Time, times: Count, adopted: v.exactOptional(v.boolean()) }),
  ),
  gapAt: v.nullable(Time),
});

const Counts = v.object({
  seen: Count,
  known: Count,
  baselined: Count,
  filtered: Count,
  held: Count,
  queued: Count,
});

const StoredMemory = v.object({
  addedAt: Time,
  floor: v.number(),
  blind: v.boolean(),
  tail: v.nullable(v.number()),
  latestDate: v.nullable(v.number()),
  listsNewestFirst: v.nullable(v.boolean()),
  byPlace: v.boolean(),
  dayOnly: v.boolean(),
  lateAt: v.nullable(Time),
  renewedOn: Count,
  renewsOn: v.optional(Count, 0),
});

export const StoredFeed = v.object({
  id: v.string(),
  rev: Count,
  url: v.string(),
  validators: v.object({ etag: Text, lastModified: Text }),
  bodyHash: Text,
  facts: v.nullable(v.instance(Uint8Array)),
  memory: v.nullable(StoredMemory),
  newest: v.nullable(Time),
  counts: v.nullable(Counts),
  changedAt: v.nullable(Time),
  trouble: v.nullable(Trouble),
  learned: v.exactOptional(StoredLearned),
  unconditional: v.exactOptional(v.object({ lastAt: Time, until: v.exactOptional(Time) })),
});
export type StoredFeed = v.InferOutput<typeof StoredFeed>;

export const StoredSlot = v.object({
  address: v.string(),
  notBefore: Time,
  quietUntil: v.exactOptional(Time),
  plan: v.exactOptional(StoredPlan),
  gone: v.exactOptional(v.literal(true)),
});
export type StoredSlot = v.InferOutput<typeof StoredSlot>;

export const StoredIntervalSlot = v.object({
  step: v.exactOptional(v.pipe(v.number(), v.safeInteger())),
  from: v.exactOptional(Time),
});
export type StoredIntervalSlot = v.InferOutput<typeof StoredIntervalSlot>;

export const StoredTick = v.object({
  rev: Count,
  lastTick: Time,
  brands: v.array(v.number()),
  keptOn: v.exactOptional(Count),
});
export type StoredTick = v.InferOutput<typeof StoredTick>;

/** Throws permanent `feeds.corrupt-row`. */
export const parseFeedRow: (id: string, stored: unknown) => FeedRow = readStored(
  StoredFeed,
  'feeds.corrupt-row',
  'Feed row',
);

/** Throws permanent `feeds.corrupt-slot`. */
export const parseSlot: (id: string, stored: unknown) => FeedSlot = readStored(
  StoredSlot,
  'feeds.corrupt-slot',
  'Schedule slot of feed',
);

/** Throws permanent `feeds.corrupt-slot`. */
export const parseIntervalSlot: (id: string, stored: unknown) => IntervalSlot = readStored(
  StoredIntervalSlot,
  'feeds.corrupt-slot',
  'Rung of feed',
);

const StoredRest = v.object({
  host: v.string(),
  rev: Count,
  since: Time,
  until: Time,
  feeds: v.array(v.string()),
});

/** Throws permanent `feeds.corrupt-slot`. */
export const parseRest: (host: string, stored: unknown) => HostRest = readStored(
  StoredRest,
  'feeds.corrupt-slot',
  'Rest of host',
);

/** Throws permanent `feeds.corrupt-tick`. */
export const parseTick: (name: string, stored: unknown) => TickRow = readStored(
  StoredTick,
  'feeds.corrupt-tick',
  'Tick row',
);

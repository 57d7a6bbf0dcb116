import * as v from 'valibot';
import { FeedHints } from '../entries/entry.ts';
import { FeedMemory } from '../entries/memory/feed-memory.ts';
import { Amount, Count, readStored, Text, Time } from '../read-stored.ts';
import { Arrivals } from './intervals/arrival-rate.ts';
import { Moved } from './politeness.ts';

/** Validators exactly as received, byte for byte. */
const Validators = v.object({ etag: Text, lastModified: Text });
export type Validators = v.InferOutput<typeof Validators>;

/** A feed's current failure: what went wrong, since when, and how many consecutive times. */
const FeedFailure = v.object({
  /** The address in feeds.yml at which it occurred; it does not apply to another. */
  url: v.string(),
  code: v.string(),
  message: v.string(),
  since: Time,
  failures: Count,
  lastAt: Time,
  nextAt: Time,
  /** Whether an alert has reported it, which happens once. */
  reported: v.exactOptional(v.boolean()),
});
export type FeedFailure = v.InferOutput<typeof FeedFailure>;

/**
 * The input for planning polling intervals: how often a feed publishes, and the bounds set by its settings and its
 * server.
 */
export const PollPlan = v.object({
  arrivals: Arrivals,
  /** The minimum time between two polls required by its server and document, in milliseconds; 0 if there is none. */
  floorMs: Amount,
  /** After a possible gap: the maximum interval, until a given time. */
  ceiling: v.exactOptional(v.object({ ms: Amount, until: Time })),
});
export type PollPlan = v.InferOutput<typeof PollPlan>;

/** What was learned about when to poll a feed, and where. */
const Learned = v.object({
  hints: v.nullable(FeedHints),
  arrivals: v.nullable(Arrivals),
  /** The plan as last written to the schedule. */
  plan: v.nullable(PollPlan),
  moved: v.nullable(v.object({ ...Moved.entries, adopted: v.exactOptional(v.boolean()) })),
  /** When entries may last have been missed. */
  gapAt: v.nullable(Time),
});
export type Learned = v.InferOutput<typeof Learned>;

/** Polls without validators. */
const Unconditional = v.object({
  /** When the last daily one received a response. */
  lastAt: Time,
  /** Until then all polls are, because a 304 was found to be wrong. */
  until: v.exactOptional(Time),
});
export type Unconditional = v.InferOutput<typeof Unconditional>;

/** The outcomes of the entries of one poll. `seen` is the sum of the others if all were settled. */
const Counts = v.object({
  seen: Count,
  known: Count,
  baselined: Count,
  filtered: Count,
  held: Count,
  review: v.optional(Count, 0), // rows of earlier releases have none
  queued: Count,
});
export type Counts = v.InferOutput<typeof Counts>;

/**
 * Everything stored about a feed. Saved last in a poll, and only over the version with which its entries were
 * classified.
 */
export const FeedRow = v.object({
  id: v.string(),
  /** Row version, incremented by each save. */
  rev: Count,
  /** The address from which everything here came. */
  url: v.string(),
  validators: Validators,
  bodyHash: Text,
  /** The facts of recent entries (`fact-memory.ts`); null until the first poll has ended. */
  facts: v.nullable(v.instance<new () => Uint8Array>(Uint8Array)),
  /** What distinguishes new entries from old ones; null until the first poll has ended. */
  memory: v.nullable(FeedMemory),
  /** The latest date of any known entry. */
  newest: v.nullable(Time),
  counts: v.nullable(Counts),
  changedAt: v.nullable(Time),
  trouble: v.nullable(FeedFailure),
  learned: v.exactOptional(Learned),
  unconditional: v.exactOptional(Unconditional),
});
export type FeedRow = v.InferOutput<typeof FeedRow>;

/** The state of a feed before its first poll. */
export const nothingRead = {
  validators: { etag: null, lastModified: null },
  bodyHash: null,
  facts: null,
  memory: null,
  newest: null,
  counts: null,
  changedAt: null,
} as const satisfies Partial<FeedRow>;

/** Parses a stored feed row. Throws permanent `feeds.corrupt-row`. */
export const parseFeedRow: (id: string, stored: unknown) => FeedRow = readStored(
  FeedRow,
  'feeds.corrupt-row',
  'Feed row',
);

import * as v from 'valibot';
import { FeedHints } from '../entries/entry.ts';
import { FeedMemory } from '../entries/memory/feed-memory.ts';
import { Amount, Count, readStored, Text, Time } from '../read-stored.ts';
import { Arrivals } from './intervals/arrival-rate.ts';
import { Moved } from './politeness.ts';

/** Validators exactly as the server gave them, byte for byte. */
const Validators = v.object({ etag: Text, lastModified: Text });
export type Validators = v.InferOutput<typeof Validators>;

/** What went wrong with a feed, since when, and how often in a row. */
const FeedFailure = v.object({
  /** The address in feeds.yml that it was met at; it says nothing of another. */
  url: v.string(),
  code: v.string(),
  message: v.string(),
  since: Time,
  failures: Count,
  lastAt: Time,
  nextAt: Time,
  /** It went out as an alert, which happens once. */
  told: v.exactOptional(v.boolean()),
});
export type FeedFailure = v.InferOutput<typeof FeedFailure>;

/** What the plan of polls goes by: how often a feed publishes, and the bounds that it and its server set. */
export const PollPlan = v.object({
  arrivals: Arrivals,
  /** What its server and document ask for between two polls, in milliseconds; 0 when nothing. */
  floorMs: Amount,
  /** After a window was overrun: polled at least so often, until that time. */
  ceiling: v.exactOptional(v.object({ ms: Amount, until: Time })),
});
export type PollPlan = v.InferOutput<typeof PollPlan>;

/** What was learned of a feed about when to come back, and where to. */
const Learned = v.object({
  hints: v.nullable(FeedHints),
  arrivals: v.nullable(Arrivals),
  /** As it was last written into the schedule. */
  plan: v.nullable(PollPlan),
  moved: v.nullable(v.object({ ...Moved.entries, adopted: v.exactOptional(v.boolean()) })),
  /** When entries may last have passed unseen. */
  gapAt: v.nullable(Time),
});
export type Learned = v.InferOutput<typeof Learned>;

/** Polls without validators. */
const Unconditional = v.object({
  /** When the last daily one was answered. */
  lastAt: Time,
  /** All polls before this are, because a 304 was found to be wrong. */
  until: v.exactOptional(Time),
});
export type Unconditional = v.InferOutput<typeof Unconditional>;

/** How the entries of one ingest came out. `seen` is the sum of the others when all were settled. */
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

/** All that is known of one feed; saved last in an ingest, over the version it was judged from. */
const FeedRow = v.object({
  id: v.string(),
  /** Row version, counted up by each save. */
  rev: Count,
  /** The address at which the facts were met. */
  url: v.string(),
  validators: Validators,
  bodyHash: Text,
  /** What it has shown in the last days (`fact-memory.ts`); null until the first poll has ended. */
  facts: v.nullable(v.instance<new () => Uint8Array>(Uint8Array)),
  /** What tells new entries from old ones; null until the first poll has ended. */
  memory: v.nullable(FeedMemory),
  /** The latest date of an entry known so far. */
  newest: v.nullable(Time),
  counts: v.nullable(Counts),
  changedAt: v.nullable(Time),
  trouble: v.nullable(FeedFailure),
  learned: v.exactOptional(Learned),
  unconditional: v.exactOptional(Unconditional),
});
export type FeedRow = v.InferOutput<typeof FeedRow>;

/** Of a feed whose document has not been read yet: its next poll is a first one. */
export const nothingRead = {
  validators: { etag: null, lastModified: null },
  bodyHash: null,
  facts: null,
  memory: null,
  newest: null,
  counts: null,
  changedAt: null,
} as const satisfies Partial<FeedRow>;

/** A stored feed row. Throws permanent `feeds.corrupt-row`. */
export const parseFeedRow: (id: string, stored: unknown) => FeedRow = readStored(
  FeedRow,
  'feeds.corrupt-row',
  'Feed row',
);

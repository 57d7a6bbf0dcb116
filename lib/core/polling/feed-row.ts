import type { FeedHints } from '../entries/entry.ts';
import type { FeedMemory } from '../entries/memory/feed-memory.ts';
import type { Arrivals } from './intervals/arrival-rate.ts';
import type { Moved } from './politeness.ts';

/** Validators exactly as the server gave them, byte for byte. */
export type Validators = { etag: string | null; lastModified: string | null };

/** What went wrong with a feed, since when, and how often in a row. Times are epoch milliseconds. */
export type FeedFailure = {
  /** The address in feeds.yml that it was met at; it says nothing of another. */
  url: string;
  code: string;
  message: string;
  since: number;
  failures: number;
  lastAt: number;
  nextAt: number;
  /** It went out as an alert, which happens once. */
  told?: boolean;
};

/** What the plan of polls goes by: how often a feed publishes, and the bounds that it and its server set. */
export type PollPlan = {
  arrivals: Arrivals;
  /** What its server and document ask for between two polls, in milliseconds; 0 when nothing. */
  floorMs: number;
  /** After a window was overrun: polled at least so often, until that time. */
  ceiling?: { ms: number; until: number };
};

/** What was learned of a feed about when to come back, and where to. */
export type Learned = {
  hints: FeedHints | null;
  arrivals: Arrivals | null;
  /** As it was last written into the schedule. */
  plan: PollPlan | null;
  moved: (Moved & { adopted?: boolean }) | null;
  /** When entries may last have passed unseen; epoch milliseconds. */
  gapAt: number | null;
};

/**
 * Polls without validators. `lastAt`: when the last daily one was answered; `until`: all polls before this are, because
 * a 304 was found to be wrong. Epoch milliseconds.
 */
export type Unconditional = { lastAt: number; until?: number };

/** How the entries of one ingest came out. `seen` is the sum of the other five when all were settled. */
export type Counts = {
  seen: number;
  known: number;
  baselined: number;
  filtered: number;
  held: number;
  queued: number;
};

/** All that is known of one feed; saved last in an ingest, over the version it was judged from. */
export type FeedRow = {
  id: string;
  /** Row version, counted up by each save. */
  rev: number;
  /** The address at which the facts were met. */
  url: string;
  validators: Validators;
  bodyHash: string | null;
  /** What it has shown in the last days (`fact-memory.ts`); null until the first poll has ended. */
  facts: Uint8Array | null;
  /** What tells new entries from old ones; null until the first poll has ended. */
  memory: FeedMemory | null;
  /** The latest date of an entry known so far, epoch milliseconds. */
  newest: number | null;
  counts: Counts | null;
  changedAt: number | null;
  trouble: FeedFailure | null;
  learned?: Learned;
  unconditional?: Unconditional;
};

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

/** What ingest tells the schedule of a feed. */
export type FeedSlot = {
  /** The address that all of it is about; see `addressOf`. */
  address: string;
  /** Not before, epoch milliseconds, but as soon as that is over; 0 when it may always be polled. */
  notBefore: number;
  /** Regular polls before this, epoch milliseconds, are left out. */
  quietUntil?: number;
  plan?: PollPlan;
  /** The server said 410: it is polled no more until its address changes. */
  gone?: true;
};

/** Where the plan of polls put a feed. `from`: regular polls on this step begin then. */
export type IntervalSlot = { step?: number; from?: number };

/** What the tick knows of a feed: it lives in a compact shard. `quietUntil` holds for the feed and its step. */
export type ScheduleSlot = FeedSlot & Pick<IntervalSlot, 'step'>;

/** What a slot says of when to poll, whichever address it is about. */
export type Timing = Omit<ScheduleSlot, 'address'>;

/** One slot of what ingest and the plan say of a feed; null when it was never sent to be polled. */
export const mergedSlot = (
  slot: FeedSlot | undefined,
  step: IntervalSlot | undefined,
): ScheduleSlot | null => {
  if (slot === undefined) return null;
  const quietUntil = Math.max(slot.quietUntil ?? 0, step?.from ?? 0);
  return {
    ...slot,
    ...(step?.step !== undefined && { step: step.step }),
    ...(quietUntil > 0 && { quietUntil }),
  };
};

/**
 * Written once a tick, after everything it found due was sent. `keptOn`: the day, counted from the epoch, up to which
 * what leads to rows that wait for long has been renewed.
 */
export type TickRow = { rev: number; lastTick: number; brands: number[]; keptOn?: number };

import * as v from 'valibot';
import { Count, readStored, Time } from '../read-stored.ts';
import { PollPlan } from './feed-row.ts';

/** What ingest leaves in the schedule about a feed. */
const FeedSlot = v.object({
  /** The address that all of it is about; see `addressOf`. */
  address: v.string(),
  /** Not before, but as soon as that is over; 0 when it may always be polled. */
  notBefore: Time,
  /** Regular polls before this are left out. */
  quietUntil: v.exactOptional(Time),
  plan: v.exactOptional(PollPlan),
  /** The server said 410: it is polled no more until its address changes. */
  gone: v.exactOptional(v.literal(true)),
});
export type FeedSlot = v.InferOutput<typeof FeedSlot>;

/** Where the plan of polls put a feed. */
const IntervalSlot = v.object({
  step: v.exactOptional(v.pipe(v.number(), v.safeInteger())),
  /** Regular polls on this step begin then. */
  from: v.exactOptional(Time),
});
export type IntervalSlot = v.InferOutput<typeof IntervalSlot>;

/** What the tick knows of a feed: it lives in a compact shard. `quietUntil` holds for the feed and its step. */
export type ScheduleSlot = FeedSlot & Pick<IntervalSlot, 'step'>;

/** What a slot says of when to poll, whichever address it is about. */
export type Timing = Omit<ScheduleSlot, 'address'>;

/** A host that asked to be left alone. */
const HostRest = v.object({
  host: v.string(),
  /** Row version, counted up by each write. */
  rev: Count,
  since: Time,
  until: Time,
  /** Those that were on their way to be polled and were put off, by id. */
  feeds: v.array(v.string()),
});
export type HostRest = v.InferOutput<typeof HostRest>;

/** Written once a tick, after everything it found due was sent. */
const TickRow = v.object({
  /** Row version, counted up by each write. */
  rev: Count,
  lastTick: Time,
  brands: v.array(v.number()),
  /** The day, counted from the epoch, up to which what leads to rows that wait for long has been renewed. */
  keptOn: v.exactOptional(Count),
});
export type TickRow = v.InferOutput<typeof TickRow>;

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

/** Throws permanent `feeds.corrupt-slot`. */
export const parseSlot: (id: string, stored: unknown) => FeedSlot = readStored(
  FeedSlot,
  'feeds.corrupt-slot',
  'Schedule slot of feed',
);

/** Throws permanent `feeds.corrupt-slot`. */
export const parseIntervalSlot: (id: string, stored: unknown) => IntervalSlot = readStored(
  IntervalSlot,
  'feeds.corrupt-slot',
  'Interval step of feed',
);

/** Throws permanent `feeds.corrupt-slot`. */
export const parseRest: (host: string, stored: unknown) => HostRest = readStored(
  HostRest,
  'feeds.corrupt-slot',
  'Rest of host',
);

/** Throws permanent `feeds.corrupt-tick`. */
export const parseTick: (name: string, stored: unknown) => TickRow = readStored(
  TickRow,
  'feeds.corrupt-tick',
  'Tick row',
);

import * as v from 'valibot';
import { Count, readStored, Time } from '../read-stored.ts';
import { PollPlan } from './feed-row.ts';

/** The part of a feed's slot that polls write. */
const FeedSlot = v.object({
  /** The feed address that it applies to; see `addressOf`. */
  address: v.string(),
  /** The feed is not polled before this time, and is due when it has passed; 0 if it may be polled at any time. */
  notBefore: Time,
  /** Regular polls before this time are skipped. */
  quietUntil: v.exactOptional(Time),
  plan: v.exactOptional(PollPlan),
  /** The server responded 410: the feed is not polled until its address changes. */
  gone: v.exactOptional(v.literal(true)),
});
export type FeedSlot = v.InferOutput<typeof FeedSlot>;

/** The part of a feed's slot that interval planning writes. */
const IntervalSlot = v.object({
  step: v.exactOptional(v.pipe(v.number(), v.safeInteger())),
  /** When regular polls on this step begin. */
  from: v.exactOptional(Time),
});
export type IntervalSlot = v.InferOutput<typeof IntervalSlot>;

/** What the tick reads about a feed, in a compact shard. `quietUntil` covers both the feed and its step. */
export type ScheduleSlot = FeedSlot & Pick<IntervalSlot, 'step'>;

/** When to poll, regardless of the address. */
export type Timing = Omit<ScheduleSlot, 'address'>;

/** A host that requested a pause. */
const HostBackOff = v.object({
  host: v.string(),
  /** Row version, incremented by each write. */
  rev: Count,
  since: Time,
  until: Time,
  /** IDs of feeds whose poll was deferred because of it. */
  feeds: v.array(v.string()),
});
export type HostBackOff = v.InferOutput<typeof HostBackOff>;

/** The progress of the ticks, written at the end of each, after all due feeds were sent. */
const TickRow = v.object({
  /** Row version, incremented by each write. */
  rev: Count,
  lastTick: Time,
  brands: v.array(v.number()),
  /** The day, counted from the epoch, up to which long-waiting rows and their pointers have been renewed. */
  keptOn: v.exactOptional(Count),
  /** A feed has or had a hook, so there may be rows about which it is to be asked. */
  asksHooks: v.exactOptional(v.literal(true)),
});
export type TickRow = v.InferOutput<typeof TickRow>;

/** A feed's complete slot; null if it was never scheduled. */
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
export const parseHostBackOff: (host: string, stored: unknown) => HostBackOff = readStored(
  HostBackOff,
  'feeds.corrupt-slot',
  'Back-off of host',
);

/** Throws permanent `feeds.corrupt-tick`. */
export const parseTick: (name: string, stored: unknown) => TickRow = readStored(
  TickRow,
  'feeds.corrupt-tick',
  'Tick row',
);

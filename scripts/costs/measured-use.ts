import * as v from 'valibot';

const amount = v.pipe(v.number(), v.minValue(0));

/** What one piece of work asked of AWS, whichever function did it. */
export const Use = v.object({
  /** How long the function ran. */
  wallMs: amount,
  /** How much of that it computed, on a whole core. */
  cpuMs: amount,
  readUnits: amount,
  writeUnits: amount,
  sqsRequests: amount,
  secretRequests: amount,
  /** Printed by us; Lambda's own lines come on top. */
  logBytes: amount,
  /** Sent into the internet: the heads of requests to sites, the bodies of posts. */
  sentBytes: amount,
  /** By how much the tables grew. */
  storedBytes: amount,
  /** Names of the metrics it sent. */
  metrics: v.array(v.string()),
});
export type Use = v.InferOutput<typeof Use>;

/** What `npm run bench -- costs --record` writes: figures, and what they are of. */
export const MeasuredUse = v.object({
  of: v.object({ machine: v.string(), day: v.string(), siteMs: amount, dashMs: amount, entries: amount }),
  /** A tick, by how many feeds there are. */
  ticks: v.record(v.string(), Use),
  /** A message of one feed, and of twenty, of which none has anything new. */
  unchanged: v.object({ one: Use, twenty: Use }),
  /** A message of twenty feeds, each with one new entry. */
  news: Use,
  /** A batch of one wake-up, and of ten, each to become a draft. */
  drafts: v.object({ one: Use, ten: Use }),
  /** One delivery, admitted. */
  webhook: Use,
});
export type MeasuredUse = v.InferOutput<typeof MeasuredUse>;

/** The recorded figures. */
export const recordedUse = new URL('../../bench/recorded/costs.json', import.meta.url);

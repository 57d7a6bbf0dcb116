import * as v from 'valibot';

const amount = v.pipe(v.number(), v.minValue(0));

/** The usage of one piece of work, over all functions involved. */
export const Use = v.object({
  /** The duration of the function. */
  wallMs: amount,
  /** The CPU time of that, on a whole core. */
  cpuMs: amount,
  readUnits: amount,
  writeUnits: amount,
  sqsRequests: amount,
  secretRequests: amount,
  /** Logged by us, without Lambda's own lines. */
  logBytes: amount,
  /** Sent to the internet: request headers to sites, bodies of posts. */
  sentBytes: amount,
  /** The growth of the tables. */
  storedBytes: amount,
  /** Names of the metrics that were sent. */
  metrics: v.array(v.string()),
});
export type Use = v.InferOutput<typeof Use>;

/** The file written by `npm run bench -- costs --record`: figures, and how they were measured. */
export const MeasuredUse = v.object({
  of: v.object({ machine: v.string(), day: v.string(), siteMs: amount, dashMs: amount, entries: amount }),
  /** A tick, by the number of feeds. */
  ticks: v.record(v.string(), Use),
  /** A message with one feed, and with twenty, all without new entries. */
  unchanged: v.object({ one: Use, twenty: Use }),
  /** A message with twenty feeds, each with one new entry. */
  news: Use,
  /** A batch with one wake-up, and with ten, each resulting in a draft. */
  drafts: v.object({ one: Use, ten: Use }),
  /** One accepted delivery. */
  webhook: Use,
});
export type MeasuredUse = v.InferOutput<typeof MeasuredUse>;

/** The recorded figures. */
export const recordedUse = new URL('../../bench/recorded/costs.json', import.meta.url);

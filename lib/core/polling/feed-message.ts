import * as v from 'valibot';

const FeedId = v.pipe(v.string(), v.minLength(1));

/**
 * Up to 20 feeds to be polled together. `next`: when each is due again, epoch milliseconds. `manual`: a person asked,
 * intervals do not count (validators are still sent); `force`: they are not, and caches on the way are passed by.
 * `delaySeconds`: received no sooner than that, because other feeds of the same host went before.
 */
export const FeedsMessage = v.object({
  feeds: v.pipe(v.array(FeedId), v.minLength(1), v.maxLength(20)),
  next: v.exactOptional(v.pipe(v.array(v.number()), v.maxLength(20))),
  manual: v.exactOptional(v.boolean()),
  force: v.exactOptional(v.boolean()),
  delaySeconds: v.exactOptional(v.number()),
});
export type FeedsMessage = v.InferOutput<typeof FeedsMessage>;

/** Only a wake-up; the ledger row is the truth. `probe`: the one row that tries a half-open door of this scope. */
export const WakeUp = v.object({
  key: v.pipe(v.string(), v.minLength(1)),
  brand: v.pipe(v.number(), v.safeInteger()),
  probe: v.exactOptional(v.string()),
});
export type WakeUp = v.InferOutput<typeof WakeUp>;

/** Why poll-feeds runs: the clock (epoch milliseconds, the time it was meant for), or somebody who names feeds. */
export type Tick = { scheduledAt: number } | { feeds: string[]; force?: boolean };

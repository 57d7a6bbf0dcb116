import * as v from 'valibot';

const FeedId = v.pipe(v.string(), v.minLength(1));

/**
 * Up to 20 feeds to be polled together. `next`: when each is due again, epoch milliseconds. `manual`: requested by
 * hand, so intervals do not apply (validators are still sent); `force`: validators are not sent, and caches are
 * bypassed. `delaySeconds`: received no sooner than that, because other feeds on the same host come first.
 */
export const FeedsMessage = v.object({
  feeds: v.pipe(v.array(FeedId), v.minLength(1), v.maxLength(20)),
  next: v.exactOptional(v.pipe(v.array(v.number()), v.maxLength(20))),
  manual: v.exactOptional(v.boolean()),
  force: v.exactOptional(v.boolean()),
  delaySeconds: v.exactOptional(v.number()),
});
export type FeedsMessage = v.InferOutput<typeof FeedsMessage>;

/**
 * Only a wake-up; the ledger row is authoritative. `probe`: this row tests the half-open circuit of that scope.
 * `enrich`: the hook of this feed is to be asked about the row.
 */
export const WakeUp = v.object({
  key: v.pipe(v.string(), v.minLength(1)),
  brand: v.pipe(v.number(), v.safeInteger()),
  probe: v.exactOptional(v.string()),
  enrich: v.exactOptional(v.string()),
});
export type WakeUp = v.InferOutput<typeof WakeUp>;

/** The wake-up of an entry that was registered as queued. */
export const wakeUpFor = (
  { id, brandId }: { id: string; brandId: number },
  { key, asksHook }: { key: string; asksHook: boolean },
): WakeUp => ({ key, brand: brandId, ...(asksHook && { enrich: id }) });

/** Why poll-feeds runs: the clock (epoch milliseconds, the scheduled time), or feeds named by hand. */
export type Tick = { scheduledAt: number } | { feeds: string[]; force?: boolean };

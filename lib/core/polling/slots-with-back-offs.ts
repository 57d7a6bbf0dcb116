import type { FeedConfig } from '../config/config.ts';
import { addressOf, ownSlots } from './address.ts';
import { hostOf, type Schedule } from './host-back-off.ts';
import { isDue } from './schedule.ts';
import type { HostBackOff, ScheduleSlot } from './schedule-rows.ts';

/** Whether a feed missed a poll during its host's back-off: it was deferred, or its time came. */
const missedOne = (feed: FeedConfig, slot: ScheduleSlot, { since, until, feeds }: HostBackOff): boolean =>
  feeds.includes(feed.id) || isDue(feed, slot, { from: since, to: until });

const slotWithBackOff = (
  feed: FeedConfig,
  slot: ScheduleSlot | undefined,
  backOff: HostBackOff,
): ScheduleSlot => {
  const { until } = backOff;
  if (!slot) return { address: addressOf(feed), notBefore: until };
  if (missedOne(feed, slot, backOff)) return { ...slot, notBefore: Math.max(slot.notBefore, until) };
  return { ...slot, quietUntil: Math.max(slot.quietUntil ?? 0, until) };
};

/**
 * The slots used for polling: for the current addresses, and none before the end of its host's back-off. A feed that
 * missed a poll is due then. `from`: back-offs that ended before it have been handled.
 */
export const slotsWithBackOffs = (
  feeds: readonly FeedConfig[],
  { slots, backOffs }: Schedule,
  from: number,
): Map<string, ScheduleSlot> => {
  const own = ownSlots(feeds, slots);
  const byHost = new Map(
    backOffs.flatMap((backOff) => (backOff.until > from ? [[backOff.host, backOff] as const] : [])),
  );
  if (byHost.size === 0) return own;
  for (const feed of feeds) {
    const backOff = byHost.get(hostOf(feed.url));
    if (backOff) own.set(feed.id, slotWithBackOff(feed, own.get(feed.id), backOff));
  }
  return own;
};

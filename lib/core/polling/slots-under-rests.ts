import type { FeedConfig } from '../config/config.ts';
import { addressOf, ownSlots } from './address.ts';
import { hostOf, type Schedule } from './host-rest.ts';
import { isDue } from './schedule.ts';
import type { HostRest, ScheduleSlot } from './schedule-rows.ts';

/** Whether a feed missed a poll while its host rested: it was deferred, or its time came. */
const missedOne = (feed: FeedConfig, slot: ScheduleSlot, { since, until, feeds }: HostRest): boolean =>
  feeds.includes(feed.id) || isDue(feed, slot, { from: since, to: until });

const underRest = (feed: FeedConfig, slot: ScheduleSlot | undefined, rest: HostRest): ScheduleSlot => {
  const { until } = rest;
  if (!slot) return { address: addressOf(feed), notBefore: until };
  if (missedOne(feed, slot, rest)) return { ...slot, notBefore: Math.max(slot.notBefore, until) };
  return { ...slot, quietUntil: Math.max(slot.quietUntil ?? 0, until) };
};

/**
 * The slots used for polling: for the current addresses, and none before the end of its host's rest. A feed that missed
 * a poll is due then. `from`: rests that ended before it have been handled.
 */
export const slotsUnderRests = (
  feeds: readonly FeedConfig[],
  { slots, rests }: Schedule,
  from: number,
): Map<string, ScheduleSlot> => {
  const own = ownSlots(feeds, slots);
  const byHost = new Map(rests.flatMap((rest) => (rest.until > from ? [[rest.host, rest] as const] : [])));
  if (byHost.size === 0) return own;
  for (const feed of feeds) {
    const rest = byHost.get(hostOf(feed.url));
    if (rest) own.set(feed.id, underRest(feed, own.get(feed.id), rest));
  }
  return own;
};

import type { FeedConfig } from '../config.ts';
import type { ScheduleSlot } from '../feed-row.ts';
import { isDue } from '../schedule.ts';
import { addressOf, ownSlots } from './address.ts';

/**
 * A host that asked to be left alone. `since`, `until`: epoch milliseconds; `feeds`: those that were on their way to be
 * polled and were put off, by id.
 */
export type HostRest = { host: string; rev: number; since: number; until: number; feeds: string[] };

/** What the schedule holds: what is said of each feed, and the hosts that rest. */
export type Schedule = { slots: ReadonlyMap<string, ScheduleSlot>; rests: readonly HostRest[] };

/** An item holds at most 400 kB; feeds beyond these wait for their next regular poll. */
const mostFeeds = 5_000;

export const hostOf = (url: string): string => URL.parse(url)?.host ?? url;

/** The rest of a host after another answer asked for one, or after more feeds were put off by it. */
export const extendRest = (
  before: HostRest | null,
  { host, now, until, feeds }: { host: string; now: number; until: number; feeds: readonly string[] },
): HostRest => {
  const going = before && before.until > now ? before : null;
  return {
    host,
    rev: (before?.rev ?? 0) + 1,
    since: going?.since ?? now,
    until: Math.max(going?.until ?? 0, until),
    feeds: [...new Set([...(going?.feeds ?? []), ...feeds])].slice(0, mostFeeds),
  };
};

/** Whether a feed missed a poll while its host rested: it was put off, or its time came. */
const missedOne = (feed: FeedConfig, slot: ScheduleSlot, { since, until, feeds }: HostRest): boolean =>
  feeds.includes(feed.id) || isDue(feed, slot, { from: since, to: until });

const underRest = (feed: FeedConfig, slot: ScheduleSlot | undefined, rest: HostRest): ScheduleSlot => {
  const { until } = rest;
  if (!slot) return { address: addressOf(feed), notBefore: until };
  if (missedOne(feed, slot, rest)) return { ...slot, notBefore: Math.max(slot.notBefore, until) };
  return { ...slot, quietUntil: Math.max(slot.quietUntil ?? 0, until) };
};

/**
 * The slots by which feeds are polled: about their address, and none before the rest of its host is over. What a
 * feed missed meanwhile is due when it is. `from`: rests that were over by then have been answered for.
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

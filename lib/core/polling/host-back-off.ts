import type { HostBackOff, ScheduleSlot } from './schedule-rows.ts';

/** The contents of the schedule: the slots of feeds, and the hosts to back off from. */
export type Schedule = { slots: ReadonlyMap<string, ScheduleSlot>; backOffs: readonly HostBackOff[] };

/** A DynamoDB item holds at most 400 kB; feeds beyond this number wait for their next regular poll. */
const maxFeeds = 5_000;

export const hostOf = (url: string): string => URL.parse(url)?.host ?? url;

/** A host's back-off after another response required one, or after it deferred more feeds. */
export const extendBackOff = (
  before: HostBackOff | null,
  { host, now, until, feeds }: { host: string; now: number; until: number; feeds: readonly string[] },
): HostBackOff => {
  const going = before && before.until > now ? before : null;
  return {
    host,
    rev: (before?.rev ?? 0) + 1,
    since: going?.since ?? now,
    until: Math.max(going?.until ?? 0, until),
    feeds: [...new Set([...(going?.feeds ?? []), ...feeds])].slice(0, maxFeeds),
  };
};

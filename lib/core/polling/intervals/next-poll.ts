import type { FeedConfig } from '../../config/config.ts';
import { isDue } from '../schedule.ts';
import type { Timing } from '../schedule-rows.ts';

const minute = 60_000;
const horizon = 400 * 24 * 60 * minute;

const fullMinute = (ms: number) => Math.floor(ms / minute) * minute;

/**
 * The smallest number of minutes, up to the horizon, for which this holds; null if none. Once it holds, it keeps
 * holding.
 */
const firstMinutes = (holds: (minutes: number) => boolean): number | null => {
  let [below, above] = [0, 1];
  while (!holds(above)) {
    if (above * minute >= horizon) return null;
    [below, above] = [above, above * 2];
  }
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    [below, above] = holds(middle) ? [below, middle] : [middle, above];
  }
  return above;
};

/**
 * The tick, on a full minute after now, that will poll a feed next; null if none will. `lastTick`: the next tick covers
 * all time since then.
 */
export const nextPoll = (
  feed: FeedConfig,
  slot: Timing | undefined,
  { lastTick, now }: { lastTick: number | null; now: number },
): number | null => {
  const from = lastTick ?? now;
  const minutes = firstMinutes((n) => isDue(feed, slot, { from, to: fullMinute(now) + n * minute }));
  return minutes === null ? null : fullMinute(now) + minutes * minute;
};

/**
 * The last time, on a full minute, that a feed was due up to and including `until`; null if that is beyond the horizon.
 */
export const lastDue = (feed: FeedConfig, slot: Timing | undefined, until: number): number | null => {
  const to = fullMinute(until);
  const regular = { notBefore: 0, ...(slot?.step !== undefined && { step: slot.step }) };
  const minutes = firstMinutes((n) => isDue(feed, regular, { from: to - n * minute, to }));
  return minutes === null ? null : to - (minutes - 1) * minute;
};

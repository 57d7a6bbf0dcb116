import type { Window } from './schedule.ts';

const minute = 60_000;

/** Whether a time cannot have passed. Synchronized clocks differ by seconds, not by a minute. */
export const isFuture = (at: number, now: number): boolean => at > now + minute;

/**
 * What a tick covers. `isOld`: all of it was covered already. `clockFault`: the time of this or the last tick if it is
 * in the future, as after a clock change or a handmade event; normally null. Such a time is replaced by now, because
 * otherwise all polling would stop until it has passed.
 */
type TickWindow = { window: Window; isOld: boolean; clockFault: number | null };

/** `last`: the end of what the previous tick covered; null if there was none. All epoch milliseconds. */
export const tickWindow = (scheduledAt: number, last: number | null, now: number): TickWindow => {
  const to = isFuture(scheduledAt, now) ? now : scheduledAt;
  if (last !== null && isFuture(last, now))
    return { window: { from: to - minute, to }, isOld: false, clockFault: last };
  const isOld = last !== null && to <= last;
  return { window: { from: last ?? to, to }, isOld, clockFault: to === scheduledAt ? null : scheduledAt };
};

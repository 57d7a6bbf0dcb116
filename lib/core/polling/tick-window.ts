import type { Window } from './schedule.ts';

const minute = 60_000;

/** Whether a time cannot have passed. Clocks that agree differ by seconds, not by a minute. */
export const isFuture = (at: number, now: number): boolean => at > now + minute;

/**
 * What a tick answers for. `isOld`: all of it was answered for already. `clockFault`: the time of this tick or of the
 * last one that is still to come, as after a clock jumped or somebody made an event by hand; null as a rule. Such a
 * time is taken for now: believed, it would stop all polling until it had passed.
 */
type TickWindow = { window: Window; isOld: boolean; clockFault: number | null };

/** `last`: what the tick before has answered for; null when there was none. All epoch milliseconds. */
export const tickWindow = (scheduledAt: number, last: number | null, now: number): TickWindow => {
  const to = isFuture(scheduledAt, now) ? now : scheduledAt;
  if (last !== null && isFuture(last, now))
    return { window: { from: to - minute, to }, isOld: false, clockFault: last };
  const isOld = last !== null && to <= last;
  return { window: { from: last ?? to, to }, isOld, clockFault: to === scheduledAt ? null : scheduledAt };
};

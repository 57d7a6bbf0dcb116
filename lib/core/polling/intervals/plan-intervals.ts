import type { FeedConfig, PollBounds } from '../../config/config.ts';
import { phaseMs } from '../phase.ts';
import { intervalOf, type Window } from '../schedule.ts';
import type { IntervalSlot, Timing } from '../schedule-rows.ts';
import { ratePerDay } from './arrival-rate.ts';
import { chooseSteps } from './poll-intervals.ts';

const HOUR = 3_600_000;

type Planned = { feed: FeedConfig; slot: Timing; bounds: PollBounds };

/** Adaptively polled feeds of which something is known; the others do not use any budget yet. */
const plannable = (feeds: FeedConfig[], slots: ReadonlyMap<string, Timing>): Planned[] =>
  feeds.flatMap((feed) => {
    const slot = slots.get(feed.id);
    if (!('adaptive' in feed.rhythm) || feed.paused || !slot?.plan || slot.gone) return [];
    return [{ feed, slot, bounds: feed.rhythm.adaptive }];
  });

const ceilingOf = ({ slot, bounds }: Planned, now: number): number => {
  const { ceiling } = slot.plan ?? {};
  return ceiling && ceiling.until > now ? Math.min(ceiling.ms, bounds.maxMs) : bounds.maxMs;
};

const rateOf = (planned: Planned, now: number) => {
  const { slot, bounds } = planned;
  return {
    step: slot.step ?? null,
    perDay: ratePerDay(slot.plan?.arrivals ?? null, now),
    floorMs: Math.max(slot.plan?.floorMs ?? 0, bounds.minMs),
    ceilingMs: ceilingOf(planned, now),
  };
};

/** Whether it has no step yet, or one above its ceiling, as after a gap. */
const isMisplaced = (planned: Planned, now: number): boolean => {
  const { slot, feed } = planned;
  if (slot.step === undefined) return true;
  const most = Math.max(ceilingOf(planned, now), slot.plan?.floorMs ?? 0, planned.bounds.minMs);
  return (intervalOf(feed.rhythm, slot) ?? 0) > most;
};

/** Whether the fleet is to be planned in this tick: once an hour, and if a feed has no step or a wrong one. */
export const isTimeToPlan = (
  feeds: FeedConfig[],
  slots: ReadonlyMap<string, Timing>,
  { from, to }: Window,
): boolean =>
  Math.floor(from / HOUR) < Math.floor(to / HOUR) ||
  plannable(feeds, slots).some((planned) => isMisplaced(planned, to));

/** The last regular poll on the step that a feed leaves, or now if it had none. */
const lastRegular = ({ feed, slot }: Planned, now: number): number => {
  const everyMs = intervalOf(feed.rhythm, slot) ?? HOUR;
  const phase = phaseMs(feed.url, everyMs);
  return Math.floor((now - phase) / everyMs) * everyMs + phase;
};

/**
 * The new steps of feeds that change theirs. Polls on the new step begin no sooner after the last one on the old than
 * the server and `min_interval` allow.
 */
export const planIntervals = (
  feeds: FeedConfig[],
  slots: ReadonlyMap<string, Timing>,
  { from: before, to: now }: Window,
): Map<string, Required<IntervalSlot>> => {
  const planned = plannable(feeds, slots);
  const meanMs = planned[0]?.bounds.meanMs ?? HOUR;
  const rates = planned.map((one) => rateOf(one, now));
  const steps = chooseSteps(rates, { meanMs, minMs: 1, maxMs: Number.MAX_SAFE_INTEGER });
  return new Map(
    planned.flatMap((one, index) => {
      const step = steps[index] ?? 0;
      // a tick may have served that poll later by the time between ticks
      const lastPolled = lastRegular(one, now) + now - before;
      const from = Math.max(one.slot.quietUntil ?? 0, lastPolled + (rates[index]?.floorMs ?? 0));
      return step === one.slot.step ? [] : [[one.feed.id, { step, from }] as const];
    }),
  );
};

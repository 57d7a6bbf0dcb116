import { type Arrivals, addArrivals, firstArrivals, ratePerDay } from '../lib/core/arrival-rate.ts';
import { planRungs, rungMs } from '../lib/core/rungs.ts';
import { phaseMs } from '../lib/core/schedule.ts';
import type { Bench } from './bench.ts';
import { type Random, seeded } from './support/seeded.ts';

/**
 * How long entries wait, by simulation: a fleet of feeds over four weeks, polled by our own planning functions and by
 * what others do, under one measure. η = D·N / ((Σ√λ)² / 2): total delay D of all entries per day, times polls N a day, over
 * what the best possible schedule would make of it; 1.00 is optimal whatever the budget.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const FEEDS = 1_500;
const DAYS = 28;
/** No feed publishes more a day; a tail without end would let one feed of a fleet decide everything. */
const MOST_PER_DAY = 500;
/** Entries that a document shows. */
const WINDOW = 20;
const START = Date.UTC(2026, 0, 1);
const END = START + DAYS * DAY;
const MIN = 5 * MINUTE;
const MAX = DAY;

type Feed = { url: string; perDay: number; arrivals: number[] };
type Fleet = { name: string; feeds: Feed[] };
/** Poll times, ascending, of each feed. */
type Polls = number[][];
type Strategy = (fleet: Fleet) => Polls;

const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const LAWS: Record<string, (random: Random) => number> = {
  'lognormal 1.5': (random) => Math.exp(1.5 * normal(random)),
  'lognormal 2': (random) => Math.exp(2 * normal(random)),
  'Pareto 1.2': (random) => 0.3 * (1 - random()) ** (-1 / 1.2),
};

/** Poisson arrivals from before the start, long enough for a full window, thinned by the time of day. */
const arrivalsOf = (perDay: number, swing: number, random: Random): number[] => {
  const times: number[] = [];
  const peak = perDay * (1 + swing);
  const since = START - Math.min(Math.max((2 * WINDOW) / perDay, 1), 2_000) * DAY;
  for (let time = since; time < END; ) {
    time += (-Math.log(1 - random()) / peak) * DAY;
    const level = (1 + swing * Math.sin((2 * Math.PI * time) / DAY)) / (1 + swing);
    if (random() < level && time < END) times.push(time);
  }
  return times;
};

const fleetOf = (law: string, swing: number, seed: number): Fleet => {
  const random = seeded(seed);
  const feeds = Array.from({ length: FEEDS }, (_, index) => {
    const perDay = Math.min(LAWS[law]?.(random) ?? 1, MOST_PER_DAY);
    return { url: `https://feeds.example/${index}`, perDay, arrivals: arrivalsOf(perDay, swing, random) };
  });
  return { name: swing > 0 ? `${law}, diurnal` : law, feeds };
};

/** A tick serves what became due in the minute before it. */
const tickAfter = (time: number): number => Math.ceil(time / MINUTE) * MINUTE;

/** Entries that came after `from`, up to and including `to`. */
const between = ({ arrivals }: Feed, from: number, to: number): number[] => {
  let low = 0;
  let high = arrivals.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((arrivals[middle] ?? 0) <= from) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < arrivals.length && (arrivals[end] ?? 0) <= to) end += 1;
  return arrivals.slice(low, end);
};

type Polled = {
  arrivals: Arrivals;
  rung: number | null;
  last: number;
  everyMs: number;
  phase: number;
  polls: number[];
};

const climbTo = (polled: Polled, feed: Feed, rung: number): void => {
  if (rung === polled.rung) return;
  const everyMs = rungMs(rung);
  Object.assign(polled, { rung, everyMs, phase: phaseMs(feed.url, everyMs) });
};

const pollThrough = (polled: Polled, feed: Feed, from: number, to: number): void => {
  const { everyMs, phase } = polled;
  const first = Math.floor((from - phase) / everyMs) + 1;
  for (let due = first * everyMs + phase; due <= to; due += everyMs) {
    const now = tickAfter(due);
    const fresh = between(feed, polled.last, now);
    if (fresh.length > 0) polled.arrivals = addArrivals(polled.arrivals, fresh, now);
    polled.last = now;
    polled.polls.push(now);
  }
};

let rungChanges = 0;

/** The functions that plan our polls: rates are learned from what a poll shows, rungs are planned once an hour. */
const ours: Strategy = ({ feeds }) => {
  const fleet = feeds.map((feed): Polled => {
    const shown = feed.arrivals.filter((time) => time <= START).slice(-WINDOW);
    return {
      arrivals: firstArrivals(shown, START),
      rung: null,
      last: START,
      everyMs: 0,
      phase: 0,
      polls: [START],
    };
  });
  for (let now = START; now < END; now += HOUR) {
    const climbers = fleet.map(({ rung, arrivals }) => ({
      rung,
      perDay: ratePerDay(arrivals, now),
      floorMs: 0,
    }));
    const rungs = planRungs(climbers, { meanMs: HOUR, minMs: MIN, maxMs: MAX });
    fleet.forEach((polled, index) => {
      const feed = feeds[index] as Feed;
      if (polled.rung !== null && polled.rung !== rungs[index]) rungChanges += 1;
      climbTo(polled, feed, rungs[index] ?? 0);
      pollThrough(polled, feed, now, now + HOUR);
    });
  }
  return fleet.map(({ polls }) => polls);
};

/** Asks a feed again after as many milliseconds as the rule makes of what it just found. */
const following =
  (rule: (feed: Feed, fleet: Fleet) => (found: number[], now: number) => number): Strategy =>
  (fleet) =>
    fleet.feeds.map((feed) => {
      const next = rule(feed, fleet);
      const random = seeded(Number(feed.url.split('/').at(-1)) + 1);
      const polls = [START];
      let due = START + next([], START) * random();
      let last = START;
      while (tickAfter(due) <= END) {
        const now = Math.max(tickAfter(due), last + MINUTE);
        const found = between(feed, last, now);
        polls.push(now);
        last = now;
        due += next(found, now);
      }
      return polls;
    });

const clamp = (intervalMs: number): number => Math.min(Math.max(intervalMs, MIN), MAX);

const uniform = following(() => () => HOUR);

/** Even with rates that are known, not learned. */
const proportional = following((feed, { feeds }) => {
  const mean = feeds.reduce((sum, { perDay }) => sum + perDay, 0) / feeds.length;
  return () => Math.max((HOUR * mean) / feed.perDay, MINUTE);
});

const aimd = following(() => {
  let intervalMs = HOUR;
  return (found) => {
    intervalMs = clamp(found.length > 0 ? intervalMs / 2 : intervalMs + 10 * MINUTE);
    return intervalMs;
  };
});

/** Miniflux's scheduler of that name, factor 1: a week over the entries of the last week, from 5 minutes to a day. */
const entryFrequency = following((feed) => (_found, now) => {
  const weekly = between(feed, now - 7 * DAY, now).length;
  return weekly === 0 ? MAX : clamp((7 * DAY) / weekly);
});

/** Milliseconds that entries waited, from the first poll to the last. */
const delayOf = (feed: Feed, polls: readonly number[]): number =>
  polls.slice(1).reduce((sum, now, index) => {
    const found = between(feed, polls[index] ?? now, now);
    return found.reduce((waited, time) => waited + now - time, sum);
  }, 0);

const efficiency = ({ feeds }: Fleet, polls: Polls): { eta: number; perFeedAndDay: number } => {
  const delayDays =
    feeds.reduce((sum, feed, index) => sum + delayOf(feed, polls[index] ?? []), 0) / DAY / DAYS;
  const perDay = polls.reduce((sum, one) => sum + one.length - 1, 0) / DAYS;
  const roots = feeds.reduce((sum, feed) => sum + Math.sqrt(feed.perDay), 0);
  return { eta: (delayDays * perDay) / (roots ** 2 / 2), perFeedAndDay: perDay / FEEDS };
};

const STRATEGIES: Record<string, Strategy> = {
  ours,
  uniform,
  proportional,
  AIMD: aimd,
  entry_frequency: entryFrequency,
};

const cell = (fleet: Fleet, strategy: Strategy): string => {
  const { eta, perFeedAndDay } = efficiency(fleet, strategy(fleet));
  return `${eta.toFixed(3)} @${perFeedAndDay.toFixed(1)}`;
};

/** `npm run bench -- scheduling 8`: another fleet of the same kind. */
export const bench: Bench = {
  question: 'How long do entries wait to be polled?',
  how: `${FEEDS} simulated feeds over ${DAYS} days, polled by our own planning code and by what others do, at a mean of one poll an hour and feed.`,
  limits: 'Arrivals are drawn from three laws, not recorded; every poll succeeds at once.',
  run: async ([seed = '7']) => {
    const fleets = Object.keys(LAWS).flatMap((law) =>
      [0, 0.9].map((swing) => fleetOf(law, swing, Number(seed))),
    );
    const rows = fleets.map((fleet) => [
      fleet.name,
      ...Object.values(STRATEGIES).map((strategy) => cell(fleet, strategy)),
    ]);
    return {
      tables: [
        {
          title: 'η (1.000 is optimal) @ polls a feed and day',
          head: ['fleet', ...Object.keys(STRATEGIES)],
          rows,
        },
      ],
      notes: [`Rung changes a feed and day, ours: ${(rungChanges / FEEDS / DAYS / 6).toFixed(2)}`],
    };
  },
};

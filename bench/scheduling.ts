import type { FeedConfig } from '../lib/core/config/config.ts';
import type { Learned } from '../lib/core/polling/feed-row.ts';
import { planIntervals } from '../lib/core/polling/intervals/plan-intervals.ts';
import { afterResponse, nothingLearned } from '../lib/core/polling/learn-from-response.ts';
import { phaseMs } from '../lib/core/polling/phase.ts';
import { intervalOf } from '../lib/core/polling/schedule.ts';
import { mergedSlot, type Timing } from '../lib/core/polling/schedule-rows.ts';
import { feedOf } from '../test/support/entries.ts';
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

/** A feed as our jobs keep it: what its row and the schedule say of it. */
type Polled = {
  config: FeedConfig;
  learned: Learned;
  slot: Timing;
  last: number;
  polls: number[];
};

const noHints = { ttlMs: null, skipHours: [], skipDays: [] };

/** An answer, taken as the jobs take it: what it teaches, and what the schedule is told if that is worth a write. */
const take = (polled: Polled, now: number, [shown, fresh]: [number[], number[]], first: boolean): void => {
  const read = fresh.length > 0 || first ? { now, hints: noHints, first, gap: false, shown, fresh } : null;
  const responded = { now, next: now, freshUntil: null, read };
  const { learned, slot } = afterResponse(polled.config, polled.learned, responded);
  polled.learned = learned;
  if (slot) {
    slotWrites += 1;
    const { step } = polled.slot;
    polled.slot = mergedSlot(slot, step === undefined ? undefined : { step }) ?? polled.slot;
  }
  polled.last = now;
  polled.polls.push(now);
};

const pollThrough = (polled: Polled, feed: Feed, from: number, to: number): void => {
  const everyMs = intervalOf(polled.config.rhythm, polled.slot) ?? HOUR;
  const phase = phaseMs(feed.url, everyMs);
  const firstDue = Math.floor((from - phase) / everyMs) + 1;
  for (let due = firstDue * everyMs + phase; due <= to; due += everyMs) {
    if (due < (polled.slot.quietUntil ?? 0)) continue;
    const now = tickAfter(due);
    take(polled, now, [[], between(feed, polled.last, now)], false);
  }
};

let stepChanges = 0;
let slotWrites = 0;

const begin = (feed: Feed, index: number): Polled => {
  const rhythm = { adaptive: { meanMs: HOUR, minMs: MIN, maxMs: MAX } };
  const config = feedOf({ id: String(index), url: feed.url, rhythm });
  const polled = { config, learned: nothingLearned, slot: { notBefore: 0 }, last: START, polls: [] };
  take(polled, START, [feed.arrivals.filter((time) => time <= START).slice(-WINDOW), []], true);
  return polled;
};

/** The code that plans our polls: rates are learned from what a poll shows, the fleet is planned once an hour. */
const ours: Strategy = ({ feeds }) => {
  const fleet = feeds.map(begin);
  const configs = fleet.map(({ config }) => config);
  for (let now = START; now < END; now += HOUR) {
    const slots = new Map(fleet.map(({ config, slot }) => [config.id, slot]));
    for (const [id, { step, from }] of planIntervals(configs, slots, { from: now - MINUTE, to: now })) {
      const polled = fleet[Number(id)] as Polled;
      if (polled.slot.step !== undefined) stepChanges += 1;
      polled.slot = { ...polled.slot, step, quietUntil: from };
    }
    fleet.forEach((polled, index) => {
      pollThrough(polled, feeds[index] as Feed, now, now + HOUR);
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

/** Over the six fleets. */
const perFeedAndDay = (count: number): string => (count / FEEDS / DAYS / 6).toFixed(2);

/** Ours is in the second column, η before the @. */
const worstOf = (rows: readonly (readonly string[])[]): string =>
  Math.max(...rows.map(([, ours = '']) => Number.parseFloat(ours))).toFixed(3);

/** `npm run bench -- scheduling 8`: another fleet of the same kind. */
export const bench: Bench = {
  question: 'How long do entries wait to be polled?',
  how: `Simulates ${FEEDS} feeds over ${DAYS} days, polled by our planning code and by other strategies, with an average of one poll per hour and feed.`,
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
          title: 'η (1.000 is optimal) @ polls per feed and day',
          head: ['fleet', ...Object.keys(STRATEGIES)],
          rows,
        },
      ],
      headlines: [
        {
          what: 'waiting time relative to the optimum (η), worst of six fleets',
          figure: worstOf(rows),
          target: '≤ 1.06',
        },
      ],
      notes: [
        `Our writes to the schedule per feed and day: ${perFeedAndDay(stepChanges)} changed steps, ${perFeedAndDay(slotWrites)} changed rates`,
      ],
    };
  },
};

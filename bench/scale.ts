import type { Bench, Report, Table } from './bench.ts';
import { type Fleet, type Measured, openFleet } from './support/fleet.ts';

/**
 * Ticks and polls of ever larger fleets, through the bundles as they are deployed. Of each tick's messages a few are
 * polled: twice, for a feed's first poll is not like those that follow.
 */

const SIZES = [100, 1_000, 10_000];
const MINUTE = 60_000;
const TICKS = 10;
/** Of a tick, so that the largest fleet takes minutes and not an hour. */
const MOST_MESSAGES = 3;
/** One feed in so many has something new when it is polled again. */
const NEWS_EVERY = 20;

type Run = {
  feeds: number;
  first: Measured;
  ticks: Measured[];
  late: Measured;
  firstPolls: Measured[];
  polls: Measured[];
  /** Feeds of those polls. */
  polled: number;
};

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
const mean = (numbers: readonly number[]) => sum(numbers) / Math.max(1, numbers.length);
const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;

const feedsOf = (messages: { body: string }[]): string[][] =>
  messages.map(({ body }) => JSON.parse(body).feeds);

const pollTwice = async (fleet: Fleet, ids: string[], run: Run) => {
  run.firstPolls.push(await fleet.ingest(ids));
  for (const id of ids) {
    const number = Number(id.split('-').at(-1));
    if (number % NEWS_EVERY === 0) fleet.farm.publish(number);
  }
  run.polls.push(await fleet.ingest(ids));
  run.polled += ids.length;
};

const measure = async (feeds: number): Promise<Run> => {
  const fleet = await openFleet({ feeds, entries: 5, latencyMs: 0 });
  try {
    const start = (Math.floor(Date.now() / MINUTE) - TICKS - 60) * MINUTE; // no tick ahead of its time
    const first = await fleet.tick(start);
    await fleet.drain('feeds'); // all of them, of which the ticks below take a sample
    const run: Run = { feeds, first, ticks: [], late: first, firstPolls: [], polls: [], polled: 0 };
    for (let n = 1; n <= TICKS; n += 1) {
      run.ticks.push(await fleet.tick(start + n * MINUTE));
      for (const ids of feedsOf(await fleet.drain('feeds')).slice(0, MOST_MESSAGES))
        await pollTwice(fleet, ids, run);
    }
    run.late = await fleet.tick(start + (TICKS + 60) * MINUTE);
    return run;
  } finally {
    await fleet.close();
  }
};

const fixed = (number: number, digits = 1) => number.toFixed(digits);
const requests = ({ asked }: Measured, name: RegExp) =>
  sum(Object.entries(asked.requests).flatMap(([one, count]) => (name.test(one) ? [count] : [])));

const tickRow = ({ feeds, ticks }: Run) => [
  feeds,
  fixed(median(ticks.map(({ wallMs }) => wallMs))),
  fixed(median(ticks.map(({ cpuMs }) => cpuMs))),
  fixed(Math.max(...ticks.map(({ peakMb }) => peakMb)), 0),
  fixed(mean(ticks.map(({ asked }) => asked.messages))),
  fixed(mean(ticks.map((one) => requests(one, /^sqs/)))),
  fixed(mean(ticks.map((one) => requests(one, /GetItem|Query/)))),
  fixed(mean(ticks.map(({ asked }) => asked.readUnits))),
  fixed(mean(ticks.map(({ asked }) => asked.writeUnits))),
];

const wholeTick = (name: string, feeds: number, tick: Measured) => [
  name,
  feeds,
  fixed(tick.wallMs, 0),
  fixed(tick.cpuMs, 0),
  fixed(tick.peakMb, 0),
  tick.asked.messages,
  requests(tick, /UpdateItem|PutItem/),
  fixed(tick.asked.writeUnits, 0),
];

const pollRow = (feeds: number, name: string, polls: Measured[], polled: number) => [
  name,
  feeds,
  polled,
  fixed(sum(polls.map(({ wallMs }) => wallMs)) / polled),
  fixed(sum(polls.map(({ cpuMs }) => cpuMs)) / polled),
  fixed(Math.max(...polls.map(({ peakMb }) => peakMb)), 0),
  fixed(sum(polls.map(({ asked }) => asked.readUnits)) / polled, 2),
  fixed(sum(polls.map(({ asked }) => asked.writeUnits)) / polled, 2),
];

/** Exponent of the power law through the ends: 1 is in proportion, 0 does not grow at all. */
const slope = (runs: readonly Run[], of: (run: Run) => number) => {
  const [small, large] = [runs[0], runs.at(-1)];
  if (!small || !large || small === large) return Number.NaN;
  return Math.log(of(large) / of(small)) / Math.log(large.feeds / small.feeds);
};

const growth = (runs: readonly Run[]): string => {
  const tickMs = (run: Run) => median(run.ticks.map(({ wallMs }) => wallMs));
  const reads = (run: Run) => mean(run.ticks.map(({ asked }) => asked.readUnits));
  const messages = (run: Run) => mean(run.ticks.map(({ asked }) => asked.messages));
  const pollMs = (run: Run) => sum(run.polls.map(({ wallMs }) => wallMs)) / run.polled;
  const all = { 'tick ms': tickMs, 'read units': reads, messages, 'ms per poll': pollMs };
  return `Growth from ${runs[0]?.feeds} to ${runs.at(-1)?.feeds} feeds, as an exponent (1: in proportion; 0: not at all): ${Object.entries(
    all,
  )
    .map(([name, of]) => `${name} ${slope(runs, of).toFixed(2)}`)
    .join(' · ')}`;
};

const tablesOf = (runs: readonly Run[]): Table[] => [
  {
    title: `A tick, of ${TICKS} a minute apart; every feed is due once an hour (ms and CPU: the median)`,
    head: ['feeds', 'ms', 'CPU ms', 'peak MB', 'messages', 'to SQS', 'reads', 'read units', 'write units'],
    rows: runs.map(tickRow),
  },
  {
    title: 'Ticks for which everything is due',
    head: ['tick', 'feeds', 'ms', 'CPU ms', 'peak MB', 'messages', 'writes', 'write units'],
    rows: runs.flatMap(({ feeds, first, late }) => [
      wholeTick('the very first', feeds, first),
      wholeTick('after an hour without any', feeds, late),
    ]),
  },
  {
    title: 'A poll, for each feed of a message',
    head: ['poll', 'feeds', 'polled', 'ms', 'CPU ms', 'peak MB', 'read units', 'write units'],
    rows: runs.flatMap(({ feeds, firstPolls, polls, polled }) => [
      pollRow(feeds, 'first, 5 entries', firstPolls, polled),
      pollRow(feeds, `later, 1 in ${NEWS_EVERY} with news`, polls, polled),
    ]),
  },
];

/** `npm run bench -- scale 100 500`: fleets of these sizes. */
export const bench: Bench = {
  question: 'What does a tick, and a poll, take as the fleet grows?',
  how: `Runs the bundles of poll-feeds and ingest-feeds, each in its own process, with embedded DynamoDB and SQS that count requests. Each feed has a site at its own loopback address. At most ${MOST_MESSAGES} messages per tick are polled.`,
  limits:
    'Emulators respond within two milliseconds and share the CPU with what is measured, so times on AWS differ. Compare the columns and the requests.',
  run: async (args): Promise<Report> => {
    const sizes = args.length > 0 ? args.map(Number) : SIZES;
    const runs: Run[] = [];
    for (const feeds of sizes) runs.push(await measure(feeds));
    return { tables: tablesOf(runs), notes: runs.length > 1 ? [growth(runs)] : [] };
  },
};

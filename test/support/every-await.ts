import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FeedConfig } from '../../lib/core/config.ts';
import { noEditorial } from '../../lib/core/editorial.ts';
import type { WhenUncertain } from '../../lib/core/row.ts';
import { type CrashPoint, type Delivery, type Plan, runPlan, type Window } from './crash-run.ts';
import { story } from './entries.ts';
import { allAnswers } from './failures.ts';
import type { Answer } from './world.ts';

const deliveries: Delivery[] = ['in order', 'reversed', 'twice'];

const dated = (n: number, day: number) =>
  story(n, { published: `2025-12-${String(day).padStart(2, '0')}T00:00:00.000Z` });

/** The same story, its guid and address made anew: a site that was rebuilt. */
const reissued = (n: number) => ({ ...dated(n, n), id: `new-${n}`, link: `https://new.example.com/${n}` });

const tag = { id: 'tag', url: 'https://www.example.com/tag.xml' };

type Story = {
  feeds: Partial<FeedConfig>[];
  before?: Window;
  windows: Window[];
  /** Orders of delivery to be tried; all of them where none are named. */
  orders?: Delivery[];
};

/** What happens at the publishers while the process dies. */
const stories: Record<string, Story> = {
  'two new entries': {
    feeds: [{}],
    before: { newsroom: [story(1)] },
    windows: [{ newsroom: [story(3), story(2), story(1)] }],
  },
  'an entry whose title is edited a minute later': {
    feeds: [{}],
    before: { newsroom: [story(1)] },
    windows: [
      { newsroom: [story(2), story(1)] },
      { newsroom: [story(2, { title: 'Story 2, corrected' }), story(1)] },
    ],
  },
  'an entry without the title that its draft is made of, beside one that has it': {
    feeds: [{}],
    before: { newsroom: [story(1)] },
    windows: [{ newsroom: [story(3, { title: null }), story(2), story(1)] }],
  },
  'one story in two feeds of a brand': {
    feeds: [{}, tag],
    before: { newsroom: [story(1)], tag: [] },
    windows: [{ newsroom: [story(2), story(1)], tag: [story(2, { id: 'tagged-2' })] }],
  },
  'a first poll with a backfill, and news a minute later': {
    feeds: [{ backfill: 2 }],
    windows: [
      { newsroom: [story(3), story(2), story(1)] },
      { newsroom: [story(4), story(3), story(2), story(1)] },
    ],
  },
  'two new entries of a feed that may have one draft a day': {
    orders: ['in order'],
    feeds: [{ editorial: { ...noEditorial, limits: { ...noEditorial.limits, perDay: 1 } } }],
    before: { newsroom: [story(1)] },
    windows: [{ newsroom: [story(3), story(2), story(1)] }],
  },
  'a mass re-issue with one entry that is new': {
    feeds: [{}],
    before: { newsroom: [1, 2, 3, 4, 5].map((n) => dated(n, n)) },
    windows: [{ newsroom: [dated(6, 20), ...[1, 2, 3, 4, 5].map(reissued)] }],
  },
};

const plansOf = (
  { orders = deliveries, ...told }: Story,
  policy: WhenUncertain,
  seconds: readonly Answer[],
): Plan[] =>
  allAnswers.flatMap((first) =>
    seconds.flatMap((second) =>
      // Where the second answer varies, one order of delivery is enough: the others show nothing that the first does not.
      (second === 'created' ? orders : orders.slice(0, 1)).map((delivery) => ({
        ...told,
        feeds: told.feeds.map((feed) => ({ ...feed, whenUncertain: policy })),
        answers: [first, second],
        delivery,
        crashes: [],
      })),
    ),
  );

/** Every place to die in a run of so many calls, after those the plan has. */
const places = ({ crashes }: Plan, calls: number): CrashPoint[] => {
  const from = crashes.at(-1)?.call ?? 0;
  return Array.from({ length: calls - from }, (_, i) => from + i + 1).flatMap((call) => [
    { call, side: 'before' as const },
    { call, side: 'after' as const },
  ]);
};

type Broken = { plan: Plan; promises: string[] };
type Tally = { runs: number; broken: Broken[] };

/** Runs a plan with every choice of up to so many deaths; keeps the first few that broke a promise. */
const dieEverywhere = async (plan: Plan, deaths: number, tally: Tally): Promise<void> => {
  if (tally.broken.length > 3) return;
  const { calls, broken } = await runPlan(plan);
  tally.runs += 1;
  if (broken.length > 0) tally.broken.push({ plan, promises: broken });
  if (deaths === 0) return;
  for (const crash of places(plan, calls))
    await dieEverywhere({ ...plan, crashes: [...plan.crashes, crash] }, deaths - 1, tally);
};

export type Extent = {
  /** Answers to the second POST. */
  seconds: (story: string) => readonly Answer[];
  deaths: number;
  atLeast: number;
  timeoutMs: number;
};

/**
 * Runs the real jobs to rest once for every await at which the process may die, times every failure of Dash Social,
 * times every order of delivery, for each story; and prints how many runs that were, and how long they took.
 */
export const proveEveryAwait = (policy: WhenUncertain, { seconds, deaths, atLeast, timeoutMs }: Extent) => {
  const started = performance.now();
  const total: Tally = { runs: 0, broken: [] };

  beforeAll(() => {
    Error.stackTraceLimit = 0; // a run may die a hundred times; nobody reads where
  });
  afterAll(() => {
    const time = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(`${total.runs} runs, under ${policy}, ${deaths} deaths each, in ${time} s\n`);
  });

  it.each(Object.entries(stories))(
    `a death at any await, under ${policy}: nothing lost, nothing doubled blindly; %s`,
    async (name, told) => {
      const tally: Tally = { runs: 0, broken: [] };

      for (const plan of plansOf(told, policy, seconds(name))) await dieEverywhere(plan, deaths, tally);

      total.runs += tally.runs;
      expect(tally.broken.map((one) => JSON.stringify(one))).toEqual([]);
    },
    timeoutMs,
  );

  it('is a proof of some size', () => expect(total.runs).toBeGreaterThan(atLeast));
};

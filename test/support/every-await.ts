import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FeedConfig } from '../../lib/core/config/config.ts';
import type { MediumOutcome } from '../../lib/core/dash/medium.ts';
import { noEditorial } from '../../lib/core/editorial/editorial.ts';
import type { WhenUncertain } from '../../lib/core/ledger/row.ts';
import { type CrashPoint, type Delivery, type Plan, runPlan, type Window } from './crash-run.ts';
import { story } from './entries.ts';
import { allResponses } from './failures.ts';
import { chooseSample, describeSample, isIn, parts, type Sample } from './sample.ts';
import type { Response } from './world.ts';

const deliveries: Delivery[] = ['in order', 'reversed', 'twice'];

const dated = (n: number, day: number) =>
  story(n, { published: `2025-12-${String(day).padStart(2, '0')}T00:00:00.000Z` });

/** The same story with a new guid and address, as after a site was rebuilt. */
const reissued = (n: number) => ({ ...dated(n, n), id: `new-${n}`, link: `https://new.example.com/${n}` });

const tag = { id: 'tag', url: 'https://www.example.com/tag.xml' };

const goesPublic = { publish: 'now' as const, post: { media_ids: [7] } };

type Story = {
  feeds: Partial<FeedConfig>[];
  before?: Window;
  windows: Window[];
  yearsPass?: boolean;
  edited?: Partial<FeedConfig>;
  medium?: MediumOutcome;
  /** The delivery orders to test; all if omitted. */
  orders?: Delivery[];
};

/** What the publishers do while the process dies. */
const stories: Readonly<Record<string, Story>> = {
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
  'an entry without the title that its caption needs, beside one that has it': {
    feeds: [{}],
    before: { newsroom: [story(1)] },
    windows: [{ newsroom: [story(3, { title: null }), story(2), story(1)] }],
  },
  'one story in two feeds of a brand': {
    feeds: [{}, tag],
    before: { newsroom: [story(1)], tag: [] },
    windows: [{ newsroom: [story(2), story(1)], tag: [story(2, { id: 'tagged-2' })] }],
  },
  'a first poll with a backfill, and a new entry a minute later': {
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
  'three new entries of a feed whose first two wait for review': {
    orders: ['in order'],
    feeds: [{ review: { first: 2 } }],
    before: { newsroom: [story(1)] },
    windows: [{ newsroom: [story(4), story(3), story(2), story(1)] }],
  },
  'an entry that waits years for its review, and then appears in another feed': {
    orders: ['in order'],
    feeds: [{ review: true }, { ...tag, review: true }],
    before: { newsroom: [story(1)], tag: [] },
    windows: [{ newsroom: [story(3), story(2), story(1)] }, {}, {}, { tag: [story(3, { id: 'tagged-3' })] }],
    yearsPass: true,
  },
  'an entry that is held for years, and then appears in another feed': {
    orders: ['in order'],
    feeds: [{}, tag],
    before: { newsroom: [story(1)], tag: [] },
    windows: [
      { newsroom: [story(3, { title: null }), story(2), story(1)] },
      {},
      {},
      { tag: [story(3, { id: 'tagged-3', title: null })] },
    ],
    yearsPass: true,
  },
  'two waiting entries whose edited caption can be rendered for only one': {
    orders: ['in order'],
    feeds: [{}],
    before: { newsroom: [story(1)] },
    windows: [{ newsroom: [story(3, { author: 'Ada' }), story(2), story(1)] }],
    edited: { caption: '{% if author %}{{ title }}{% endif %}' },
  },
  'two new entries that go public, whose video may not be published': {
    orders: ['in order'],
    feeds: [{ ...goesPublic, editorial: { ...noEditorial, limits: { ...noEditorial.limits, perDay: 1 } } }],
    before: { newsroom: [story(1)] },
    windows: [{ newsroom: [story(3), story(2), story(1)] }],
    medium: { kind: 'missing' },
  },
  'two new entries that go public, whose video cannot be checked': {
    orders: ['in order'],
    feeds: [goesPublic],
    before: { newsroom: [story(1)] },
    windows: [{ newsroom: [story(3), story(2), story(1)] }],
    medium: { kind: 'unknown', code: 'dash.no-medium', message: 'Dash Social returned 503' },
  },
  'a mass re-issue with one entry that is new': {
    feeds: [{}],
    before: { newsroom: [1, 2, 3, 4, 5].map((n) => dated(n, n)) },
    windows: [{ newsroom: [dated(6, 20), ...[1, 2, 3, 4, 5].map(reissued)] }],
  },
};

const underPolicy = ({ orders: _, ...story }: Story, whenUncertain: WhenUncertain) => ({
  ...story,
  feeds: story.feeds.map((feed) => ({ ...feed, whenUncertain })),
});

const plansOf = (story: Story, policy: WhenUncertain, seconds: readonly Response[]): Plan[] => {
  const { orders = deliveries } = story;
  return allResponses.flatMap((first) =>
    seconds.flatMap((second) =>
      // When the second response varies, one delivery order is enough: the others add no cases.
      (second === 'created' ? orders : orders.slice(0, 1)).map((delivery) => ({
        ...underPolicy(story, policy),
        responses: [first, second],
        delivery,
        crashes: [],
      })),
    ),
  );
};

/** Every crash point in a run with `calls` calls, after those of the plan. */
const crashPoints = ({ crashes }: Plan, calls: number): CrashPoint[] => {
  const from = crashes.at(-1)?.call ?? 0;
  return Array.from({ length: calls - from }, (_, i) => from + i + 1).flatMap((call) => [
    { call, side: 'before' as const },
    { call, side: 'after' as const },
  ]);
};

/** A run that broke a promise, in the form of `test/crash/found-wrong.test.ts`. */
export type FoundWrong = {
  policy: WhenUncertain;
  story: string;
  responses: Response[];
  delivery: Delivery;
  /** `before ledger.add 2`: at the second call of that name. */
  deaths: string[];
};
type Broken = FoundWrong & { promises: string[] };
type Tally = { runs: number; broken: Broken[] };
type Proof = { policy: WhenUncertain; story: string; sample: Sample; tally: Tally };

const nameOf = ({ call, side }: CrashPoint, names: string[]) => {
  const upToIt = names.slice(0, call);
  const name = upToIt.at(-1);
  return `${side} ${name} ${upToIt.filter((other) => other === name).length}`;
};

/**
 * Runs a plan with every choice of up to `deaths` deaths in the sample, and keeps the first few that broke a promise.
 */
const dieEverywhere = async (plan: Plan, deaths: number, proof: Proof): Promise<void> => {
  const { policy, story, sample, tally } = proof;
  if (tally.broken.length > 3) return;
  const { calls, names, broken: promises } = await runPlan(plan);
  const { responses, delivery, crashes } = plan;
  const found = { policy, story, responses, delivery };
  tally.runs += 1;
  if (promises.length > 0)
    tally.broken.push({ ...found, deaths: crashes.map((crash) => nameOf(crash, names)), promises });
  if (deaths === 0) return;
  for (const crash of crashPoints(plan, calls))
    if (isIn(sample, JSON.stringify([found, crashes, crash])))
      await dieEverywhere({ ...plan, crashes: [...crashes, crash] }, deaths - 1, proof);
};

/** Runs a recorded failure again; returns the promises it breaks today. */
export const runFoundWrong = async ({ policy, story, responses, delivery, deaths }: FoundWrong) => {
  const found = stories[story];
  if (!found) throw new Error(`there is no story ${JSON.stringify(story)}`);
  let plan: Plan = { ...underPolicy(found, policy), responses, delivery, crashes: [] };
  for (const death of deaths) {
    const { names } = await runPlan(plan);
    const crash = crashPoints(plan, names.length).find((point) => nameOf(point, names) === death);
    if (!crash)
      throw new Error(`no call is ${JSON.stringify(death)}; there are ${[...new Set(names)].sort()}`);
    plan = { ...plan, crashes: [...plan.crashes, crash] };
  }
  return (await runPlan(plan)).broken;
};

type Extent = {
  /** Responses to the second POST. */
  seconds: (story: string) => readonly Response[];
  deaths: number;
  /** The number of runs with all crash points; a sample needs its share. */
  atLeast: number;
  timeoutMs: number;
};

/**
 * Runs the real jobs to rest once for every await at which the process may die (one in twenty, see `chooseSample`),
 * for every failure of Dash Social, delivery order and story; prints the number of runs, the sample and the time.
 */
export const proveEveryAwait = (policy: WhenUncertain, { seconds, deaths, atLeast, timeoutMs }: Extent) => {
  const started = performance.now();
  const sample = chooseSample(process.env.SAMPLE);
  let runs = 0;

  const { stackTraceLimit } = Error;
  beforeAll(() => {
    Error.stackTraceLimit = 0; // a run may die a hundred times, and the traces are not read
  });
  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit;
    const time = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(`${runs} runs, under ${policy}, ${deaths} deaths each, in ${time} s\n`);
    process.stdout.write(`${describeSample(sample)}\n`);
  });

  it.each(Object.entries(stories))(
    `a crash at any await, under ${policy}, loses nothing and records every possible duplicate; %s`,
    async (story, plan) => {
      const plans = plansOf(plan, policy, seconds(story));
      const tally: Tally = { runs: 0, broken: [] };

      for (const plan of plans) await dieEverywhere(plan, deaths, { policy, story, sample, tally });

      runs += tally.runs;
      expect(tally.broken.map((one) => JSON.stringify(one))).toEqual([]);
      expect(tally.runs).toBeGreaterThan(plans.length);
    },
    timeoutMs,
  );

  it('covers enough runs', () =>
    expect(runs).toBeGreaterThan(sample.part === 'all' ? atLeast : atLeast / parts));
};

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WhenUncertain } from '../../lib/core/ledger/row.ts';
import { type CrashPoint, type Plan, runPlan } from '../support/crash-run.ts';
import { story } from '../support/entries.ts';
import { chooseSample, isIn } from '../support/sample.ts';
import type { Response } from '../support/world.ts';

/** Responses from which the post's outcome is known. */
const known: Response[] = ['created', 'rejected', 'throttled', 'not-created'];
const lastingMs = [100, 1_000, 10_000, 60_000];
const cases: [WhenUncertain, Response][] = [
  ...known.map((response): [WhenUncertain, Response] => ['park', response]),
  ['retry', 'created'],
  ...known.map((response): [WhenUncertain, Response] => ['auto', response]),
];

const planOf = (whenUncertain: WhenUncertain, response: Response): Plan => ({
  feeds: [{ whenUncertain }],
  before: { newsroom: [story(1)] },
  windows: [{ newsroom: [story(3), story(2), story(1)] }],
  responses: [response],
  delivery: 'in order',
  crashes: [],
});

const everyCall = (calls: number): CrashPoint[] =>
  Array.from({ length: calls }, (_, i) => i + 1).flatMap((call) => [
    { call, side: 'before' as const },
    { call, side: 'after' as const },
  ]);

const sample = chooseSample(process.env.SAMPLE);

const unknownOnes = ({ rows }: Awaited<ReturnType<typeof runPlan>>['world']): string[] =>
  rows()
    .filter(({ state, mayBeTwice, history }) =>
      [state, ...history.map((moment) => moment.state)].includes('uncertain') ? true : mayBeTwice > 0,
    )
    .map(({ title, history }) => `${title} was called unknown: ${history.map(({ code }) => code).join(' ')}`);

const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0; // thousands are thrown, and none is read
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

describe.each(lastingMs)('stores that fail for %i ms, from any call on,', (lastsMs) => {
  it.each(cases)(
    'lose, duplicate and forget nothing that Dash Social reported; %s, %s',
    async (policy, response) => {
      const plan = planOf(policy, response);
      const { calls } = await runPlan(plan);
      const wrong: string[] = [];

      const points = everyCall(calls).filter((point) =>
        isIn(sample, JSON.stringify([policy, response, lastsMs, point])),
      );
      for (const point of points) {
        const { world, broken } = await runPlan({ ...plan, faults: [{ ...point, lastsMs }] });
        const found = [...broken, ...unknownOnes(world)];
        if (found.length > 0) wrong.push(`${JSON.stringify(point)}: ${found.join('; ')}`);
      }

      expect(calls).toBeGreaterThan(30);
      expect(points).not.toHaveLength(0);
      expect(wrong).toEqual([]);
    },
    60_000,
  );
});

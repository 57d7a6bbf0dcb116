import { describe, expect, it } from 'vitest';
import type { WhenUncertain } from '../../lib/core/row.ts';
import { type CrashPoint, type Delivery, type Plan, runPlan } from '../support/crash-run.ts';
import { story } from '../support/entries.ts';
import type { Answer } from '../support/world.ts';

const answers: Answer[] = [
  'created',
  'created, unreadable',
  'lost, created',
  'lost, not created',
  'rejected',
  'throttled',
  'unauthorized',
  'forbidden',
  'not-created',
];
const deliveries: Delivery[] = ['in order', 'reversed', 'twice'];
const policies: WhenUncertain[] = ['park', 'retry', 'look_up'];

const base = (whenUncertain: WhenUncertain): Plan => ({
  feeds: [{ whenUncertain }],
  before: { newsroom: [story(1)] },
  after: { newsroom: [story(3), story(2), story(1)] },
  answers: [],
  delivery: 'in order',
  crashes: [],
});

/** Every place to die in a run of the plan, found by running it once without dying. */
const places = async (plan: Plan): Promise<CrashPoint[]> => {
  const { calls } = await runPlan(plan);
  return Array.from({ length: calls }, (_, i) => i + 1).flatMap((call) => [
    { call, side: 'before' as const },
    { call, side: 'after' as const },
  ]);
};

describe.each(policies)('under %s', (policy) => {
  it.each(answers)(
    'a death at any await, with the first answers %s: nothing lost, nothing doubled blindly',
    async (first) => {
      let runs = 0;
      for (const second of answers)
        for (const delivery of deliveries) {
          const plan = { ...base(policy), answers: [first, second], delivery };
          for (const crash of await places(plan)) {
            const { broken } = await runPlan({ ...plan, crashes: [crash] });
            expect(broken, JSON.stringify({ ...plan, crashes: [crash] })).toEqual([]);
            runs += 1;
          }
        }

      expect(runs).toBeGreaterThan(1000);
    },
    200_000,
  );
});

import fc from 'fast-check';
import { it } from 'vitest';
import type { WhenUncertain } from '../../lib/core/ledger/row.ts';
import { live } from './chaos.ts';
import { commands } from './chaos-commands.ts';

const policies: WhenUncertain[] = ['park', 'retry', 'auto'];

/**
 * Whatever happens, in whatever order, ends well. A counterexample is printed as JSON: kept as a file in
 * `test/fixtures/model` it is lived through again in every run, however the generator changes. A failure prints the
 * seed; without one it is that of all tests.
 */
export const proveModel = (numRuns: number, timeoutMs: number, seed?: number) => {
  it.each(policies)(
    'whatever happens, in whatever order, ends in one draft an entry or a recorded reason, under %s',
    async (policy) => {
      const endsWell = fc.asyncProperty(commands, async (list) => {
        const broken = await live(policy, list);
        if (broken.length > 0)
          throw new Error(`${broken.join('; ')}\n${JSON.stringify({ policy, commands: list })}`);
      });

      await fc.assert(endsWell, { numRuns, ...(seed !== undefined && { seed }) });
    },
    timeoutMs,
  );
};

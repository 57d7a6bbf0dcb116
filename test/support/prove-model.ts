import fc from 'fast-check';
import { it } from 'vitest';
import type { WhenUncertain } from '../../lib/core/ledger/row.ts';
import { live } from './chaos.ts';
import { commands } from './chaos-commands.ts';

const policies: WhenUncertain[] = ['park', 'retry', 'auto'];

/**
 * Any events in any order end well. A counterexample is printed as JSON: stored as a file in `test/fixtures/model`,
 * it is run again every time, however the generator changes. A failure prints the seed; the default is the seed of
 * all tests.
 */
export const proveModel = (numRuns: number, timeoutMs: number, seed?: number) => {
  it.each(policies)(
    'any events in any order end in one draft per entry or a recorded reason, under %s',
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

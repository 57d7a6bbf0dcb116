import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { behaviours } from './behaviours/all.ts';
import { aims, mayHoldAgain, toBeat } from './prove-wild.ts';
import { sumOf, wrongOf } from './truth.ts';

// No behaviour may be worse than its row in the table, so the rows together bound the product.
it(`allows at most ${100 * aims.wrong} % of all stories to be wrong, and ${aims.heldAgain} to be held again`, () => {
  const all = sumOf(behaviours.map((behaviour) => toBeat(behaviour, 'test')));
  const heldAgain = behaviours.reduce((sum, behaviour) => sum + mayHoldAgain(behaviour), 0);

  expect(all.stories).toBeGreaterThan(50_000);
  expect(wrongOf(all) / all.stories).toBeLessThanOrEqual(aims.wrong);
  expect(heldAgain).toBeLessThanOrEqual(aims.heldAgain);
});

it('covers every group of behaviours with a test', () => {
  const tested = readdirSync(import.meta.dirname).flatMap((name) => /^(.+)\.test\.ts$/.exec(name)?.[1] ?? []);

  expect(tested).toEqual(expect.arrayContaining([...new Set(behaviours.map(({ group }) => group))]));
});

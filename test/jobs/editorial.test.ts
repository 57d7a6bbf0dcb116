import { expect, it } from 'vitest';
import { noEditorial } from '../../lib/core/editorial/editorial.ts';
import { story } from '../support/entries.ts';
import { world } from '../support/world.ts';

it('filters an entry by a feed’s rule and records which rule and why', async () => {
  const { only, skip } = noEditorial.rules;
  const rules = { only, skip: { ...skip, keywords: ['sponsored'] } };
  const w = world([{ editorial: { ...noEditorial, rules } }]);
  await w.poll();
  w.publish([story(2, { title: 'Sponsored: a hat' }), story(1)]);

  await w.poll();
  await w.deliverWakeUps();

  expect(w.sums()).toEqual({ drafted: 1, filtered: 1 });
  expect(w.rowTitled('Sponsored: a hat')?.history).toMatchObject([
    { state: 'filtered', code: 'rule.skip-keywords', detail: 'skip.keywords: "sponsored" is in the title' },
  ]);
});

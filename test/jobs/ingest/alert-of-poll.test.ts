import { expect, it } from 'vitest';
import type { Registration } from '../../../lib/core/entries/candidate.ts';
import { alertsOfPoll, heldBatches } from '../../../lib/jobs/ingest/alert-of-poll.ts';

const batch = 'newsroom.1';
const known = (key: string): Registration => ({
  outcome: 'known',
  key,
  code: 'entry.known',
  asksHook: false,
  heldIn: null,
});
const held = (key: string): Registration => ({
  outcome: 'held',
  key,
  code: 'entry.late',
  asksHook: false,
  heldIn: batch,
});
const poll = { feed: 'newsroom', at: 0, gap: false };

it.each([
  ['the first', [known('a'), held('b'), held('c')]],
  ['the last', [held('b'), held('c'), known('a')]],
])('a batch in which the ledger knew %s entry raises one alert, naming a held entry', (_, outcomes) => {
  const batches = heldBatches(
    outcomes.map(() => ({ batch })),
    outcomes,
  );

  expect(batches).toEqual([{ batch, keys: ['b', 'c'] }]);
  expect(alertsOfPoll(poll, batches)).toMatchObject([{ kind: 'batch-held', count: 2, entryKey: 'c' }]);
});

it('a batch in which the ledger knew every entry raises no alert', () => {
  const outcomes = [known('a'), known('b')];

  expect(
    heldBatches(
      outcomes.map(() => ({ batch })),
      outcomes,
    ),
  ).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import { cliOver, fakeTarget } from '../support/cli.ts';
import { anEntryRow } from '../support/store-rows.ts';

const world = () => {
  const target = fakeTarget();
  for (const key of ['a', 'b'])
    target.stores.ledger.rows.set(
      key,
      anEntryRow({ key, title: `Story ${key}`, state: 'held', wakeAt: null, leading: [] }),
    );
  const recorded = () =>
    [...target.stores.activities.deeds.values()].map(({ by, kind, count, feeds, key, scope }) => ({
      ...{ by, kind, count, feeds, key, scope },
    }));
  return { run: cliOver(target), recorded, target };
};

const feed = anEntryRow().feed;
const one = { by: 'ada', count: 1, feeds: [feed], key: 'a', scope: null };
const circuit = { by: 'ada', count: 1, feeds: [], key: null };

describe('a command', () => {
  it.each<[line: string, activity: object]>([
    ['release a', { ...one, kind: 'release' }],
    ['dismiss a', { ...one, kind: 'dismiss' }],
    ['edit a --text Another', { ...one, kind: 'edit' }],
    ['snooze a --until 2h', { ...one, kind: 'snooze' }],
    ['pause', { ...circuit, kind: 'pause', scope: 'all' }],
    [`pause --feed ${feed}`, { ...circuit, kind: 'pause', scope: `feed/${feed}` }],
    [`poll ${feed} --wait 0`, { ...one, kind: 'poll', key: null }],
    ['purge a --yes', { ...one, kind: 'purge' }],
    [`purge ${feed} --yes`, { ...one, kind: 'purge', count: 2, key: null }],
    ['dismiss --state held --yes', { ...one, kind: 'dismiss', count: 2, key: null }],
  ])('%s is recorded once, with the user of this machine', async (line, activity) => {
    const { run, recorded } = world();

    expect(await run(line)).toMatchObject({ err: '' });

    expect(recorded()).toEqual([activity]);
  });

  it('that resumes or undoes something is recorded, too', async () => {
    const { run, recorded } = world();

    for (const line of ['pause', 'resume', 'dismiss a', 'undo a']) await run(line);

    expect(recorded().map(({ kind }) => kind)).toEqual(['pause', 'resume', 'dismiss', 'undo']);
  });

  it.each([
    'resume',
    'retry a',
    'undo a',
    'dismiss a --dry-run',
    'release --state held',
    'purge a --dry-run',
  ])('%s that changes nothing is not recorded', async (line) => {
    const { run, recorded } = world();

    await run(line);

    expect(recorded()).toEqual([]);
  });
});

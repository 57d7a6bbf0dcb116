import { beforeEach, describe, expect, it } from 'vitest';
import type { CircuitScope } from '../../lib/core/circuit/circuit-row.ts';
import { pausePosting } from '../../lib/jobs/operator/pause-posting.ts';
import { resumePosting } from '../../lib/jobs/operator/resume-posting.ts';
import { type FakeCircuitStore, fakeCircuitStore, type Hooks } from '../support/fake-stores.ts';
import { aCircuitRow } from '../support/store-rows.ts';

let circuits: FakeCircuitStore;
let hooks: Hooks;

beforeEach(() => {
  hooks = {};
  circuits = fakeCircuitStore({ before: (...given) => hooks.before?.(...given) });
});

const at = (now: number) => ({ circuits, clock: () => now });
const scopes: CircuitScope[] = ['all', 'brand/144', 'feed/newsroom'];

describe('pausing and resuming', () => {
  it.each(scopes)('stores a row for %s on pause and removes it on resume', async (scope) => {
    const paused = await pausePosting(at(1_000), scope);
    const rows = [...circuits.stored.values()];
    const resumed = await resumePosting(at(2_000), scope);

    expect(paused).toMatchObject({ already: false });
    expect(rows).toEqual([
      {
        scope,
        by: 'person',
        reason: 'person',
        openUntil: null,
        openedAt: 1_000,
        triedAt: null,
        halfOpen: false,
        failures: 0,
        rev: 1,
      },
    ]);
    expect(resumed).toEqual({ resumed: true, still: [] });
    expect(circuits.stored.size).toBe(0);
  });

  it('changes nothing when already paused', async () => {
    await pausePosting(at(1_000), 'all');

    const again = await pausePosting(at(2_000), 'all');

    expect(again).toMatchObject({ already: true, row: { openedAt: 1_000 } });
  });

  it('removes only the pause, and returns the circuits that still block posting', async () => {
    const machine = aCircuitRow({ scope: 'all', reason: 'outage' });
    await circuits.put(machine);
    await circuits.put(aCircuitRow({ scope: 'brand/7', reason: 'forbidden' }));
    await pausePosting(at(1_000), 'brand/144');

    const { resumed, still } = await resumePosting(at(2_000), 'brand/144', ['all', 'brand/144']);

    expect({ resumed, still }).toEqual({ resumed: true, still: [machine] });
    expect([...circuits.stored.values()].map(({ by }) => by)).toEqual(['machine', 'machine']);
  });

  it('reports when there was nothing to resume', async () => {
    expect(await resumePosting(at(1), 'feed/newsroom')).toEqual({ resumed: false, still: [] });
  });

  it('accepts a concurrent pause', async () => {
    let first = true;
    hooks.before = async (name) => {
      const overtake = first && name === 'circuits.put';
      first &&= !overtake;
      if (overtake) await pausePosting(at(500), 'all');
    };

    const paused = await pausePosting(at(1_000), 'all');

    expect(paused).toMatchObject({ already: true, row: { openedAt: 500 } });
  });
});

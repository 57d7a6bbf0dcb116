import { beforeEach, describe, expect, it } from 'vitest';
import type { CircuitScope } from '../../lib/core/circuit/gate.ts';
import { pauseGate } from '../../lib/jobs/operator/pause-posting.ts';
import { resumeGate } from '../../lib/jobs/operator/resume-posting.ts';
import { type FakeGateStore, fakeGateStore, type Hooks } from '../support/fake-stores.ts';
import { aGateRow } from '../support/store-rows.ts';

let gate: FakeGateStore;
let hooks: Hooks;

beforeEach(() => {
  hooks = {};
  gate = fakeGateStore({ before: (...given) => hooks.before?.(...given) });
});

const at = (now: number) => ({ gate, clock: () => now });
const scopes: CircuitScope[] = ['all', 'brand/144', 'feed/newsroom'];

describe('a person', () => {
  it.each(scopes)('closes %s with a row of their own, and opens it again', async (scope) => {
    const paused = await pauseGate(at(1_000))(scope);
    const doors = [...gate.doors.values()];
    const resumed = await resumeGate(at(2_000))(scope);

    expect(paused).toMatchObject({ already: false });
    expect(doors).toEqual([
      {
        scope,
        by: 'person',
        reason: 'person',
        closedUntil: null,
        closedAt: 1_000,
        halfOpen: false,
        failures: 0,
        rev: 1,
      },
    ]);
    expect(resumed).toEqual({ resumed: true, still: [] });
    expect(gate.doors.size).toBe(0);
  });

  it('who pauses twice changes nothing the second time', async () => {
    await pauseGate(at(1_000))('all');

    const again = await pauseGate(at(2_000))('all');

    expect(again).toMatchObject({ already: true, row: { closedAt: 1_000 } });
  });

  it('opens only what a person has closed, and is told what still closes the way', async () => {
    const machine = aGateRow({ scope: 'all', reason: 'outage' });
    await gate.put(machine);
    await gate.put(aGateRow({ scope: 'brand/7', reason: 'forbidden' }));
    await pauseGate(at(1_000))('brand/144');

    const { resumed, still } = await resumeGate(at(2_000))('brand/144', ['all', 'brand/144']);

    expect({ resumed, still }).toEqual({ resumed: true, still: [machine] });
    expect([...gate.doors.values()].map(({ by }) => by)).toEqual(['machine', 'machine']);
  });

  it('is told that there was nothing to resume', async () => {
    expect(await resumeGate(at(1))('feed/newsroom')).toEqual({ resumed: false, still: [] });
  });

  it('does not mind another who is as fast', async () => {
    let first = true;
    hooks.before = async (name) => {
      const overtake = first && name === 'gate.put';
      first &&= !overtake;
      if (overtake) await pauseGate(at(500))('all');
    };

    const paused = await pauseGate(at(1_000))('all');

    expect(paused).toMatchObject({ already: true, row: { closedAt: 500 } });
  });
});

import { describe, expect, it } from 'vitest';
import { permanent, retryable } from '../../../lib/core/errors.ts';
import { outcomeOfOne, recordActivity } from '../../../lib/jobs/operator/record-activity.ts';
import { fakeActivityStore } from '../../support/fake-stores.ts';

const at = 1_000;
const deed = { by: 'ada', kind: 'release' } as const;
const part = (count: number) => ({ ...outcomeOfOne({ feeds: ['newsroom'], key: `k${count}` }), count });

const world = (hooks = {}) => {
  const activities = fakeActivityStore(hooks);
  const rows = () => [...activities.deeds.values()];
  return { deps: { activities, clock: () => at }, rows };
};

describe('a recorded action', () => {
  it('is written before it is done, and its outcome afterwards', async () => {
    const { deps, rows } = world();
    let during: unknown[] = [];
    const work = async () => {
      during = rows();
    };

    await recordActivity(deps, deed, { work, outcomeOf: () => part(2) });

    expect(during).toMatchObject([{ by: 'ada', kind: 'release', at, endedAt: null, count: 0 }]);
    expect(rows()).toMatchObject([{ endedAt: at, count: 2, feeds: ['newsroom'], key: null }]);
  });

  it('names its entry if there is only one', async () => {
    const { deps, rows } = world();

    await recordActivity(deps, deed, { work: async () => {}, outcomeOf: () => part(1) });

    expect(rows()).toMatchObject([{ count: 1, key: 'k1' }]);
  });

  it('leaves no record when nothing was changed', async () => {
    const { deps, rows } = world();

    const { activity } = await recordActivity(deps, deed, { work: async () => {}, outcomeOf: () => null });

    expect([activity, rows()]).toEqual([null, []]);
  });

  it('leaves no record when it is refused', async () => {
    const { deps, rows } = world();
    const work = () => Promise.reject(permanent('edit.invalid', 'text must not be empty'));

    await expect(recordActivity(deps, deed, { work, outcomeOf: () => part(1) })).rejects.toThrow('empty');

    expect(rows()).toEqual([]);
  });

  it('stays without an outcome when it failed half-way', async () => {
    const { deps, rows } = world();
    const work = () => Promise.reject(retryable('store.unreachable', 'no response'));

    await expect(recordActivity(deps, deed, { work, outcomeOf: () => part(1) })).rejects.toThrow();

    expect(rows()).toMatchObject([{ endedAt: null, count: 0 }]);
  });

  it('is not done when it cannot be recorded', async () => {
    const { deps } = world({
      before: (name: string) => {
        if (name === 'activities.put') throw retryable('store.unreachable', 'no response');
      },
    });
    let isDone = false;
    const work = async () => {
      isDone = true;
    };

    await expect(recordActivity(deps, deed, { work, outcomeOf: () => part(1) })).rejects.toThrow();

    expect(isDone).toBe(false);
  });

  it('succeeds when only its outcome cannot be recorded', async () => {
    let puts = 0;
    const { deps, rows } = world({
      before: (name: string) => {
        if (name === 'activities.put' && ++puts === 2) throw retryable('store.unreachable', 'no response');
      },
    });

    const { done } = await recordActivity(deps, deed, { work: async () => 7, outcomeOf: () => part(1) });

    expect(done).toBe(7);
    expect(rows()).toMatchObject([{ endedAt: null }]);
  });
});

describe('an action in parts', () => {
  const inParts = async (second: object) => {
    const { deps, rows } = world();
    const how = (count: number) => ({ work: async () => {}, outcomeOf: () => part(count) });
    const { activity } = await recordActivity(deps, deed, how(100));
    await recordActivity(deps, { ...deed, continues: activity ?? '', ...second }, how(56));
    return rows().map(({ count }) => count);
  };

  it('is one activity with the sum of its parts', async () => {
    expect(await inParts({})).toEqual([156]);
  });

  it.each([{ by: 'grace' }, { kind: 'dismiss' }, { continues: 'unknown' }, { continues: '' }])(
    'does not continue an activity that is not its own: %j',
    async (other) => {
      expect(await inParts(other)).toEqual([100, 56]);
    },
  );

  it('keeps the earlier parts when the next one changes nothing', async () => {
    const { deps, rows } = world();
    const work = async () => {};
    const { activity } = await recordActivity(deps, deed, { work, outcomeOf: () => part(100) });

    await recordActivity(deps, { ...deed, continues: activity ?? '' }, { work, outcomeOf: () => null });

    expect(rows()).toMatchObject([{ count: 100 }]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adaptiveSemaphore } from '../../../lib/core/circuit/adaptive-semaphore.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Tasks that end on command, and those that have started. */
const bench = (room: () => number) => {
  const inLane = adaptiveSemaphore(room);
  const begun: number[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const ask = (n: number) =>
    inLane(() => {
      begun.push(n);
      return new Promise<number>((resolve, reject) => {
        ends[n] = (error) => (error ? reject(error) : resolve(n));
      });
    });
  return { begun, ends, ask };
};

describe('an adaptive semaphore', () => {
  it('starts as many tasks as it has capacity for, and the next in order when one ends', async () => {
    const { begun, ends, ask } = bench(() => 2);
    const asked = [0, 1, 2, 3].map(ask);
    await settled();
    expect(begun).toEqual([0, 1]);

    ends[1]?.();
    await settled();
    expect(begun).toEqual([0, 1, 2]);

    for (const n of [0, 2]) ends[n]?.();
    await settled();
    ends[3]?.();
    expect(await Promise.all(asked)).toEqual([0, 1, 2, 3]);
  });

  it('reads its capacity again whenever a task ends', async () => {
    const room = { now: 3 };
    const { begun, ends, ask } = bench(() => room.now);
    [0, 1, 2, 3, 4].map(ask);
    await settled();

    room.now = 2;
    ends[0]?.();
    await settled();
    expect(begun).toEqual([0, 1, 2]);

    ends[1]?.();
    await settled();
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it.each([0, -3])('always has a capacity of at least one: %i', async (room) => {
    const { begun, ends, ask } = bench(() => room);
    [0, 1].map(ask);
    await settled();
    expect(begun).toEqual([0]);

    ends[0]?.();
    await settled();
    expect(begun).toEqual([0, 1]);
  });

  it('rejects the failed task only and continues with the others', async () => {
    const { ends, ask } = bench(() => 1);
    const [one, other] = [ask(0), ask(1)];
    await settled();

    ends[0]?.(new Error('lost'));
    await expect(one).rejects.toThrow('lost');
    ends[1]?.();

    expect(await other).toBe(1);
  });

  it('never exceeds its capacity and completes every task, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 5 }), fc.nat(20), async (s, room, works) => {
        const inLane = adaptiveSemaphore(() => room);
        const found = { busy: 0, most: 0, ended: 0 };
        const asked = Array.from({ length: works }, (_, n) =>
          inLane(async () => {
            found.busy += 1;
            found.most = Math.max(found.most, found.busy);
            await s.schedule(Promise.resolve(), `work ${n}`);
            found.busy -= 1;
            found.ended += 1;
          }),
        );
        await s.waitFor(Promise.all(asked));

        expect(found).toEqual({ busy: 0, most: Math.min(room, works), ended: works });
      }),
    );
  });
});

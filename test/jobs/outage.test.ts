import { describe, expect, it } from 'vitest';
import { story } from '../support/entries.ts';
import { type Response, type World, world } from '../support/world.ts';

const stories = (n: number) => Array.from({ length: n }, (_, i) => story(i + 1));

/** A world with `n` queued entries whose wake-ups have been sent. */
const queued = async (n: number, ...given: Parameters<typeof world>): Promise<World> => {
  const w = world(...given);
  await w.poll();
  w.publish(stories(n));
  await w.poll();
  return w;
};

describe('an outage', () => {
  it('keeps the error that opened it', async () => {
    const w = await queued(3, [{ whenUncertain: 'park' }]);
    w.state.response = 'not-created';
    await w.deliverWakeUps();

    expect(await w.services.circuits.rows()).toMatchObject([
      { reason: 'outage', lastError: expect.stringMatching(/\w/) },
    ]);
  });
});

describe('two automatically opened circuits', () => {
  it('both close again, the outer one first, although each blocks the other’s trial row', async () => {
    const w = await queued(2);
    w.state.response = 'unauthorized';
    await w.deliverWakeUps();
    w.state.response = 'forbidden'; // the response to the trial row
    await w.minutes(2);
    const opened = w.events.flatMap((event) => (event.event === 'circuit.opened' ? [event.scope] : []));
    expect(opened.slice(0, 2)).toEqual(['all', 'brand/144']);
    w.state.response = 'created';

    await w.minutes(30);

    expect(w.sums()).toEqual({ drafted: 2 });
  });
});

describe('a worker that dies', () => {
  /** A world whose worker dies when it calls this port. */
  const dyingAt = async (port: string, response: Response) => {
    const life = { over: false };
    const w = await queued(1, [{ whenUncertain: 'park' }], {
      before: (name) => {
        if (life.over && name === port) throw new Error('killed');
      },
    });
    w.state.response = response;
    life.over = true;
    await expect(w.deliverWakeUps()).rejects.toThrow('killed');
    life.over = false;
    w.state.response = 'created';
    return w;
  };

  it('while waiting for its turn leaves the row unchanged', async () => {
    const w = await dyingAt('turn.take', 'created');

    expect(w.rows()).toMatchObject([{ state: 'queued', attempts: 0, claimId: null }]);
    await w.minutes(10);

    expect(w.sums()).toEqual({ drafted: 1 });
  });

  it.each(['throttled', 'unauthorized', 'forbidden'] as const)(
    'before it can open the circuit after “%s” has released its row',
    async (response) => {
      const w = await dyingAt('circuits.put', response);

      expect(w.rows()).toMatchObject([{ state: 'queued', attempts: 0 }]);
      await w.minutes(10);

      expect(w.sums()).toEqual({ drafted: 1 });
    },
  );

  it('with a turn that would come too late has nothing to release', async () => {
    const w = await queued(1);
    w.services.acquireTurn = async () => false;

    await w.deliverWakeUps();

    expect(w.rows()).toMatchObject([{ state: 'queued', attempts: 0, history: [{ code: 'entry.new' }] }]);
  });
});

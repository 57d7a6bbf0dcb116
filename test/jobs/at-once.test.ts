import { describe, expect, it } from 'vitest';
import type { CreateOutcome, WakeUp } from '../../lib/core/ports.ts';
import { story } from '../support/entries.ts';
import { type World, world } from '../support/world.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));
const rate = null;
const lost: CreateOutcome = { kind: 'uncertain', code: 'dash.timed-out', message: 'no answer', rate };
const made: CreateOutcome = { kind: 'created', postId: 1, rate };

/** A world with `rows` queued rows, whose Dash Social responds only when the test calls `answerAll` or `underWay`. */
const slowly = async (rows: number) => {
  const w = world([{ whenUncertain: 'park' }]);
  await w.poll();
  w.publish(Array.from({ length: rows }, (_, i) => story(i + 1)));
  await w.poll();
  const underWay: ((outcome: CreateOutcome) => void)[] = [];
  w.services.dash.create = () => new Promise((resolve) => underWay.push(resolve));
  const batch = () => w.stores.queues.wakeUps.splice(0, 10);
  /** Responds to requests, oldest first, until none is in progress. */
  const respondAll = async (outcome: CreateOutcome) => {
    for (await settled(); underWay.length > 0; await settled()) underWay.shift()?.(outcome);
  };
  return { w, underWay, batch, answerAll: respondAll };
};

const handTo = (w: World, worker: ReturnType<World['worker']>, messages: WakeUp[]) =>
  Promise.all(messages.map((message) => worker(message, w.call)));

describe('a batch of wake-ups', () => {
  it('keeps three requests in progress', async () => {
    const { w, underWay, batch, answerAll: respondAll } = await slowly(10);

    const work = handTo(w, w.worker(), batch());
    await settled();
    expect(underWay).toHaveLength(3);
    underWay.shift()?.(made);
    await settled();
    expect(underWay).toHaveLength(3);

    await respondAll(made);
    await work;
    expect(w.sums()).toEqual({ drafted: 10 });
  });

  it('leaves at most three rows per worker uncertain when responses stop, and the others untouched', async () => {
    const { w, batch, answerAll: respondAll } = await slowly(40);
    const workers = [w.worker(), w.worker()];

    const work = workers.map((worker) => handTo(w, worker, batch()));
    await respondAll(lost);
    await Promise.all(work);
    for (const worker of workers) await handTo(w, worker, batch());

    expect(w.sums()).toEqual({ uncertain: 6, queued: 34 });
    expect(w.rows().filter(({ state, attempts }) => state === 'queued' && attempts > 0)).toEqual([]);
  });

  it('reduces concurrency after a lost response and restores it after a success', async () => {
    const { w, underWay, batch, answerAll: respondAll } = await slowly(10);
    const work = handTo(w, w.worker(), batch());
    await settled();

    underWay.shift()?.(lost);
    await settled();
    expect(underWay).toHaveLength(2);
    underWay.shift()?.(made);
    await settled();
    expect(underWay).toHaveLength(3);

    await respondAll(made);
    await work;
    expect(w.sums()).toEqual({ uncertain: 1, drafted: 9 });
  });
});

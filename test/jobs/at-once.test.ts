import { describe, expect, it } from 'vitest';
import type { CreateOutcome, WakeUp } from '../../lib/core/ports.ts';
import { story } from '../support/entries.ts';
import { type World, world } from '../support/world.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));
const rate = null;
const lost: CreateOutcome = { kind: 'uncertain', code: 'dash.timed-out', message: 'no answer', rate };
const made: CreateOutcome = { kind: 'created', postId: 1, rate };

/** A world of so many queued rows, and a Dash Social whose answers come when, and as, they are told. */
const slowly = async (rows: number) => {
  const w = world([{ whenUncertain: 'park' }]);
  await w.poll();
  w.publish(Array.from({ length: rows }, (_, i) => story(i + 1)));
  await w.poll();
  const underWay: ((outcome: CreateOutcome) => void)[] = [];
  w.services.dash.create = () => new Promise((resolve) => underWay.push(resolve));
  const batch = () => w.stores.queues.wakeUps.splice(0, 10);
  /** Every one that is under way is answered, the oldest first, until none is any more. */
  const answerAll = async (outcome: CreateOutcome) => {
    for (await settled(); underWay.length > 0; await settled()) underWay.shift()?.(outcome);
  };
  return { w, underWay, batch, answerAll };
};

const handTo = (w: World, worker: ReturnType<World['worker']>, messages: WakeUp[]) =>
  Promise.all(messages.map((message) => worker(message, w.call)));

describe('a batch of wake-ups, worked on side by side', () => {
  it('has three requests under way at once, so that a slow Dash Social does not slow us as much', async () => {
    const { w, underWay, batch, answerAll } = await slowly(10);

    const work = handTo(w, w.worker(), batch());
    await settled();
    expect(underWay).toHaveLength(3);
    underWay.shift()?.(made);
    await settled();
    expect(underWay).toHaveLength(3);

    await answerAll(made);
    await work;
    expect(w.sums()).toEqual({ drafted: 10 });
  });

  it('leaves three rows a worker uncertain when no answer comes any more, and all others as they were', async () => {
    const { w, batch, answerAll } = await slowly(40);
    const workers = [w.worker(), w.worker()];

    const work = workers.map((worker) => handTo(w, worker, batch()));
    await answerAll(lost);
    await Promise.all(work);
    for (const worker of workers) await handTo(w, worker, batch());

    expect(w.sums()).toEqual({ uncertain: 6, queued: 34 });
    expect(w.rows().filter(({ state, attempts }) => state === 'queued' && attempts > 0)).toEqual([]);
  });

  it('begins fewer after each answer that was lost, and as many as before after one that came', async () => {
    const { w, underWay, batch, answerAll } = await slowly(10);
    const work = handTo(w, w.worker(), batch());
    await settled();

    underWay.shift()?.(lost);
    await settled();
    expect(underWay).toHaveLength(2);
    underWay.shift()?.(made);
    await settled();
    expect(underWay).toHaveLength(3);

    await answerAll(made);
    await work;
    expect(w.sums()).toEqual({ uncertain: 1, drafted: 9 });
  });
});

import { describe, expect, it } from 'vitest';
import { retryable } from '../../../lib/core/errors.ts';
import { parkAfter } from '../../../lib/core/ledger/unexpected-error.ts';
import { moveEntries } from '../../../lib/jobs/operator/move-entries.ts';
import { story } from '../../support/entries.ts';
import { type World, world } from '../../support/world.ts';

/** A world with two queued entries and a worker whose bug is hit only by the first. */
const buggy = async (given: Parameters<typeof world>[0], meet: (w: World, stumble: () => void) => void) => {
  const w = world(given);
  await w.poll();
  w.publish([story(2), story(1)]);
  await w.poll();
  const thrown = { times: 0, messages: 0 };
  meet(w, () => {
    thrown.times += 1;
    throw new TypeError('cannot read the length of undefined');
  });
  const deliver = async () => {
    for (const message of w.stores.queues.wakeUps.splice(0))
      await w.work(message).catch((error: Error) => {
        expect(error).toBeInstanceOf(TypeError);
        thrown.messages += 1;
      });
  };
  const hours = async (n: number) => {
    for (let i = 0; i < n * 60; i++) {
      w.state.now += 60_000;
      await w.tick();
      await deliver();
    }
  };
  await deliver();
  return { w, thrown, hours };
};

const keyOf = (w: World, title: string) => w.rowTitled(title)?.key ?? '';
const isOf = (w: World, row: unknown) => (row as { key: string } | null)?.key === keyOf(w, 'Story 1');

/** Reads as usual, and fails when it claims the first story's row. */
const atItsClaim = (w: World, stumble: () => void) => {
  const { replace } = w.stores.ledger;
  w.stores.ledger.replace = async (row) => {
    if (isOf(w, row) && row.type === 'entry' && row.state === 'drafting') stumble();
    return replace(row);
  };
};

const atItsPost = (w: World, stumble: () => void) => {
  const { create } = w.services.dash;
  w.services.dash.create = async (post, options) => {
    if (post.text === 'Story 1') stumble();
    return create(post, options);
  };
};

const afterItsPost = (w: World, stumble: () => void) => {
  w.services.updateRate = () => {
    if (w.sent.at(-1)?.text === 'Story 1') stumble();
  };
};

describe('an unexpected error before the request', () => {
  it(`lets the row wait, and holds it with the error after ${parkAfter} failures`, async () => {
    const { w, thrown, hours } = await buggy([{}], atItsClaim);

    expect(w.rowTitled('Story 1')).toMatchObject({ state: 'queued', attempts: 0 });
    await hours(6);

    expect(thrown).toEqual({ times: parkAfter, messages: parkAfter });
    expect(w.rowTitled('Story 1')).toMatchObject({ state: 'held', wakeAt: null, attempts: 0 });
    expect(w.rowTitled('Story 1')?.history.at(-1)).toMatchObject({
      code: 'draft.not-begun',
      detail: 'cannot read the length of undefined',
    });
    expect(w.reported('draft.held')).toMatchObject([{ code: 'draft.not-begun' }]);
    expect(w.rowTitled('Story 2')?.state).toBe('drafted');
    expect(w.sent).toHaveLength(1);
  });

  it('waits longer each time, so that a fixed release finds most rows still queued', async () => {
    const { w, hours } = await buggy([{}], atItsClaim);

    await hours(6);

    const times = w
      .rowTitled('Story 1')
      ?.history.flatMap(({ at, code }) => (code === 'draft.not-begun' ? [at] : [])) as number[];
    const waits = times.slice(1).map((at, i) => at - (times[i] as number));
    expect(waits.every((wait, i) => i === 0 || wait > (waits[i - 1] as number))).toBe(true);
  });

  it('starts counting again after the row is released', async () => {
    const { w, thrown, hours } = await buggy([{}], atItsClaim);
    await hours(6);

    const held = w.rows().filter(({ state }) => state === 'held');
    await moveEntries(w.services, held, { move: 'release', by: 'a person' });
    await hours(6);

    expect(thrown.times).toBe(2 * parkAfter);
    expect(w.rowTitled('Story 1')?.state).toBe('held');
  });
});

describe('an unexpected error after the request may have been sent', () => {
  it.each([
    ['park', 1],
    ['retry', 3],
    ['auto', parkAfter],
  ] as const)('follows the policy %s, and parks after %i attempts', async (whenUncertain, times) => {
    const { w, thrown, hours } = await buggy([{ whenUncertain }], atItsPost);

    await hours(6);

    expect(thrown).toEqual({ times, messages: times });
    expect(w.rowTitled('Story 1')).toMatchObject({ state: 'uncertain', wakeAt: null, attempts: times });
    expect(w.rowTitled('Story 1')?.history.at(-1)?.detail).toContain('cannot read the length');
    expect(w.reported('draft.uncertain')).toHaveLength(times);
    expect(w.rowTitled('Story 2')?.state).toBe('drafted');
  });

  it.each(['park', 'retry'] as const)(
    'does not change a known outcome when it follows the response; %s',
    async (whenUncertain) => {
      const { w } = await buggy([{ whenUncertain }], afterItsPost);

      expect(w.rowTitled('Story 1')).toMatchObject({ state: 'drafted', postId: 1, mayBeTwice: 0 });
      expect(w.posts).toHaveLength(2);
    },
  );

  it('parks the row when every look-up fails', async () => {
    const { w, thrown, hours } = await buggy([{ whenUncertain: 'auto' }], (world_, stumble) => {
      world_.state.response = 'lost, created';
      world_.services.listRecentPosts = async () => stumble() as never;
    });
    await hours(6);

    expect(thrown.times).toBe(2 * parkAfter);
    expect(w.rows()).toMatchObject([
      { state: 'uncertain', wakeAt: null },
      { state: 'uncertain', wakeAt: null },
    ]);
  });
});

it('does not overwrite a concurrent change, nor handle errors raised by a store', async () => {
  const w = world();
  await w.poll();
  w.publish([story(1)]);
  await w.poll();
  const [message] = w.stores.queues.wakeUps;
  w.services.acquireTurn = async () => {
    await moveEntries(w.services, w.rows(), { move: 'dismiss', by: 'a person' });
    throw new TypeError('a bug');
  };
  await expect(w.work(message as NonNullable<typeof message>)).rejects.toThrow('a bug');
  expect(w.rows()).toMatchObject([{ state: 'dismissed' }]);

  w.publish([story(2), story(1)]);
  await w.poll();
  w.services.acquireTurn = async () => {
    throw retryable('store.unreachable', 'no answer');
  };
  await expect(w.deliverWakeUps()).rejects.toThrow('no answer');
  expect(w.rowTitled('Story 2')?.history.map(({ code }) => code)).toEqual(['entry.new']);
});

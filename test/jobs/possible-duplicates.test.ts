import { describe, expect, it } from 'vitest';
import { isPossibleDuplicate } from '../../lib/core/entries/identity/possible-duplicate.ts';
import { moveEntries } from '../../lib/jobs/operator/move-entries.ts';
import { readStatus } from '../../lib/jobs/operator/read-status.ts';
import { alertWorld } from '../support/alert-world.ts';
import { story } from '../support/entries.ts';
import { world } from '../support/world.ts';

const minute = 60_000;

/** An entry that is sent again under `retry` after a lost response. */
const doubled = async <W extends ReturnType<typeof world>>(w: W): Promise<W> => {
  await w.poll();
  w.publish([story(1)]);
  await w.poll();
  w.state.response = 'lost, created';
  await w.deliverWakeUps();
  w.state.response = 'created';
  return w;
};

const waitsToBeSentAgain = async () => doubled(world([{ whenUncertain: 'retry' }]));
const sentAgain = async () => {
  const w = await waitsToBeSentAgain();
  await w.minutes(10);
  return w;
};

const confirm = (w: ReturnType<typeof world>, postId: number | null = null) =>
  moveEntries(w.services, w.rows(), { move: 'confirm', by: 'ada', postId });

const statusOf = (w: ReturnType<typeof world>) =>
  readStatus({ ...w.services, alerts: w.stores.alerts, queueDepths: async () => null });

describe('a possible duplicate', () => {
  it('is an entry that was sent again after a lost response, with the known ID', async () => {
    const w = await sentAgain();

    expect(w.posts).toHaveLength(2);
    expect(w.rows().map(isPossibleDuplicate)).toEqual([true]);
    expect(w.rows()).toMatchObject([{ state: 'drafted', mayBeTwice: 1, postId: 2 }]);
    expect((await statusOf(w)).undecided.duplicate.count).toBe(1);
    expect((await w.stores.ledger.waiting({ state: 'duplicate', limit: 5 })).rows).toHaveLength(1);
  });

  it('is not counted while it waits to be sent again', async () => {
    const w = await waitsToBeSentAgain();

    expect(w.rows()).toMatchObject([{ state: 'queued', mayBeTwice: 1 }]);
    expect((await statusOf(w)).undecided.duplicate.count).toBe(0);
  });

  it('does not arise under auto, because a draft that is found is not sent again', async () => {
    const w = await doubled(world([{ whenUncertain: 'auto' }]));
    await w.minutes(10);

    expect([w.posts.length, w.rows().map(isPossibleDuplicate)]).toEqual([1, [false]]);
  });

  it('ends when confirmed, and keeps its state, IDs and number of attempts', async () => {
    const w = await sentAgain();

    const [moved] = await confirm(w);

    expect(moved).toMatchObject({ refusal: null, row: { state: 'drafted', postId: 2, mayBeTwice: 1 } });
    expect(w.rows()).toMatchObject([{ checkedAt: w.state.now, history: expect.arrayContaining([]) }]);
    expect(w.rows()[0]?.history.at(-1)).toMatchObject({ code: 'move.confirm', detail: 'by ada' });
    expect((await statusOf(w)).undecided.duplicate.count).toBe(0);
    expect((await w.stores.ledger.waiting({ state: 'duplicate', limit: 5 })).rows).toEqual([]);
  });

  it('keeps both IDs when the other draft was kept', async () => {
    const w = await sentAgain();

    await confirm(w, 1);

    expect(w.rows()).toMatchObject([{ postId: 1, alsoPosted: [2] }]);
  });

  it('cannot be confirmed twice', async () => {
    const w = await sentAgain();
    await confirm(w);

    const [again] = await confirm(w);

    expect(again?.refusal).toMatchObject({ code: 'move.not-allowed' });
  });

  it('is counted again when the entry is retried manually', async () => {
    const w = await doubled(world([{ whenUncertain: 'park' }]));
    await moveEntries(w.services, w.rows(), { move: 'retry', by: 'ada' });
    await w.deliverWakeUps();

    expect(w.rows()).toMatchObject([{ state: 'drafted', mayBeTwice: 1, checkedAt: null }]);
    expect((await statusOf(w)).undecided.duplicate.count).toBe(1);
  });
});

it('a possible duplicate alerts once, and resolves when confirmed', async () => {
  const w = await doubled(alertWorld([{ whenUncertain: 'retry' }]));
  await w.minutes(10);

  await w.look();
  w.state.now += 5 * minute;
  await w.look();
  expect(w.takeNotices().filter((one) => one.includes('duplicates'))).toEqual([
    'began possible-duplicates/newsroom',
  ]);

  await confirm(w);
  await w.look();
  expect(w.takeNotices().filter((one) => one.includes('duplicates'))).toEqual([
    'over possible-duplicates/newsroom',
  ]);
});

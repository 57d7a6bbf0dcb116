import { describe, expect, it } from 'vitest';
import type { EntryRow } from '../../lib/core/row.ts';
import { clientTimeoutMs, leaseMs, serverDelayMs } from '../../lib/core/timing.ts';
import { story } from '../support/entries.ts';
import { type World, world } from '../support/world.ts';

const minute = 60_000;

/** Entries of which one text is sent, each with an answer that was lost. */
const lost = async (texts: string[], answers: ('lost, created' | 'lost, not created')[]): Promise<World> => {
  const w = world([{ whenUncertain: 'look_up', caption: '{{ summary }}' }]);
  await w.poll();
  w.publish(texts.map((summary, i) => story(i, { summary })));
  await w.poll();
  for (const message of w.stores.queues.wakeUps.splice(0)) {
    w.state.answer = answers.shift() ?? 'created';
    await w.worker()(message, w.call);
  }
  w.state.answer = 'created';
  return w;
};

const idsOf = (w: World) => w.rows().map(({ postId }: EntryRow) => postId);

describe('a look at what Dash Social has', () => {
  it('finds the draft of an answer that was lost', async () => {
    const w = await lost(['A'], ['lost, created']);

    await w.minutes(10);

    expect(w.sums()).toEqual({ drafted: 1 });
    expect([w.sent.length, idsOf(w)]).toEqual([1, [1]]);
  });

  it('sends again what is surely absent', async () => {
    const w = await lost(['A'], ['lost, not created']);

    await w.minutes(10);

    expect([w.sent.length, w.posts.length, w.sums()]).toEqual([2, 1, { drafted: 1 }]);
  });

  it('does not take place before the request can no longer be committed', async () => {
    const w = await lost(['A'], ['lost, created']);

    const [row] = w.rows();

    expect(row?.dueAt).toBeGreaterThanOrEqual(w.state.now + clientTimeoutMs + serverDelayMs);
    expect(row?.dueAt).toBe(w.state.now + leaseMs + serverDelayMs);
  });

  it('leaves to a person what it cannot tell', async () => {
    const w = await lost(['A'], ['lost, created']);
    w.state.lists = false;

    await w.minutes(24 * 60);

    expect([w.sent.length, w.sums()]).toEqual([1, { uncertain: 1 }]);
    expect(w.rows()[0]?.history.at(-1)?.code).toBe('look-up.cannot-tell');
  });

  it('settles two entries of one text on two posts', async () => {
    const w = await lost(['A', 'A'], ['lost, created', 'lost, created']);

    await w.minutes(10);

    expect(w.sums()).toEqual({ drafted: 2 });
    expect(idsOf(w).toSorted()).toEqual([1, 2]);
    expect(w.sent).toHaveLength(2);
  });

  it('does not give one entry the post of another that has the same text', async () => {
    const w = await lost(['A', 'A'], ['lost, created', 'lost, not created']);

    await w.minutes(20);

    expect(w.sums()).toEqual({ drafted: 2 });
    expect([w.posts.length, idsOf(w).toSorted()]).toEqual([2, [1, 2]]);
  });

  it('does not take a post of another text, however new it is', async () => {
    const w = await lost(['A'], ['lost, not created']);
    const post = w.rows()[0]?.post;
    if (post) w.posts.push({ id: 99, post: { ...post, text: 'B' }, at: w.state.now + 1 });

    await w.minutes(10);

    expect(w.sums()).toEqual({ drafted: 1 });
    expect(idsOf(w)).toEqual([2]);
  });

  it('does not take a post that is older than the attempt', async () => {
    const w = await lost(['A'], ['lost, not created']);
    const post = w.rows()[0]?.post;
    if (post) w.posts.push({ id: 99, post, at: w.state.now - 5 * minute });

    await w.minutes(10);

    expect(idsOf(w)).not.toContain(99);
  });
});

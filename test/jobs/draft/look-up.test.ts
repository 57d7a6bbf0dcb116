import { describe, expect, it } from 'vitest';
import { clientTimeoutMs, leaseMs, serverDelayMs } from '../../../lib/core/dash/timing.ts';
import { needsDecision } from '../../../lib/core/ledger/needs-decision.ts';
import type { EntryRow } from '../../../lib/core/ledger/row.ts';
import type { RecentPost } from '../../../lib/core/posts/find-draft.ts';
import { story } from '../../support/entries.ts';
import { type SentPost, type World, world } from '../../support/world.ts';

const minute = 60_000;

/** Entries with these texts, each sent with the given answer; then Dash Social works again. */
const lost = async (
  texts: string[],
  responses: ('lost, created' | 'lost, not created')[],
): Promise<World> => {
  const w = world([{ whenUncertain: 'auto', caption: '{{ summary }}' }]);
  await w.poll();
  w.publish(texts.map((summary, i) => story(i, { summary })));
  await w.poll();
  for (const message of w.stores.queues.wakeUps.splice(0)) {
    w.state.response = responses.shift() ?? 'created';
    await w.worker()(message, w.call);
  }
  w.state.response = 'created';
  return w;
};

/** Changes the list of posts that Dash Social returns. */
const list = (w: World, change: (posts: RecentPost[]) => RecentPost[], reaches = true) => {
  const { listRecentPosts } = w.services;
  w.services.listRecentPosts = async (query) => {
    const listed = await listRecentPosts(query);
    if (listed.kind !== 'listed') return listed;
    return { ...listed, posts: change(listed.posts), reachesBefore: reaches && listed.reachesBefore };
  };
};

const lastDetail = (w: World) => w.rows()[0]?.history.at(-1)?.detail;

const idsOf = (w: World) => w.rows().map(({ postId }: EntryRow) => postId);

describe('a look-up', () => {
  it('finds the draft of a lost response', async () => {
    const w = await lost(['A'], ['lost, created']);

    await w.minutes(10);

    expect(w.sums()).toEqual({ drafted: 1 });
    expect([w.sent.length, idsOf(w)]).toEqual([1, [1]]);
  });

  it('sends an entry again when its draft is certainly absent', async () => {
    const w = await lost(['A'], ['lost, not created']);

    await w.minutes(10);

    expect([w.sent.length, w.posts.length, w.sums()]).toEqual([2, 1, { drafted: 1 }]);
  });

  it('is not made while the request may still be committed', async () => {
    const w = await lost(['A'], ['lost, created']);

    const [row] = w.rows();

    expect(row?.dueAt).toBeGreaterThanOrEqual(w.state.now + clientTimeoutMs + serverDelayMs);
    expect(row?.dueAt).toBe(w.state.now + leaseMs + serverDelayMs);
  });

  it('leaves the entry uncertain when the list is not available', async () => {
    const w = await lost(['A'], ['lost, created']);
    w.state.lists = false;

    await w.minutes(24 * 60);

    expect([w.sent.length, w.sums()]).toEqual([1, { uncertain: 1 }]);
    expect(w.rows()[0]?.history.at(-1)?.code).toBe('look-up.inconclusive');
  });

  it('waits while the list cannot be requested, and then finds the draft', async () => {
    const w = await lost(['A'], ['lost, created']);
    w.state.lists = 'not now';

    await w.minutes(24 * 60);
    const waiting = w.rows()[0] as EntryRow;
    w.state.lists = true;
    await w.minutes(2 * 60);

    const tries = waiting.history.filter(({ code }) => code === 'look-up.not-available');
    expect(tries).toMatchObject([{ detail: 'it returned 401' }]);
    expect(needsDecision(waiting)).toBe(false);
    expect([w.sent.length, w.sums(), idsOf(w)]).toEqual([1, { drafted: 1 }, [1]]);
  });

  it('is left to you when the list could not be requested for three days', async () => {
    const w = await lost(['A'], ['lost, created']);
    w.state.lists = 'not now';

    await w.minutes(4 * 24 * 60);

    const [row] = w.rows() as [EntryRow];
    expect([w.sent.length, w.sums(), needsDecision(row)]).toEqual([1, { uncertain: 1 }, true]);
    expect(lastDetail(w)).toBe('it returned 401, each time for 3 days');
  });

  it('adopts no post after 450 days, when other entries’ posts are no longer known', async () => {
    const w = await lost(['A', 'A'], ['lost, created', 'lost, not created']);
    const [first, second] = w.rows() as [EntryRow, EntryRow];
    w.state.now += leaseMs + serverDelayMs;
    await w.work({ key: first.key, brand: first.brand });
    w.state.now += 450 * 86_400_000;
    const latest = { brand: first.brand, postId: 7_000, at: w.state.now };
    w.posts.push({ id: latest.postId, post: { ...w.sent[0], text: 'B' } as SentPost['post'], at: latest.at });
    await w.services.latestDrafts.note(latest);
    await w.work({ key: second.key, brand: second.brand });

    const after = w.allRows().find(({ key }) => key === second.key) as EntryRow;
    expect(after).toMatchObject({ state: 'uncertain', postId: null });
    expect(after.history.at(-1)?.detail).toContain('no longer known');
  });

  it('matches two entries with the same text to two posts', async () => {
    const w = await lost(['A', 'A'], ['lost, created', 'lost, created']);

    await w.minutes(10);

    expect(w.sums()).toEqual({ drafted: 2 });
    expect(idsOf(w).toSorted()).toEqual([1, 2]);
    expect(w.sent).toHaveLength(2);
  });

  it('does not give one entry another’s post with the same text', async () => {
    const w = await lost(['A', 'A'], ['lost, created', 'lost, not created']);

    await w.minutes(20);

    expect(w.sums()).toEqual({ drafted: 2 });
    expect([w.posts.length, idsOf(w).toSorted()]).toEqual([2, [1, 2]]);
  });

  it('ignores a new post with a different text', async () => {
    const w = await lost(['A'], ['lost, not created']);
    const post = w.rows()[0]?.post;
    if (post) w.posts.push({ id: 99, post: { ...post, text: 'B' }, at: w.state.now + 1 });

    await w.minutes(10);

    expect(w.sums()).toEqual({ drafted: 1 });
    expect(idsOf(w)).toEqual([2]);
  });

  it.each([
    ['older than the attempt', -5 * minute],
    ['too new to come from the attempt', leaseMs + 5 * minute],
  ])('ignores a post that is %s', async (_, ms) => {
    const w = await lost(['A'], ['lost, not created']);
    const post = w.rows()[0]?.post;
    if (post) w.posts.push({ id: 99, post, at: w.state.now + ms });

    await w.minutes(20);

    expect(idsOf(w)).not.toContain(99);
    expect(w.sums()).toEqual({ drafted: 1 });
  });

  it('ignores a post of another brand', async () => {
    const w = await lost(['A'], ['lost, not created']);
    const post = w.rows()[0]?.post;
    if (post) list(w, (posts) => [{ id: 99, brand: 7, text: 'A', createdAt: w.state.now }, ...posts]);

    await w.minutes(20);

    expect([w.sums(), w.posts.length]).toEqual([{ drafted: 1 }, 1]);
    expect(idsOf(w)).not.toContain(99);
  });

  it('matches a post although Dash Social has changed its white space', async () => {
    const w = await lost(['A  b\n'], ['lost, created']);
    list(w, (posts) =>
      posts.map((post) => ({ ...post, text: post.text?.replace(/\s+/g, ' ').trim() ?? null })),
    );

    await w.minutes(10);

    expect([w.sent.length, idsOf(w)]).toEqual([1, [1]]);
  });

  it('takes the only matching post even if it has no creation time', async () => {
    const w = await lost(['A'], ['lost, created']);
    list(w, (posts) => posts.map((post) => (post.id === 1 ? { ...post, createdAt: null } : post)));

    await w.minutes(10);

    expect(idsOf(w)).toEqual([1]);
  });

  it('parks when several posts match and have no creation time', async () => {
    const w = await lost(['A'], ['lost, created']);
    list(w, (posts) => [
      { id: 99, brand: 144, text: 'A', createdAt: null },
      ...posts.map((post) => (post.id === 1 ? { ...post, createdAt: null } : post)),
    ]);

    await w.minutes(10);

    expect([w.sent.length, w.sums()]).toEqual([1, { uncertain: 1 }]);
    expect(lastDetail(w)).toContain('posts 99, 1 match');
  });
});

describe('a list that cannot be trusted', () => {
  const day = 24 * 60 * minute;
  type Case = [string, string, (w: World) => void];
  const cases: Case[] = [
    [
      'no draft of the brand has a known id',
      'no draft of this brand has a known ID',
      (w) => w.stores.latestDrafts.known.clear(),
    ],
    [
      'the latest known draft is older than 30 days',
      'more than 30 days old',
      (w) =>
        void w.stores.latestDrafts.known.set(144, { brand: 144, postId: 1_044, at: w.state.now - 31 * day }),
    ],
    ['the list is empty', 'is empty', (w) => list(w, () => [])],
    [
      'the latest draft is missing',
      'does not contain the latest',
      (w) => list(w, (posts) => posts.map((post) => ({ ...post, id: post.id + 1 }))),
    ],
    [
      'the latest draft has another brand',
      'does not contain the latest',
      (w) => list(w, (posts) => posts.map((post) => ({ ...post, brand: 7 }))),
    ],
    [
      'its times are off by an hour',
      'does not contain the latest',
      (w) =>
        list(w, (posts) =>
          posts.map((post) => ({ ...post, createdAt: (post.createdAt ?? 0) - 60 * minute })),
        ),
    ],
    ['it does not reach back far enough', 'may have been cut off', (w) => list(w, (posts) => posts, false)],
    ['there is no list', '404', (w) => Object.assign(w.state, { lists: false })],
  ];
  it.each(cases)('parks created and absent posts alike: %s', async (_, detail, spoil) => {
    for (const response of ['lost, created', 'lost, not created'] as const) {
      const w = await lost(['A'], [response]);
      spoil(w);

      await w.minutes(24 * 60);

      expect([w.sent.length, w.sums()]).toEqual([1, { uncertain: 1 }]);
      expect(w.rows()[0]?.history.at(-1)?.code).toBe('look-up.inconclusive');
      expect(lastDetail(w)).toContain(detail);
    }
  });

  it('can be trusted after the first draft of a new brand', async () => {
    const w = world([{ whenUncertain: 'auto' }]);
    w.stores.latestDrafts.known.clear();
    w.older.length = 0;
    await w.poll();
    w.publish([story(1)]);
    await w.minutes(1);
    expect(w.stores.latestDrafts.known.get(144)).toMatchObject({ postId: 1 });
    await w.minutes(10);

    w.state.response = 'lost, not created';
    w.publish([story(2), story(1)]);
    await w.minutes(1);
    w.state.response = 'created';
    await w.minutes(10);

    expect(w.sums()).toEqual({ drafted: 2 });
  });
});

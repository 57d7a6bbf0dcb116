import { beforeEach, describe, expect, it } from 'vitest';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { purgeEntries } from '../../lib/jobs/operator/purge-entries.ts';
import { purgeFeed } from '../../lib/jobs/operator/purge-feed.ts';
import { story } from '../support/entries.ts';
import type { Hooks } from '../support/fake-stores.ts';
import { aPair, aPointer, aTrouble } from '../support/store-rows.ts';
import { type World, world } from '../support/world.ts';

const stories = [1, 2, 3].map((n) => story(n));
let w: World;

/** Polled once while it was empty, then with stories that all became drafts. */
const published = async (feeds: Parameters<typeof world>[0] = [{}], hooks: Hooks = {}) => {
  const made = world(feeds, hooks);
  const ids = made.config.feeds.map(({ id }) => id);
  for (const id of ids) made.publish([], id);
  await made.poll();
  for (const id of ids) made.publish(stories, id);
  await made.poll();
  await made.deliverWakeUps();
  return made;
};

const rowOf = (title: string): EntryRow => w.rowTitled(title) as EntryRow;
const pollAndDeliver = async () => {
  await w.poll();
  await w.deliverWakeUps();
};
const postsOf = (title: string) => w.posts.filter(({ post }) => post.text === title).length;

beforeEach(async () => {
  w = await published();
});

describe('purging an entry', () => {
  it('lets the feed that still shows it bring it anew, and touches no other', async () => {
    const before = w.rows().filter(({ title }) => title !== 'Story 2');

    const purged = await purgeEntries(w.services)([rowOf('Story 2')]);
    const left = w.rows();
    await pollAndDeliver();

    expect(purged).toMatchObject({ forgotten: [{ title: 'Story 2', postId: 2 }], stay: [], leading: 4 });
    expect(left).toEqual(before);
    expect([postsOf('Story 1'), postsOf('Story 2'), postsOf('Story 3')]).toEqual([1, 2, 1]);
    expect(w.rows().filter(({ title }) => title !== 'Story 2')).toEqual(before);
  });

  it('leaves no pointer behind, over however many steps it led there', async () => {
    const { key } = rowOf('Story 2');
    w.stores.ledger.rows.set('far', aPointer({ key: 'far', owner: 'near' }));
    w.stores.ledger.rows.set('near', aPointer({ key: 'near', owner: key }));

    const { leading } = await purgeEntries(w.services)([rowOf('Story 2')]);

    const pointers = [...w.stores.ledger.rows.values()].filter(({ type }) => type === 'pointer');
    expect(leading).toBe(6);
    expect(pointers).toHaveLength(8); // four of each of the other two
  });

  it('makes one draft of it where two feeds show it', async () => {
    w = await published([{}, { id: 'all', url: 'https://www.example.com/all.xml' }]);

    await purgeEntries(w.services)([rowOf('Story 2')]);
    await pollAndDeliver();

    expect(postsOf('Story 2')).toBe(2);
    expect(w.posts).toHaveLength(4);
  });

  it('makes none of it when nobody shows it any more', async () => {
    w.publish([story(3)]);
    await w.poll();

    await purgeEntries(w.services)([rowOf('Story 2')]);
    await pollAndDeliver();

    expect(w.posts).toHaveLength(3);
    expect(w.rowTitled('Story 2')).toBeUndefined();
  });

  it('frees its side of a link that feed and webhook share, and forgets the link when both are free', async () => {
    const { key } = rowOf('Story 2');
    w.stores.ledger.rows.set('both', aPair({ key: 'both', feed: key, hook: 'of the webhook' }));
    w.stores.ledger.rows.set('one', aPair({ key: 'one', feed: key, hook: null }));
    w.stores.ledger.rows.set('other', aPair({ key: 'other', feed: 'x', hook: null }));

    await purgeEntries(w.services)([rowOf('Story 2')]);

    const { rows } = w.stores.ledger;
    expect(rows.get('both')).toMatchObject({ feed: null, hook: 'of the webhook', rev: 2 });
    expect(rows.has('one')).toBe(false);
    expect(rows.get('other')).toMatchObject({ feed: 'x', rev: 1 });
  });

  it('leaves one alone that is being sent at this moment, however it was when it was found', async () => {
    const found = rowOf('Story 2');
    const sending: EntryRow = { ...found, state: 'drafting', rev: found.rev + 1 };
    w.stores.ledger.rows.set(found.key, sending);
    const before = new Map(w.stores.ledger.rows);

    const purged = await purgeEntries(w.services)([found]);

    expect(purged).toEqual({ forgotten: [], stay: [sending], leading: 0 });
    expect(w.stores.ledger.rows).toEqual(before);
  });

  it('forgets one that was changed meanwhile as it is by then', async () => {
    const found = rowOf('Story 2');
    w.stores.ledger.rows.set(found.key, { ...found, rev: found.rev + 1, postId: 77 });

    const { forgotten } = await purgeEntries(w.services)([found]);

    expect(forgotten).toMatchObject([{ postId: 77 }]);
    expect(w.stores.ledger.rows.has(found.key)).toBe(false);
  });
});

describe('purging a feed', () => {
  it('makes its next poll a first one: what is there then is remembered, not posted', async () => {
    const { forgotten } = await purgeFeed(w.services)('newsroom', w.rows());
    const left = w.stores.ledger.rows.size;
    await pollAndDeliver();

    expect(forgotten).toHaveLength(3);
    expect(left).toBe(0);
    expect(w.sums()).toEqual({ baselined: 3 });
    expect(w.posts).toHaveLength(3);
  });

  it('takes the newest of it again where the feed asks for a backfill', async () => {
    w = await published([{ backfill: 1 }]);

    await purgeFeed(w.services)('newsroom', w.rows());
    await pollAndDeliver();

    expect(w.sums()).toEqual({ baselined: 2, drafted: 1 });
  });

  it('keeps its failures, by which it is left alone', async () => {
    const row = await w.stores.feedStore.read('newsroom');
    const trouble = aTrouble({ nextAt: 9e15 });
    await w.stores.feedStore.save({ ...(row as NonNullable<typeof row>), rev: (row?.rev ?? 0) + 1, trouble });

    await purgeFeed(w.services)('newsroom', w.rows());

    expect(await w.stores.feedStore.read('newsroom')).toMatchObject({ facts: null, trouble });
  });

  it('keeps its window while one of it is being sent', async () => {
    const row = rowOf('Story 2');
    w.stores.ledger.rows.set(row.key, { ...row, state: 'drafting' });

    const { forgotten, stay } = await purgeFeed(w.services)('newsroom', w.rows());

    expect([forgotten.length, stay.length]).toEqual([2, 1]);
    expect(await w.stores.feedStore.read('newsroom')).toMatchObject({ facts: expect.any(Uint8Array) });
  });
});

describe('a purge that dies half-way', () => {
  /** Runs it so that it dies before the n-th call to a store, then lets the feeds be polled; whether it died. */
  const dieAt = async (n: number, what: 'entry' | 'feed'): Promise<boolean> => {
    let left = Number.POSITIVE_INFINITY;
    const hooks: Hooks = {
      before: () => {
        left -= 1;
        if (left < 0) throw new Error('crashed');
      },
    };
    w = await published([{}, { id: 'all', url: 'https://www.example.com/all.xml' }], hooks);
    const mine = w.rows().filter(({ feed }) => feed === 'newsroom');
    const story2 = [rowOf('Story 2')];
    left = n;
    const purging =
      what === 'entry' ? purgeEntries(w.services)(story2) : purgeFeed(w.services)('newsroom', mine);
    const died = await purging.then(
      () => false,
      () => true,
    );
    left = Number.POSITIVE_INFINITY;
    await pollAndDeliver();
    for (const id of ['newsroom', 'all']) w.publish([...stories, story(4)], id);
    await pollAndDeliver();
    return died;
  };

  it.each([
    ['entry', 2],
    ['feed', 1],
  ] as const)('(of an %s) loses nothing that comes, and doubles nothing else', async (what, most) => {
    let n = 0;
    while (await dieAt(n, what)) {
      n += 1;

      expect([postsOf('Story 1'), postsOf('Story 3'), postsOf('Story 4')]).toEqual([1, 1, 1]);
      expect(postsOf('Story 2')).toBeLessThanOrEqual(most);
    }
    expect(n).toBeGreaterThan(8);
  });
});

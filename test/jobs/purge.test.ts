import { beforeEach, describe, expect, it } from 'vitest';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { purgeEntries, purgeEntry } from '../../lib/jobs/operator/purge-entries.ts';
import { purgeFeed } from '../../lib/jobs/operator/purge-feed.ts';
import { story } from '../support/entries.ts';
import type { Hooks } from '../support/fake-stores.ts';
import { aPair, aPointer, aTrouble } from '../support/store-rows.ts';
import { type World, world } from '../support/world.ts';

const stories = [1, 2, 3].map((n) => story(n));
let w: World;

/** A world polled once while empty, then with stories that all became drafts. */
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
  it('allows its feed to bring it again, and does not change other entries', async () => {
    const before = w.rows().filter(({ title }) => title !== 'Story 2');

    const purged = await purgeEntries(w.services, [rowOf('Story 2')]);
    const left = w.rows();
    await pollAndDeliver();

    expect(purged).toMatchObject({ forgotten: [{ title: 'Story 2', postId: 2 }], stay: [], leading: 4 });
    expect(left).toEqual(before);
    expect([postsOf('Story 1'), postsOf('Story 2'), postsOf('Story 3')]).toEqual([1, 2, 1]);
    expect(w.rows().filter(({ title }) => title !== 'Story 2')).toEqual(before);
  });

  it.each([
    ['with the pointers that its row names', (row: EntryRow) => row],
    ['although pointers stay that its row does not name', (row: EntryRow) => ({ ...row, leading: [] })],
  ])('without reading the whole ledger allows its feed to bring it again, once, %s', async (_, as) => {
    const { allRows: _unused, ...ledger } = w.services.ledger;

    const purged = await purgeEntry({ ...w.services, ledger }, as(rowOf('Story 2')));
    await pollAndDeliver();
    await pollAndDeliver();

    expect(purged).toMatchObject({ forgotten: [{ title: 'Story 2' }], stay: [] });
    expect([postsOf('Story 1'), postsOf('Story 2'), postsOf('Story 3')]).toEqual([1, 2, 1]);
  });

  it('deletes pointers to it at any depth', async () => {
    const { key } = rowOf('Story 2');
    w.stores.ledger.rows.set('far', aPointer({ key: 'far', owner: 'near' }));
    w.stores.ledger.rows.set('near', aPointer({ key: 'near', owner: key }));

    const { leading } = await purgeEntries(w.services, [rowOf('Story 2')]);

    const pointers = [...w.stores.ledger.rows.values()].filter(({ type }) => type === 'pointer');
    expect(leading).toBe(6);
    expect(pointers).toHaveLength(8); // four each for the other two
  });

  it('leads to one new draft when two feeds list it', async () => {
    w = await published([{}, { id: 'all', url: 'https://www.example.com/all.xml' }]);

    await purgeEntries(w.services, [rowOf('Story 2')]);
    await pollAndDeliver();

    expect(postsOf('Story 2')).toBe(2);
    expect(w.posts).toHaveLength(4);
  });

  it('leads to no draft when no feed lists it any more', async () => {
    w.publish([story(3)]);
    await w.poll();

    await purgeEntries(w.services, [rowOf('Story 2')]);
    await pollAndDeliver();

    expect(w.posts).toHaveLength(3);
    expect(w.rowTitled('Story 2')).toBeUndefined();
  });

  it('clears its side of a pair, and deletes the pair when both sides are empty', async () => {
    const { key } = rowOf('Story 2');
    w.stores.ledger.rows.set('both', aPair({ key: 'both', feed: key, hook: 'webhook-key' }));
    w.stores.ledger.rows.set('one', aPair({ key: 'one', feed: key, hook: null }));
    w.stores.ledger.rows.set('other', aPair({ key: 'other', feed: 'x', hook: null }));

    await purgeEntries(w.services, [rowOf('Story 2')]);

    const { rows } = w.stores.ledger;
    expect(rows.get('both')).toMatchObject({ feed: null, hook: 'webhook-key', rev: 2 });
    expect(rows.has('one')).toBe(false);
    expect(rows.get('other')).toMatchObject({ feed: 'x', rev: 1 });
  });

  it('skips an entry that is being sent, whatever its state when it was found', async () => {
    const found = rowOf('Story 2');
    const sending: EntryRow = { ...found, state: 'drafting', rev: found.rev + 1 };
    w.stores.ledger.rows.set(found.key, sending);
    const before = new Map(w.stores.ledger.rows);

    const purged = await purgeEntries(w.services, [found]);

    expect(purged).toEqual({ forgotten: [], stay: [sending], leading: 0 });
    expect(w.stores.ledger.rows).toEqual(before);
  });

  it('deletes the current version of an entry that has changed meanwhile', async () => {
    const found = rowOf('Story 2');
    w.stores.ledger.rows.set(found.key, { ...found, rev: found.rev + 1, postId: 77 });

    const { forgotten } = await purgeEntries(w.services, [found]);

    expect(forgotten).toMatchObject([{ postId: 77 }]);
    expect(w.stores.ledger.rows.has(found.key)).toBe(false);
  });
});

describe('purging a feed', () => {
  it('makes its next poll a first poll, which baselines existing entries', async () => {
    const { forgotten } = await purgeFeed(w.services, 'newsroom', w.rows());
    const left = w.stores.ledger.rows.size;
    await pollAndDeliver();

    expect(forgotten).toHaveLength(3);
    expect(left).toBe(0);
    expect(w.sums()).toEqual({ baselined: 3 });
    expect(w.posts).toHaveLength(3);
  });

  it('repeats the backfill if the feed has one', async () => {
    w = await published([{ backfill: 1 }]);

    await purgeFeed(w.services, 'newsroom', w.rows());
    await pollAndDeliver();

    expect(w.sums()).toEqual({ baselined: 2, drafted: 1 });
  });

  it('keeps its failures and back-off', async () => {
    const row = await w.stores.feedStore.read('newsroom');
    const trouble = aTrouble({ nextAt: 9e15 });
    await w.stores.feedStore.save({ ...(row as NonNullable<typeof row>), rev: (row?.rev ?? 0) + 1, trouble });

    await purgeFeed(w.services, 'newsroom', w.rows());

    expect(await w.stores.feedStore.read('newsroom')).toMatchObject({ facts: null, trouble });
  });

  it('keeps its window while an entry is being sent', async () => {
    const row = rowOf('Story 2');
    w.stores.ledger.rows.set(row.key, { ...row, state: 'drafting' });

    const { forgotten, stay } = await purgeFeed(w.services, 'newsroom', w.rows());

    expect([forgotten.length, stay.length]).toEqual([2, 1]);
    expect(await w.stores.feedStore.read('newsroom')).toMatchObject({ facts: expect.any(Uint8Array) });
  });
});

describe('a purge that dies', () => {
  /** Runs a purge that dies before its n-th store call, then polls the feeds; returns whether it died. */
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
      what === 'entry' ? purgeEntries(w.services, story2) : purgeFeed(w.services, 'newsroom', mine);
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
  ] as const)('(%s) loses no new entries and duplicates no others', async (what, most) => {
    let n = 0;
    while (await dieAt(n, what)) {
      n += 1;

      expect([postsOf('Story 1'), postsOf('Story 3'), postsOf('Story 4')]).toEqual([1, 1, 1]);
      expect(postsOf('Story 2')).toBeLessThanOrEqual(most);
    }
    expect(n).toBeGreaterThan(8);
  });
});

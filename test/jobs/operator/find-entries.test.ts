import { beforeEach, describe, expect, it } from 'vitest';
import { guidKey, linkKey } from '../../../lib/core/entries/identity/ledger-keys.ts';
import type { EntryRow } from '../../../lib/core/ledger/row.ts';
import { type Choice, findEntries, findNamed } from '../../../lib/jobs/operator/find-entries.ts';
import { feedOf } from '../../support/entries.ts';
import { type FakeLedger, fakeLedger } from '../../support/fake-stores.ts';
import { anEntryRow, aPair, aPointer } from '../../support/store-rows.ts';

let ledger: FakeLedger;

beforeEach(() => {
  ledger = fakeLedger();
});

const put = (...rows: Parameters<FakeLedger['insert']>[0][]) => {
  for (const row of rows) ledger.rows.set(row.key, row);
};

const config = { feeds: [feedOf({ id: 'newsroom' }), feedOf({ id: 'blog' })], webhooks: [] };
const find = async (choice: Choice) => (await findEntries({ config, ledger }, choice)).map(({ key }) => key);
const keyOf = (feed: string, id: string) => String(guidKey(feed, id));

describe('findEntries', () => {
  const row = (given: Partial<EntryRow>) => anEntryRow({ wakeAt: null, ...given });

  it.each([
    ['its key', 'k1'],
    ['a pointer to it', 'p1'],
    ['its link', 'https://www.example.com/bridge'],
    ['a variant of its link', 'http://www.example.com/bridge/?utm_source=rss#top'],
    ['its draft’s ID', '1004'],
    ['its second draft’s ID', '1005'],
  ])('finds an entry by %s', async (_, name) => {
    put(
      row({ key: 'k1', postId: 1004, alsoPosted: [1005] }),
      row({ key: 'k2', link: 'https://x.test/2' }),
      aPointer(),
      aPointer({ key: 'post-1005', owner: 'k1' }),
    );

    expect(await find({ names: [name] })).toEqual(['k1']);
  });

  it('finds an entry by its guid, in every feed that has it', async () => {
    const [a, b] = [keyOf('newsroom', 'tag:1'), keyOf('blog', 'tag:1')];
    put(row({ key: a, seenAt: 2 }), row({ key: b, feed: 'blog', seenAt: 1 }));

    expect(await find({ names: ['tag:1'] })).toEqual([b, a]);
  });

  it('finds an entry once when two names match it', async () => {
    put(row({ key: 'k1' }), aPointer());

    expect(await find({ names: ['k1', 'p1', 'https://www.example.com/bridge'] })).toEqual(['k1']);
  });

  it.each([
    ['all', {}, ['a', 'b', 'c']],
    ['of a feed', { feed: 'blog' }, ['b', 'c']],
    ['in a state', { states: ['held'] as const }, ['a', 'c']],
    ['of a feed in a state', { feed: 'blog', states: ['held', 'rejected'] as const }, ['c']],
    ['of an unknown feed', { feed: 'none' }, []],
  ])('chooses entries %s, oldest first', async (_, choice, expected) => {
    put(
      row({ key: 'c', feed: 'blog', state: 'held', seenAt: 3 }),
      row({ key: 'a', state: 'held', seenAt: 1 }),
      row({ key: 'b', feed: 'blog', state: 'drafted', seenAt: 2 }),
      aPointer(),
      aPair(),
    );

    expect(await find(choice)).toEqual(expected);
  });

  it('reports every name that matches nothing', async () => {
    put(row({ key: 'k1' }), aPair({ key: 'pair1' }), aPointer({ key: 'p2', owner: 'gone' }));

    const names = ['k1', 'pair1', 'p2', '', 'x'.repeat(5_000), 'https://www.example.com/other'];
    await expect(find({ names })).rejects.toMatchObject({
      code: 'entry.unknown',
      message: expect.stringContaining('pair1, p2, , xxx'),
    });
  });

  it('stops at pointers that form a loop', async () => {
    put(aPointer({ key: 'p1', owner: 'p2' }), aPointer({ key: 'p2', owner: 'p1' }));

    await expect(find({ names: ['p1'] })).rejects.toMatchObject({ code: 'entry.unknown' });
  });
});

describe('findEntries of a batch', () => {
  const inBatch = (key: string, given: Partial<EntryRow> = {}) =>
    anEntryRow({
      ...{ key, state: 'held', wakeAt: null, batch: 'newsroom.12' },
      history: [{ at: 1_000, state: 'held', code: 'entry.late' }],
      ...given,
    });

  it('returns entries held in it, not those decided or held for another reason', async () => {
    put(
      inBatch('held'),
      inBatch('released', { state: 'drafted' }),
      inBatch('stale', { history: [{ at: 2_000, state: 'held', code: 'entry.stale' }] }),
      inBatch('other', { batch: 'newsroom.13' }),
    );

    expect(await find({ batch: 'newsroom.12', states: ['held'] })).toEqual(['held']);
  });

  it('lists the open batches when the ID is unknown', async () => {
    put(
      inBatch('a'),
      inBatch('b'),
      inBatch('c', { batch: 'blog.3' }),
      inBatch('d', { batch: 'blog.1', state: 'dismissed' }),
    );

    await expect(find({ batch: 'newsrom.12', states: ['held'] })).rejects.toMatchObject({
      code: 'batch.unknown',
      message: 'There is no batch newsrom.12. Open: blog.3 (1 held), newsroom.12 (2 held).',
    });
  });

  it('returns nothing when the batch has been decided', async () => {
    put(inBatch('a', { state: 'dismissed' }));

    expect(await find({ batch: 'newsroom.12', states: ['held'] })).toEqual([]);
  });
});

describe('findNamed', () => {
  const recognized = { by: 'title-and-date', title: 'A bridge', link: 'https://new.example.com/b' } as const;
  const named = async (name: string) =>
    (await findNamed({ config, ledger }, [name])).map(({ row: { key }, recognized: ways }) => [key, ...ways]);

  it('reports by which facts an ID was recognized as the entry', async () => {
    put(anEntryRow(), aPointer({ key: keyOf('newsroom', 'tag:2'), recognized }));

    expect(await named('tag:2')).toEqual([['k1', { name: 'tag:2', ...recognized }]]);
  });

  it('finds an entry by any variant of a link that was recognized as another', async () => {
    put(anEntryRow(), aPointer({ key: keyOf('newsroom', 'tag:2'), recognized }));

    expect(await named('http://www.new.example.com/b/?utm_source=x')).toEqual([
      ['k1', { name: 'http://www.new.example.com/b/?utm_source=x', ...recognized }],
    ]);
  });

  it('finds an entry without a guid by a link that points to it', async () => {
    const link = 'https://www.example.com/moved';
    const conditions = {
      date: null,
      dayOnly: false,
      text: null,
      title: null,
      query: [],
      seenIn: 'newsroom/feed',
    };
    put(anEntryRow(), aPointer({ key: String(linkKey('newsroom', link)), conditions }));

    expect(await named(link)).toEqual([['k1']]);
  });

  it('ignores a conditional key, which another story may share', async () => {
    const conditions = {
      date: 1,
      dayOnly: false,
      text: null,
      title: 'a',
      query: [],
      seenIn: 'newsroom/feed',
    };
    put(anEntryRow(), aPointer({ key: 'page-and-title-x', conditions }));

    await expect(named('page-and-title-x')).rejects.toMatchObject({ code: 'entry.unknown' });
  });
});

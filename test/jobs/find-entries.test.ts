import { beforeEach, describe, expect, it } from 'vitest';
import { guidKey } from '../../lib/core/entries/ledger-keys.ts';
import type { EntryRow } from '../../lib/core/row.ts';
import { type Choice, findEntries } from '../../lib/jobs/find-entries.ts';
import { feedOf } from '../support/entries.ts';
import { type FakeLedger, fakeLedger } from '../support/fake-stores.ts';
import { anEntryRow, aPair, aPointer } from '../support/store-rows.ts';

let ledger: FakeLedger;

beforeEach(() => {
  ledger = fakeLedger();
});

const put = (...rows: Parameters<FakeLedger['insert']>[0][]) => {
  for (const row of rows) ledger.rows.set(row.key, row);
};

const config = { feeds: [feedOf({ id: 'newsroom' }), feedOf({ id: 'blog' })], webhooks: [] };
const find = async (choice: Choice) => (await findEntries({ config, ledger })(choice)).map(({ key }) => key);
const keyOf = (feed: string, id: string) => String(guidKey(feed, id));

describe('findEntries', () => {
  const row = (given: Partial<EntryRow>) => anEntryRow({ wakeAt: null, ...given });

  it.each([
    ['its key', 'k1'],
    ['a pointer to it', 'p1'],
    ['its link', 'https://www.example.com/bridge'],
    ['its link, written otherwise', 'http://www.example.com/bridge/?utm_source=rss#top'],
    ['the id of its draft', '1004'],
    ['the id of a second draft of it', '1005'],
  ])('finds an entry by %s', async (_, name) => {
    put(
      row({ key: 'k1', postId: 1004, alsoPosted: [1005] }),
      row({ key: 'k2', link: 'https://x.test/2' }),
      aPointer(),
    );

    expect(await find({ names: [name] })).toEqual(['k1']);
  });

  it('finds an entry by the id its feed gives it, in every feed that has it', async () => {
    const [a, b] = [keyOf('newsroom', 'tag:1'), keyOf('blog', 'tag:1')];
    put(row({ key: a, seenAt: 2 }), row({ key: b, feed: 'blog', seenAt: 1 }));

    expect(await find({ names: ['tag:1'] })).toEqual([b, a]);
  });

  it('finds an entry that has two of the names once', async () => {
    put(row({ key: 'k1' }), aPointer());

    expect(await find({ names: ['k1', 'p1', 'https://www.example.com/bridge'] })).toEqual(['k1']);
  });

  it.each([
    ['all', {}, ['a', 'b', 'c']],
    ['of a feed', { feed: 'blog' }, ['b', 'c']],
    ['in a state', { states: ['held'] as const }, ['a', 'c']],
    ['of a feed in a state', { feed: 'blog', states: ['held', 'rejected'] as const }, ['c']],
    ['of a feed that is not there', { feed: 'none' }, []],
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

  it('says every name that nothing bears', async () => {
    put(row({ key: 'k1' }), aPair({ key: 'pair1' }), aPointer({ key: 'p2', owner: 'gone' }));

    const names = ['k1', 'pair1', 'p2', '', 'x'.repeat(5_000), 'https://www.example.com/other'];
    await expect(find({ names })).rejects.toMatchObject({
      code: 'entry.unknown',
      message: expect.stringContaining('pair1, p2, , xxx'),
    });
  });

  it('does not follow pointers for ever', async () => {
    put(aPointer({ key: 'p1', owner: 'p2' }), aPointer({ key: 'p2', owner: 'p1' }));

    await expect(find({ names: ['p1'] })).rejects.toMatchObject({ code: 'entry.unknown' });
  });
});

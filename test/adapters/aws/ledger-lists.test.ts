import { describe, expect, test } from 'vitest';
import { toStoredEntry } from '../../../lib/core/entries/stored-entry.ts';
import { queuePlace } from '../../../lib/core/ledger/queue-order.ts';
import { type EntryRow, type LedgerRow, states } from '../../../lib/core/ledger/row.ts';
import type { Ledger } from '../../../lib/core/ports.ts';
import { story } from '../../support/entries.ts';
import { insertAll, keysOf, ledgerHomes } from '../../support/ledger-homes.ts';
import { anEntryRow, aPair, aPointer } from '../../support/store-rows.ts';

const homes = ledgerHomes();

const aKeptEntry = toStoredEntry(
  story(1, {
    title: ' "quoted" \n 𝒜 ',
    summary: '',
    video: { url: 'https://v.example.com/1.mp4', type: null, length: 0, durationS: 1.5 },
  }),
  { feedTitle: 'Newsroom', mediaIds: [9_007_199_254_740_991] },
);

describe.each(homes)('ledger $home', ({ open }) => {
  test("returns a brand's due rows, oldest first, up to and including the given time", async () => {
    const ledger = await open();
    await insertAll(ledger, [
      anEntryRow({ key: 'late', wakeAt: 300 }),
      anEntryRow({ key: 'early', wakeAt: 9, failures: 2 }),
      anEntryRow({ key: 'now', wakeAt: 1_000 }),
      anEntryRow({ key: 'not yet', wakeAt: 1_001 }),
      anEntryRow({ key: 'never', wakeAt: null }),
      anEntryRow({ key: 'elsewhere', brand: 14, wakeAt: 5 }),
      anEntryRow({ key: 'claimed', state: 'drafting', wakeAt: 5 }),
    ]);
    await ledger.insert(aPointer());

    const due = await ledger.due({ shard: 144, until: 1_000, limit: 10 });

    expect(keysOf(due)).toEqual(['early', 'late', 'now']);
    expect(due[0]).toEqual({
      key: 'early',
      feed: 'newsroom',
      brand: 144,
      seenAt: 1_000,
      failures: 2,
      state: 'queued',
      wakeAt: 9,
    });
  });

  test("returns a feed's queued rows that may be sent, oldest first, past any rows not due yet", async () => {
    const ledger = await open();
    const published = (day: number) => `2026-11-${String(day).padStart(2, '0')}T08:00:00.000Z`;
    const seenAt = Date.parse(published(30));
    const queuedRow = (key: string, given: Partial<EntryRow>) =>
      anEntryRow({ key, seenAt, dueAt: 9, ...given });
    await insertAll(ledger, [
      ...Array.from({ length: 30 }, (_, n) => queuedRow(`later${n}`, { published: published(1), dueAt: 99 })),
      queuedRow('third', { published: null }),
      queuedRow('second', { published: published(12), dueAt: 50 }),
      queuedRow('first', { published: published(11) }),
      queuedRow('held', { published: published(10), state: 'held' }),
      queuedRow('elsewhere', { published: published(10), feed: 'sport' }),
    ]);
    const asked = { feed: 'newsroom', until: 50, limit: 9 };
    const before = queuePlace({ published: published(12), seenAt });

    expect(await ledger.oldestQueued(asked)).toEqual(['first', 'second', 'third']);
    expect(await ledger.oldestQueued({ ...asked, limit: 2 })).toEqual(['first', 'second']);
    expect(await ledger.oldestQueued({ ...asked, before })).toEqual(['first']);
    expect(await ledger.oldestQueued({ ...asked, until: 49, feed: 'sport' })).toEqual(['elsewhere']);
  });

  test('returns leases of all brands separately from due rows', async () => {
    const ledger = await open();
    await insertAll(ledger, [
      anEntryRow({ key: 'a', state: 'drafting', wakeAt: 20 }),
      anEntryRow({ key: 'b', state: 'drafting', wakeAt: 10, brand: 7 }),
      anEntryRow({ key: 'c', state: 'drafting', wakeAt: 99 }),
      anEntryRow({ key: 'd', state: 'queued', wakeAt: 10 }),
    ]);

    const leases = await ledger.due({ shard: 'leases', until: 50, limit: 10 });

    expect(keysOf(leases)).toEqual(['b', 'a']);
  });

  test.each([
    [1, ['a']],
    [2, ['a', 'b']],
    [3, ['a', 'b', 'c']],
    [9, ['a', 'b', 'c']],
    [0, []],
  ])('returns no more than %i due rows', async (limit, expected) => {
    const ledger = await open();
    await insertAll(
      ledger,
      ['c', 'a', 'b'].map((key) => anEntryRow({ key, wakeAt: key.charCodeAt(0) })),
    );

    expect(keysOf(await ledger.due({ shard: 144, until: 1_000, limit }))).toEqual(expected);
  });

  test('finds due rows behind any number of rows of excluded feeds', async () => {
    const ledger = await open();
    await insertAll(
      ledger,
      Array.from({ length: 30 }, (_, n) =>
        anEntryRow({ key: `k${n}`, feed: n < 25 ? 'paused' : 'f', wakeAt: n }),
      ),
    );

    const due = await ledger.due({ shard: 144, until: 1_000, limit: 2, exceptFeeds: ['paused', 'other'] });

    expect(keysOf(due)).toEqual(['k25', 'k26']);
  });

  test('moves a row between shards as its state changes', async () => {
    const ledger = await open();
    const where = async () => ({
      brand: (await ledger.due({ shard: 144, until: 9_999, limit: 9 })).map(({ wakeAt }) => wakeAt),
      leases: (await ledger.due({ shard: 'leases', until: 9_999, limit: 9 })).map(({ wakeAt }) => wakeAt),
      person: (await ledger.waiting({ limit: 9 })).rows.map(({ state }) => state),
    });

    await ledger.insert(anEntryRow({ wakeAt: 10 }));
    expect(await where()).toEqual({ brand: [10], leases: [], person: [] });

    await ledger.replace(anEntryRow({ rev: 2, wakeAt: 20 }));
    expect(await where()).toEqual({ brand: [20], leases: [], person: [] });

    await ledger.replace(anEntryRow({ rev: 3, state: 'drafting', wakeAt: 30 }));
    expect(await where()).toEqual({ brand: [], leases: [30], person: [] });

    await ledger.replace(anEntryRow({ rev: 4, state: 'uncertain', wakeAt: 40 }));
    expect(await where()).toEqual({ brand: [40], leases: [], person: [] });

    await ledger.replace(anEntryRow({ rev: 5, state: 'uncertain', wakeAt: null }));
    expect(await where()).toEqual({ brand: [], leases: [], person: ['uncertain'] });

    await ledger.replace(anEntryRow({ rev: 6, state: 'drafted', wakeAt: null }));
    expect(await where()).toEqual({ brand: [], leases: [], person: [] });
  });

  test.each(states)('lists a %s row as needing attention only if a decision is needed', async (state) => {
    const ledger = await open();
    await ledger.insert(anEntryRow({ state, wakeAt: null }));

    const { rows } = await ledger.waiting({ limit: 9 });

    expect(rows.length).toBe(['held', 'review', 'rejected', 'uncertain'].includes(state) ? 1 : 0);
    expect(await ledger.waiting({ state, limit: 9 })).toEqual({ rows, next: null });
  });

  const mixed = [
    anEntryRow({ key: 'a', state: 'held', wakeAt: null, seenAt: 5 }),
    anEntryRow({ key: 'b', state: 'rejected', wakeAt: null, seenAt: 4 }),
    anEntryRow({ key: 'c', state: 'uncertain', wakeAt: null, seenAt: 4 }),
    anEntryRow({ key: 'd', state: 'held', wakeAt: null, seenAt: 4 }),
    anEntryRow({ key: 'e', state: 'held', wakeAt: null, seenAt: 10_000 }),
  ];

  const pagesOf = async (ledger: Ledger, limit: number): Promise<string[][]> => {
    const found: string[][] = [];
    let after: string | null = null;
    do {
      const page = await ledger.waiting({ limit, ...(after !== null && { after }) });
      found.push(keysOf(page.rows));
      after = page.next;
    } while (after !== null && found.length < 10);
    return found;
  };

  test.each([
    [1, [['b'], ['c'], ['d'], ['a'], ['e']]],
    [2, [['b', 'c'], ['d', 'a'], ['e']]],
    [5, [['b', 'c', 'd', 'a', 'e']]],
    [6, [['b', 'c', 'd', 'a', 'e']]],
  ])('lists rows that need attention by age, %i per page, each once', async (limit, expected) => {
    const ledger = await open();
    await insertAll(ledger, mixed);

    expect(await pagesOf(ledger, limit)).toEqual(expected);
  });

  test("continues with the next page even if the previous page's last row is gone", async () => {
    const ledger = await open();
    await insertAll(ledger, mixed);
    const first = await ledger.waiting({ limit: 2 });

    await ledger.replace({ ...(mixed[2] as EntryRow), rev: 2, state: 'dismissed' });

    const second = await ledger.waiting({ limit: 2, after: first.next ?? '' });
    expect(keysOf(second.rows)).toEqual(['d', 'a']);
  });

  test('lists rows in one state with the listed fields only', async () => {
    const ledger = await open();
    const row = anEntryRow({
      state: 'rejected',
      wakeAt: null,
      storedAs: 'kept-a',
      errors: { text: ['is long'] },
    });
    await ledger.insert(row);

    const { rows } = await ledger.waiting({ state: 'rejected', limit: 9 });

    const { key, state, feed, brand, title, link, published, seenAt, history, batch, lesson } = row;
    const { postId, alsoPosted, mayBeTwice, checkedAt, dueAt, laterVersion } = row;
    expect(rows).toEqual([
      {
        ...{ key, state, feed, brand, title, link, published, seenAt, history, batch, lesson },
        ...{ postId, alsoPosted, mayBeTwice, checkedAt, dueAt, laterVersion },
      },
    ]);
  });

  test('iterates over every entry row and no other', async () => {
    const ledger = await open();
    await insertAll(ledger, mixed);
    await ledger.insert(aPointer());
    await ledger.storeEntry('kept-a', aKeptEntry, 1_800_000_000_000);
    await ledger.insert(aPair());

    const found: EntryRow[] = [];
    for await (const row of ledger.all()) found.push(row);

    expect(found.sort((a, b) => a.key.localeCompare(b.key))).toEqual(mixed);
  });

  test('iterates over rows of every type on request', async () => {
    const ledger = await open();
    const rows = [anEntryRow(), aPointer(), aPair()];
    await insertAll(ledger, rows);
    await ledger.storeEntry('kept-a', aKeptEntry, 1_800_000_000_000);

    const found: LedgerRow[] = [];
    for await (const row of ledger.allRows()) found.push(row);

    expect(found.sort((a, b) => a.key.localeCompare(b.key))).toEqual(
      rows.toSorted((a, b) => a.key.localeCompare(b.key)),
    );
  });
});

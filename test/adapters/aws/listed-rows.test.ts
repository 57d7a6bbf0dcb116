import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dynamoLedger } from '../../../lib/adapters/aws/ledger-dynamo.ts';
import { listGroups, statesIn } from '../../../lib/core/ledger/list-place.ts';
import { type EntryRow, type State, states } from '../../../lib/core/ledger/row.ts';
import type { Ledger } from '../../../lib/core/ports.ts';
import { type EmbeddedTables, startTables } from '../../support/embedded-tables.ts';
import { fakeLedger } from '../../support/fake-stores.ts';
import { anEntryRow, aPointer } from '../../support/store-rows.ts';

let tables: EmbeddedTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const homes: { home: string; open: () => Promise<Ledger> }[] = [
  { home: 'in memory', open: async () => fakeLedger() },
  {
    home: 'in DynamoDB',
    open: async () => dynamoLedger({ client: tables.client, table: (await tables.fresh()).ledger }),
  },
];

/** An entry that came into its state at `at`. */
const rowIn = (state: State, key: string, at: number, more: Partial<EntryRow> = {}): EntryRow =>
  anEntryRow({ key, state, history: [{ at, state, code: 'entry.new' }], ...more });

const keysIn = (rows: { key: string }[]) => rows.map(({ key }) => key);

describe.each(homes)('the list of entries, $home', ({ open }) => {
  const filled = async (...rows: EntryRow[]): Promise<Ledger> => {
    const ledger = await open();
    for (const row of rows) await ledger.insert(row);
    return ledger;
  };

  test('has every state in one group', () => {
    expect(listGroups.flatMap(statesIn).toSorted()).toEqual([...states].toSorted());
  });

  test('shows the latest first, by when they came into their state', async () => {
    const ledger = await filled(
      rowIn('drafted', 'a', 1_000, { seenAt: 900 }),
      rowIn('drafted', 'b', 3_000, { seenAt: 1 }),
      rowIn('drafted', 'c', 2_000, { seenAt: 950 }),
      rowIn('held', 'd', 4_000),
    );

    const { rows, next } = await ledger.listed({ group: 'drafted', limit: 9 });

    expect(keysIn(rows)).toEqual(['b', 'c', 'a']);
    expect(next).toBeNull();
  });

  test('lists queued and drafting entries together, without a new place at each attempt', async () => {
    const attempts = [
      { at: 1_000, state: 'queued', code: 'entry.new' },
      { at: 5_000, state: 'drafting', code: 'draft.claimed' },
      { at: 6_000, state: 'queued', code: 'dash.down' },
    ] satisfies EntryRow['history'];
    const ledger = await filled(
      anEntryRow({ key: 'retried', state: 'queued', history: attempts }),
      rowIn('drafting', 'later', 2_000),
    );

    expect(keysIn((await ledger.listed({ group: 'sending', limit: 9 })).rows)).toEqual(['later', 'retried']);
  });

  test('gives pages of any size that repeat and leave out nothing, also of equal times', async () => {
    const all = Array.from({ length: 7 }, (_, n) => rowIn('held', `k${n}`, n < 4 ? 1_000 : 2_000));
    const ledger = await filled(...all);

    for (const limit of [1, 2, 3, 7, 9]) {
      const found: string[] = [];
      let after: string | undefined;
      do {
        const page = await ledger.listed({ group: 'held', limit, ...(after !== undefined && { after }) });
        expect(page.rows.length).toBeLessThanOrEqual(limit);
        found.push(...keysIn(page.rows));
        after = page.next ?? undefined;
      } while (after !== undefined);
      expect(found).toEqual(['k6', 'k5', 'k4', 'k3', 'k2', 'k1', 'k0']);
    }
  });

  test('leaves out what came before `since`', async () => {
    const ledger = await filled(rowIn('drafted', 'old', 999), rowIn('drafted', 'new', 1_000));

    expect(keysIn((await ledger.listed({ group: 'drafted', limit: 9, since: 1_000 })).rows)).toEqual(['new']);
  });

  test('follows an entry that changes its state', async () => {
    const queued = rowIn('queued', 'k', 1_000);
    const ledger = await filled(queued);
    await ledger.replace({ ...rowIn('drafted', 'k', 2_000), rev: queued.rev + 1, postId: 1004 });

    expect(await ledger.count('sending', 9)).toBe(0);
    expect((await ledger.listed({ group: 'drafted', limit: 9 })).rows).toMatchObject([
      { key: 'k', state: 'drafted', postId: 1004 },
    ]);
  });

  test('counts up to a limit', async () => {
    const ledger = await filled(...Array.from({ length: 5 }, (_, n) => rowIn('baselined', `k${n}`, n + 1)));

    expect(await ledger.count('baselined', 4)).toBe(4);
    expect(await ledger.count('baselined', 5)).toBe(5);
    expect(await ledger.count('baselined', 6)).toBe(5);
    expect(await ledger.count('held', 6)).toBe(0);
  });

  test('finds rows by any form of their link', async () => {
    const ledger = await filled(rowIn('held', 'k', 1, { link: 'https://www.example.com/a/?utm_source=x' }));
    await ledger.insert(
      aPointer({
        key: 'alias',
        owner: 'k',
        recognized: { by: 'title-and-date', title: null, link: 'https://example.com/b' },
      }),
    );

    expect(await ledger.keysNamed({ link: 'https://www.example.com/a/' })).toEqual(['k']);
    expect(await ledger.keysNamed({ link: 'https://example.com/b' })).toEqual(['alias']);
    expect(await ledger.keysNamed({ link: 'https://example.com/c' })).toEqual([]);
    expect(await ledger.keysNamed({ link: 'no link' })).toEqual([]);
  });

  test('finds an entry by its draft', async () => {
    const ledger = await filled(rowIn('drafted', 'k', 1, { postId: 1004 }), rowIn('drafted', 'l', 1));

    expect(await ledger.keysNamed({ postId: 1004 })).toEqual(['k']);
    expect(await ledger.keysNamed({ postId: 1005 })).toEqual([]);
  });
});

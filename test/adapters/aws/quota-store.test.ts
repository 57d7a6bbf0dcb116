import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dynamoQuotaStore } from '../../../lib/adapters/aws/quota-store-dynamo.ts';
import type { QuotaRow } from '../../../lib/core/editorial/quota-row.ts';
import type { QuotaStore } from '../../../lib/core/ports.ts';
import { type EmbeddedTables, startTables } from '../../support/embedded-tables.ts';
import { fakeQuotaStore } from '../../support/fake-stores.ts';

let tables: EmbeddedTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const homes: { home: string; open: () => Promise<QuotaStore> }[] = [
  { home: 'in memory', open: async () => fakeQuotaStore() },
  {
    home: 'in DynamoDB',
    open: async () => dynamoQuotaStore({ client: tables.client, table: (await tables.fresh()).feeds }),
  },
];

const aRow = (given: Partial<QuotaRow> = {}): QuotaRow => ({
  feed: 'newsroom',
  rev: 1,
  reserved: [
    { id: 'k1#0', at: 1_000, slot: null },
    { id: 'k2#1', at: 2_000, slot: 3_000 },
  ],
  waiting: [{ key: 'k3', seenAt: 1, dueAt: 5_000 }],
  ...given,
});

describe.each(homes)('quota store $home', ({ open }) => {
  test('returns null at first', async () => {
    const quotas = await open();

    expect(await quotas.read('newsroom')).toBeNull();
  });

  test('returns rows as they were saved, per feed', async () => {
    const quotas = await open();
    await quotas.save(aRow());
    await quotas.save(aRow({ feed: 'row', reserved: [], waiting: [] }));

    expect(await quotas.read('newsroom')).toEqual(aRow());
    expect(await quotas.read('row')).toEqual(aRow({ feed: 'row', reserved: [], waiting: [] }));
  });

  test('saves only over the version a row was made from', async () => {
    const quotas = await open();

    expect(await quotas.save(aRow({ rev: 2 }))).toBe(false);
    expect(await quotas.save(aRow())).toBe(true);
    expect(await quotas.save(aRow({ reserved: [] }))).toBe(false);
    expect(await quotas.save(aRow({ rev: 2, reserved: [] }))).toBe(true);

    expect(await quotas.read('newsroom')).toEqual(aRow({ rev: 2, reserved: [] }));
  });

  test('lets one of two concurrent saves win', async () => {
    const quotas = await open();

    const saved = await Promise.all([quotas.save(aRow()), quotas.save(aRow({ waiting: [] }))]);

    expect([...saved].sort()).toEqual([false, true]);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamoDeliveryStore } from '../../../lib/adapters/aws/delivery-store-dynamo.ts';
import { dynamoTable } from '../../../lib/adapters/aws/dynamo-table.ts';
import type { DeliveryStore } from '../../../lib/core/ports.ts';
import type { DeliveriesRow } from '../../../lib/core/webhooks/deliveries-row.ts';
import { type EmbeddedTables, startTables } from '../../support/embedded-tables.ts';
import { fakeDeliveryStore } from '../../support/fake-stores.ts';

let tables: EmbeddedTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const row: DeliveriesRow = {
  webhook: 'blog',
  rev: 1,
  day: '2026-11-20',
  counts: { queued: 1, refused: 2 },
  latest: [
    { outcome: 'refused', reason: 'signature.mismatch', entry: null, since: 1, at: 2, times: 2 },
    { outcome: 'queued', reason: null, entry: 'guid-a', since: 1, at: 1, times: 1 },
  ],
};

describe.each([
  ['in memory', async (): Promise<DeliveryStore> => fakeDeliveryStore()],
  [
    'in DynamoDB',
    async (): Promise<DeliveryStore> =>
      dynamoDeliveryStore({ client: tables.client, table: (await tables.fresh()).feeds }),
  ],
])('delivery store %s', (_, make) => {
  let store: DeliveryStore;
  beforeEach(async () => {
    store = await make();
  });

  it('returns null until a row is saved, then that row', async () => {
    expect(await store.read('blog')).toBeNull();
    expect(await store.save(row)).toBe(true);
    expect(await store.read('blog')).toEqual(row);
    expect(await store.read('other')).toBeNull();
  });

  it('saves only over the version a row was made from', async () => {
    await store.save(row);

    expect(await store.save({ ...row })).toBe(false);
    expect(await store.save({ ...row, rev: 3 })).toBe(false);
    expect(await store.save({ ...row, rev: 2, counts: {} })).toBe(true);
    expect(await store.read('blog')).toMatchObject({ rev: 2, counts: {} });
  });
});

it('an unreadable deliveries row is named in the error', async () => {
  const { feeds } = await tables.fresh();
  await dynamoTable({ client: tables.client, table: feeds }).put(
    { pk: 'webhook', sk: 'blog' },
    { ...row, day: 7 },
    null,
  );

  await expect(dynamoDeliveryStore({ client: tables.client, table: feeds }).read('blog')).rejects.toThrow(
    expect.objectContaining({ code: 'deliveries.corrupt-row', message: expect.stringContaining('blog') }),
  );
});

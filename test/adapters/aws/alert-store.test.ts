import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dynamoAlertStore } from '../../../lib/adapters/aws/alert-store-dynamo.ts';
import type { AlertStore } from '../../../lib/core/ports.ts';
import { aFlag } from '../../support/alert-rows.ts';
import { type EmbeddedTables, startTables } from '../../support/embedded-tables.ts';
import { fakeAlertStore } from '../../support/fake-stores.ts';

let tables: EmbeddedTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const inDynamo = async (onCorrupt?: (id: string, message: string) => void) => {
  const { feeds: table } = await tables.fresh();
  return {
    table,
    store: dynamoAlertStore({ client: tables.client, table, ...(onCorrupt && { onCorrupt }) }),
  };
};

const homes: { home: string; open: () => Promise<AlertStore> }[] = [
  { home: 'in memory', open: async () => fakeAlertStore() },
  { home: 'in DynamoDB', open: async () => (await inDynamo()).store },
];

describe.each(homes)('alert store $home', ({ open }) => {
  test('has no rows at first', async () => {
    const alerts = await open();

    expect(await alerts.rows(10)).toEqual([]);
  });

  test('returns rows as they were stored, ordered by ID, up to the limit', async () => {
    const alerts = await open();
    const flags = [
      aFlag({ id: 'a', kind: 'dead-letters', count: 3, lockedUntil: 5, endedAt: 6 }),
      aFlag({ id: 'b', detail: 'Brücke 🌉', entryKey: 'k1', pendingChannels: ['slack'] }),
      aFlag({ id: '~c', pendingChannels: null, notified: false }),
    ];
    for (const flag of flags.toReversed()) await alerts.put(flag);

    expect(await alerts.rows(10)).toEqual(flags);
    expect(await alerts.rows(2)).toEqual(flags.slice(0, 2));
  });

  test('creates an alert only once', async () => {
    const alerts = await open();

    expect(await Promise.all([alerts.put(aFlag()), alerts.put(aFlag())])).toContain(false);
    expect(await alerts.rows(10)).toHaveLength(1);
  });

  test('updates and removes only the version that was read', async () => {
    const alerts = await open();
    await alerts.put(aFlag());

    expect(await alerts.put(aFlag({ rev: 3 }))).toBe(false);
    expect(await alerts.put(aFlag({ rev: 2, pendingChannels: ['log'] }))).toBe(true);
    expect(await alerts.remove(aFlag({ rev: 1 }))).toBe(false);
    expect(await alerts.remove(aFlag({ rev: 2 }))).toBe(true);
    expect(await alerts.rows(10)).toEqual([]);
  });
});

test('an unreadable alert row is reported and does not hide the others', async () => {
  const reported: string[] = [];
  const { table, store } = await inDynamo((id, message) => reported.push(`${id}: ${message}`));
  const Item = { pk: { S: 'alert' }, sk: { S: 'bad' }, kind: { S: 'nonsense' } };
  await tables.client.send(new PutItemCommand({ TableName: table, Item }));
  await store.put(aFlag({ id: 'good' }));

  expect(await store.rows(10)).toMatchObject([{ id: 'good' }]);
  expect(reported).toEqual([expect.stringMatching(/^alert bad: Alert bad cannot be read: /)]);
});

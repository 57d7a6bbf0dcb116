import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dynamoActivityStore } from '../../../lib/adapters/aws/activity-store-dynamo.ts';
import type { ActivityStore } from '../../../lib/core/ports.ts';
import { anActivity } from '../../support/activities.ts';
import { type EmbeddedTables, startTables } from '../../support/embedded-tables.ts';
import { fakeActivityStore } from '../../support/fake-stores.ts';

let tables: EmbeddedTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const inDynamo = async (onCorrupt?: (id: string, message: string) => void) => {
  const { feeds: table } = await tables.fresh();
  const options = { client: tables.client, table, ...(onCorrupt && { onCorrupt }) };
  return { table, store: dynamoActivityStore(options) };
};

const homes: { home: string; open: () => Promise<ActivityStore> }[] = [
  { home: 'in memory', open: async () => fakeActivityStore() },
  { home: 'in DynamoDB', open: async () => (await inDynamo()).store },
];

const four = [1, 2, 3, 4].map((n) => anActivity({ at: n * 1_000, title: `Brücke ${n} 🌉` }));

describe.each(homes)('activity store $home', ({ open }) => {
  test('returns the latest first, up to the limit, and those before one', async () => {
    const activities = await open();
    for (const row of four) await activities.put(row);

    const first = await activities.latest({ limit: 3 });
    const older = await activities.latest({ limit: 3, before: first.at(-1)?.id });

    expect(first).toEqual(four.toReversed().slice(0, 3));
    expect(older).toEqual(four.slice(0, 1));
  });

  test('updates and removes only the version that was read', async () => {
    const activities = await open();
    const row = anActivity();
    await activities.put(row);

    expect(await activities.put(row)).toBe(false);
    expect(await activities.put({ ...row, rev: 3 })).toBe(false);
    expect(await activities.put({ ...row, rev: 2, count: 5 })).toBe(true);
    expect(await activities.read(row.id)).toMatchObject({ count: 5 });
    expect(await activities.remove(row)).toBe(false);
    expect(await activities.remove({ ...row, rev: 2 })).toBe(true);
    expect(await activities.read(row.id)).toBeNull();
    expect(await activities.latest({ limit: 5 })).toEqual([]);
  });
});

test('an unreadable activity is reported and does not hide the others', async () => {
  const reported: string[] = [];
  const { table, store } = await inDynamo((id, message) => reported.push(`${id}: ${message}`));
  const Item = { pk: { S: 'activity' }, sk: { S: '9' }, kind: { S: 'nonsense' } };
  await tables.client.send(new PutItemCommand({ TableName: table, Item }));
  await store.put(anActivity());

  expect(await store.latest({ limit: 10 })).toMatchObject([{ by: 'ada' }]);
  expect(await store.read('9')).toBeNull();
  expect(reported[0]).toMatch(/^activity 9: Activity 9 cannot be read: /);
});

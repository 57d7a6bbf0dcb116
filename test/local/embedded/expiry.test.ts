import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dynamoActivityStore } from '../../../lib/adapters/aws/activity-store-dynamo.ts';
import { dynamoFeedStore } from '../../../lib/adapters/aws/feed-store-dynamo.ts';
import { dynamoLedger } from '../../../lib/adapters/aws/ledger-dynamo.ts';
import { activityKeepMs } from '../../../lib/core/activity/activity-row.ts';
import { removeExpired } from '../../../local/embedded/expiry.ts';
import { anActivity } from '../../support/activities.ts';
import { type EmbeddedTables, startTables } from '../../support/embedded-tables.ts';
import { aFeedRow, aPointer } from '../../support/store-rows.ts';

let tables: EmbeddedTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const at = 1_000_000;

it('removes expired rows, keeps others, and handles tables of any size', async () => {
  const { ledger: table } = await tables.fresh();
  const ledger = dynamoLedger({ client: tables.client, table });
  const remove = removeExpired(tables.client, { table, key: ['key'] }, () => at * 1000);
  await Promise.all(
    Array.from({ length: 48 }, (_, batch) => {
      const keys = Array.from({ length: 25 }, (_, n) => `old-${25 * batch + n}`);
      const puts = keys.map((key) => ({ PutRequest: { Item: aPointer({ key, expiresAt: at - 1 }) } }));
      return DynamoDBDocumentClient.from(tables.client).send(
        new BatchWriteCommand({ RequestItems: { [table]: puts } }),
      );
    }),
  );
  await ledger.insert(aPointer({ key: 'now', expiresAt: at }));
  await ledger.insert(aPointer({ key: 'later', expiresAt: at + 1 }));
  await ledger.insert(aPointer({ key: 'never', expiresAt: null }));

  const first = await remove();
  const second = await remove();
  const left: string[] = [];
  for await (const { key } of ledger.allRows()) left.push(key);

  expect(first).toBeLessThanOrEqual(1_000);
  expect(first + second).toBe(1_200);
  expect(left.toSorted()).toEqual(['later', 'never', 'now']);
});

it('removes activities of the feeds table after 90 days, and nothing else there', async () => {
  const { feeds: table } = await tables.fresh();
  const options = { client: tables.client, table };
  const activities = dynamoActivityStore(options);
  const feedStore = dynamoFeedStore(options);
  await feedStore.save(aFeedRow({ id: 'newsroom' }));
  await activities.put(anActivity({ at: at * 1000 - activityKeepMs - 1_000, by: 'ada' }));
  await activities.put(anActivity({ at: at * 1000 - activityKeepMs + 1_000, by: 'grace' }));
  const remove = removeExpired(tables.client, { table, key: ['pk', 'sk'] }, () => at * 1000);

  expect(await remove()).toBe(1);
  expect(await activities.latest({ limit: 10 })).toMatchObject([{ by: 'grace' }]);
  expect(await feedStore.read('newsroom')).not.toBeNull();
});

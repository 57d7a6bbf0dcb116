import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dynamoLedger } from '../../../lib/adapters/aws/ledger-dynamo.ts';
import { removeExpired } from '../../../local/embedded/expiry.ts';
import { type EmbeddedTables, startTables } from '../../support/embedded-tables.ts';
import { aPointer } from '../../support/store-rows.ts';

let tables: EmbeddedTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const at = 1_000_000;

it('removes expired rows, keeps others, and handles tables of any size', async () => {
  const { ledger: table } = await tables.fresh();
  const ledger = dynamoLedger({ client: tables.client, table });
  const remove = removeExpired(tables.client, table, () => at * 1000);
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

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type BatchGetCommandOutput, BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { dynamoCircuitStore } from '../../../lib/adapters/aws/circuit-store-dynamo.ts';
import { dynamoFeedStore } from '../../../lib/adapters/aws/feed-store-dynamo.ts';
import { dynamoForTests } from '../../support/dynamo-for-tests.ts';
import { aFeedRow, anEntryRow } from '../../support/store-rows.ts';

const { tables, names, ledgerOver, ownClient } = dynamoForTests();
type Asked = { ConsistentRead?: boolean; IndexName?: string };

// No emulator ever serves stale data, so only the request can show it.
test('all reads are strongly consistent except those from an index', async () => {
  const client = ownClient();
  const asked: unknown[] = [];
  client.middlewareStack.add(
    (next) => (args) => {
      const input = args.input as Asked & { RequestItems?: Record<string, Asked> };
      const { ConsistentRead, IndexName } = input.RequestItems?.[names().feeds] ?? input;
      asked.push(IndexName ?? ConsistentRead);
      return next(args);
    },
    { step: 'initialize' },
  );
  const feeds = dynamoFeedStore({ client, table: names().feeds });

  await ledgerOver(client).read('k1');
  await feeds.read('newsroom');
  await Promise.all([feeds.read('newsroom'), feeds.read('tag')]);
  await feeds.tick();
  await feeds.schedule();
  await dynamoCircuitStore({ client, table: names().feeds }).rows();
  await ledgerOver(client).due({ shard: 'leases', until: 1, limit: 1 });

  expect(asked).toEqual([true, true, true, true, true, true, 'wake']);
});

describe('feed rows read in one batch', () => {
  /** Answers the first batch without the items of these feeds, as DynamoDB does when it lacks capacity. */
  const leaveOut = (client: DynamoDBClient, left: string[]): string[] => {
    const sent: string[] = [];
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          sent.push(String(commandName));
          const answer = await next(args);
          const output = answer.output as BatchGetCommandOutput;
          const all = output.Responses?.[names().feeds] ?? [];
          const isLeft = ({ pk }: Record<string, unknown>) => left.includes(String(pk));
          if (!all.some(isLeft)) return answer;
          const Keys = all.filter(isLeft).map(({ pk, sk }) => ({ pk, sk }));
          Object.assign(output, {
            Responses: { [names().feeds]: all.filter((item) => !isLeft(item)) },
            UnprocessedKeys: { [names().feeds]: { Keys } },
          });
          return answer;
        },
      { step: 'deserialize', priority: 'high' },
    );
    return sent;
  };

  test('are all returned, including unprocessed keys', async () => {
    const client = ownClient();
    const feeds = dynamoFeedStore({ client, table: names().feeds });
    for (const id of ['a', 'b', 'c']) await feeds.save(aFeedRow({ id }));
    const sent = leaveOut(client, ['feed#a', 'feed#c']);

    const rows = await Promise.all(['a', 'b', 'c', 'd'].map((id) => feeds.read(id)));

    expect(rows.map((row) => row?.id)).toEqual(['a', 'b', 'c', undefined]);
    expect(sent).toEqual(['BatchGetItemCommand', 'GetItemCommand', 'GetItemCommand']);
  });

  test('fail individually when one is corrupt, together when the table is missing', async () => {
    const feeds = dynamoFeedStore({ client: tables().client, table: names().feeds });
    await feeds.save(aFeedRow({ id: 'a' }));
    await feeds.save({ ...aFeedRow({ id: 'b' }), bodyHash: 7 as unknown as string });
    const nowhere = dynamoFeedStore({ client: tables().client, table: 'nowhere' });

    const some = await Promise.allSettled([feeds.read('a'), feeds.read('b')]);
    const none = await Promise.allSettled([nowhere.read('a'), nowhere.read('b')]);

    expect(some).toMatchObject([{ value: { id: 'a' } }, { reason: { code: 'feeds.corrupt-row' } }]);
    expect(none).toMatchObject([
      { reason: { code: 'store.missing-table' } },
      { reason: { code: 'store.missing-table' } },
    ]);
  });
});

describe('lists longer than a DynamoDB page', () => {
  const body = 'x'.repeat(300_000);
  const rows = Array.from({ length: 8 }, (_, n) =>
    anEntryRow({ key: `k${n}`, state: 'held', wakeAt: n, seenAt: n, title: body }),
  );

  test('are read to the end', async () => {
    const ledger = ledgerOver();
    for (const row of rows) await ledger.insert(row);

    let all = 0;
    for await (const _ of ledger.all()) all += 1;
    const waiting = await ledger.waiting({ limit: 100 });

    expect(all).toBe(8);
    expect(waiting.rows.map(({ key }) => key)).toEqual(rows.map(({ key }) => key));
    expect(waiting.next).toBeNull();
  });

  /** Every attribute that the index needs, written directly to the table for speed. */
  const indexed = (n: number, paused: number) => ({
    key: `k${n}`,
    feed: n < paused ? 'paused' : 'f',
    brand: 144,
    state: 'queued',
    seenAt: n,
    wakeShard: 'brand/144',
    wakeAt: n,
  });

  test('are read to the end even if a page is mostly filtered out', async () => {
    const count = 1_100;
    await Promise.all(
      Array.from({ length: 45 }, (_, batch) =>
        DynamoDBDocumentClient.from(tables().client).send(
          new BatchWriteCommand({
            RequestItems: {
              [names().ledger]: Array.from({ length: 25 }, (_, n) => ({
                PutRequest: { Item: indexed(batch * 25 + n, count) },
              })),
            },
          }),
        ),
      ),
    );

    const due = await ledgerOver().due({ shard: 144, until: 9_999, limit: 3, exceptFeeds: ['paused'] });

    expect(due.map(({ wakeAt }) => wakeAt)).toEqual([1_100, 1_101, 1_102]);
  });
});

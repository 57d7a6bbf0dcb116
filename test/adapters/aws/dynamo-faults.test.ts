import { createServer } from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  type BatchGetCommandOutput,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dynamoCircuitStore } from '../../../lib/adapters/aws/circuit-store-dynamo.ts';
import { dynamoFeedStore } from '../../../lib/adapters/aws/feed-store-dynamo.ts';
import { dynamoLedger } from '../../../lib/adapters/aws/ledger-dynamo.ts';
import type { EntryRow } from '../../../lib/core/ledger/row.ts';
import type { Ledger } from '../../../lib/core/ports.ts';
import { ourAccess } from '../../../local/embedded/access.ts';
import type { TableNames } from '../../../local/embedded/dynamo.ts';
import { closeServer, listen } from '../../../local/embedded/listen.ts';
import { dropResponses } from '../../support/dropped-responses.ts';
import { type EmbeddedTables, startTables } from '../../support/embedded-tables.ts';
import { aCircuitRow, aFeedRow, anEntryRow, aSlot } from '../../support/store-rows.ts';

let tables: EmbeddedTables;
let names: TableNames;
beforeAll(async () => {
  tables = await startTables();
});
beforeEach(async () => {
  names = await tables.fresh();
});
afterAll(() => tables.close());

const ledgerOver = (client = tables.client): Ledger => dynamoLedger({ client, table: names.ledger });

const ownClient = (options = {}): DynamoDBClient =>
  new DynamoDBClient({ endpoint: tables.dynamo.endpoint, ...ourAccess(), ...options });

describe('when the response to a write is lost and the SDK retries', () => {
  test('a stored insert returns true', async () => {
    const client = ownClient();
    dropResponses(client, 1);

    expect(await ledgerOver(client).insert(anEntryRow())).toBe(true);

    expect(await ledgerOver().read('k1')).toEqual(anEntryRow());
  });

  test('a stored replacement returns true and keeps its claim', async () => {
    const client = ownClient();
    await ledgerOver().insert(anEntryRow());
    dropResponses(client, 1);

    const claim = anEntryRow({ rev: 2, state: 'drafting', claimId: 'mine' });
    expect(await ledgerOver(client).replace(claim)).toBe(true);

    expect(await ledgerOver().read('k1')).toEqual(claim);
  });

  test('an insert that came second returns false', async () => {
    const client = ownClient();
    await ledgerOver().insert(anEntryRow());
    dropResponses(client, 1);

    expect(await ledgerOver(client).insert(anEntryRow())).toBe(false);
  });

  test('only one of two writers of an identical row wins', async () => {
    const clients = [ownClient(), ownClient()];
    for (const client of clients) dropResponses(client, 1);

    const won = await Promise.all(clients.map((client) => ledgerOver(client).insert(anEntryRow())));

    expect([...won].sort()).toEqual([false, true]);
  });

  test('a stored feed row and a stored tick return true', async () => {
    const client = ownClient();
    const feeds = dynamoFeedStore({ client, table: names.feeds });

    dropResponses(client, 1);
    expect(await feeds.save(aFeedRow())).toBe(true);
    dropResponses(client, 1);
    expect(await feeds.saveTick({ rev: 1, lastTick: 1, brands: [] })).toBe(true);
  });

  test('closing a circuit returns true', async () => {
    const client = ownClient();
    const circuits = dynamoCircuitStore({ client, table: names.feeds });
    await circuits.put(aCircuitRow());
    dropResponses(client, 1);

    expect(await circuits.remove(aCircuitRow())).toBe(true);

    expect(await circuits.rows()).toEqual([]);
  });

  test('closing a circuit that was opened again in the meantime returns false', async () => {
    const client = ownClient();
    const circuits = dynamoCircuitStore({ client, table: names.feeds });
    await circuits.put(aCircuitRow());
    await circuits.put(aCircuitRow({ rev: 2 }));
    dropResponses(client, 1);

    expect(await circuits.remove(aCircuitRow({ rev: 1 }))).toBe(false);
  });
});

type Asked = { ConsistentRead?: boolean; IndexName?: string };

// No emulator ever serves stale data, so only the request can show it.
test('all reads are strongly consistent except those from an index', async () => {
  const client = ownClient();
  const asked: unknown[] = [];
  client.middlewareStack.add(
    (next) => (args) => {
      const input = args.input as Asked & { RequestItems?: Record<string, Asked> };
      const { ConsistentRead, IndexName } = input.RequestItems?.[names.feeds] ?? input;
      asked.push(IndexName ?? ConsistentRead);
      return next(args);
    },
    { step: 'initialize' },
  );
  const feeds = dynamoFeedStore({ client, table: names.feeds });

  await ledgerOver(client).read('k1');
  await feeds.read('newsroom');
  await Promise.all([feeds.read('newsroom'), feeds.read('tag')]);
  await feeds.tick();
  await feeds.schedule();
  await dynamoCircuitStore({ client, table: names.feeds }).rows();
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
          const all = output.Responses?.[names.feeds] ?? [];
          const isLeft = ({ pk }: Record<string, unknown>) => left.includes(String(pk));
          if (!all.some(isLeft)) return answer;
          const Keys = all.filter(isLeft).map(({ pk, sk }) => ({ pk, sk }));
          Object.assign(output, {
            Responses: { [names.feeds]: all.filter((item) => !isLeft(item)) },
            UnprocessedKeys: { [names.feeds]: { Keys } },
          });
          return answer;
        },
      { step: 'deserialize', priority: 'high' },
    );
    return sent;
  };

  test('are all returned, including unprocessed keys', async () => {
    const client = ownClient();
    const feeds = dynamoFeedStore({ client, table: names.feeds });
    for (const id of ['a', 'b', 'c']) await feeds.save(aFeedRow({ id }));
    const sent = leaveOut(client, ['feed#a', 'feed#c']);

    const rows = await Promise.all(['a', 'b', 'c', 'd'].map((id) => feeds.read(id)));

    expect(rows.map((row) => row?.id)).toEqual(['a', 'b', 'c', undefined]);
    expect(sent).toEqual(['BatchGetItemCommand', 'GetItemCommand', 'GetItemCommand']);
  });

  test('fail individually when one is corrupt, together when the table is missing', async () => {
    const feeds = dynamoFeedStore({ client: tables.client, table: names.feeds });
    await feeds.save(aFeedRow({ id: 'a' }));
    await feeds.save({ ...aFeedRow({ id: 'b' }), bodyHash: 7 as unknown as string });
    const nowhere = dynamoFeedStore({ client: tables.client, table: 'nowhere' });

    const some = await Promise.allSettled([feeds.read('a'), feeds.read('b')]);
    const none = await Promise.allSettled([nowhere.read('a'), nowhere.read('b')]);

    expect(some).toMatchObject([{ value: { id: 'a' } }, { reason: { code: 'feeds.corrupt-row' } }]);
    expect(none).toMatchObject([
      { reason: { code: 'store.missing-table' } },
      { reason: { code: 'store.missing-table' } },
    ]);
  });
});

describe('a corrupt row', () => {
  const spoil = (key: string, name: string, value: unknown): Promise<unknown> =>
    DynamoDBDocumentClient.from(tables.client).send(
      new UpdateCommand({
        TableName: names.ledger,
        Key: { key },
        UpdateExpression: 'SET #name = :value',
        ExpressionAttributeNames: { '#name': name },
        ExpressionAttributeValues: { ':value': value },
      }),
    );

  test.each([
    ['state', 'lost', /k1.*state must be .*not string/s],
    ['attempts', 'two', /attempts must be/],
    ['post', '{"brand_id":', /post must be/],
    ['post', '"text"', /post must be/],
    ['storedAs', 7, /storedAs must be/],
    ['seenAt', null, /seenAt must be number, not null/],
    ['type', 'unheard-of', /type must be/],
  ])('with a bad %s is reported with its key and field but not its value', async (field, value, message) => {
    await ledgerOver().insert(anEntryRow());
    await spoil('k1', field, value);

    const reading = ledgerOver().read('k1');

    await expect(reading).rejects.toMatchObject({ kind: 'permanent', code: 'ledger.corrupt-row' });
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.not.toThrow(/Brücke/);
  });

  test('written by a later release is reported with the remedy', async () => {
    await ledgerOver().insert(anEntryRow());
    await spoil('k1', 'format', 2);

    const reading = ledgerOver().read('k1');

    await expect(reading).rejects.toMatchObject({ kind: 'config', code: 'ledger.newer-format' });
    await expect(reading).rejects.toThrow(/k1 has format 2, this release reads up to 1: deploy/);
  });

  test('is left out of every list, reported, and kept', async () => {
    const reported: string[] = [];
    const ledger = dynamoLedger({
      client: tables.client,
      table: names.ledger,
      onCorrupt: (key) => reported.push(key),
    });
    const held = { state: 'held', wakeAt: 500 } as const;
    for (const key of ['a', 'bad', 'c']) await ledger.insert(anEntryRow({ key, ...held }));
    await spoil('bad', 'brand', 'x');

    const due = await ledger.due({ shard: 144, until: 1_000, limit: 9 });
    const { rows } = await ledger.waiting({ limit: 9 });
    const all: EntryRow[] = [];
    for await (const row of ledger.all()) all.push(row);

    expect(due.map(({ key }) => key).sort()).toEqual(['a', 'c']);
    expect(rows.map(({ key }) => key)).toEqual(['a', 'c']);
    expect(all.map(({ key }) => key).sort()).toEqual(['a', 'c']);
    expect(reported).toEqual(['bad', 'bad', 'bad']);
    await expect(ledger.read('bad')).rejects.toMatchObject({ code: 'ledger.corrupt-row' });
  });

  test('does not stop the schedule of other feeds', async () => {
    const reported: string[] = [];
    const feeds = dynamoFeedStore({
      client: tables.client,
      table: names.feeds,
      onCorrupt: (name) => reported.push(name),
    });
    for (let n = 0; n < 20; n += 1) await feeds.setSlot(`f${n}`, aSlot({ notBefore: n }));
    await feeds.setSlot('bad', aSlot({ notBefore: 'tomorrow' as unknown as number }));

    const slots = (await feeds.schedule()).slots;

    expect(slots.size).toBe(20);
    expect(reported).toEqual(['feed#bad']);
  });

  test('in the circuit breaker is an error, so that nothing is posted', async () => {
    const circuits = dynamoCircuitStore({ client: tables.client, table: names.feeds });
    await circuits.put({ ...aCircuitRow(), openUntil: 'soon' as unknown as number });

    await expect(circuits.rows()).rejects.toMatchObject({ kind: 'permanent', code: 'circuit.corrupt-row' });
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
        DynamoDBDocumentClient.from(tables.client).send(
          new BatchWriteCommand({
            RequestItems: {
              [names.ledger]: Array.from({ length: 25 }, (_, n) => ({
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

describe('a DynamoDB failure', () => {
  test('is config when the table does not exist', async () => {
    const ledger = dynamoLedger({ client: tables.client, table: 'nowhere' });

    const reading = ledger.read('k1');

    await expect(reading).rejects.toMatchObject({ kind: 'config', code: 'store.missing-table' });
    await expect(reading).rejects.toThrow(/no table nowhere\. Check its name/);
  });

  test('is retryable when the connection is refused', async () => {
    const client = new DynamoDBClient({ endpoint: 'http://127.0.0.1:1', ...ourAccess(), maxAttempts: 1 });
    const ledger = ledgerOver(client);

    await expect(ledger.insert(anEntryRow())).rejects.toMatchObject({
      kind: 'retryable',
      code: 'store.unreachable',
    });
    await expect(ledger.all()[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'store.unreachable',
    });
  });

  test('is permanent when a row is too large', async () => {
    const row = anEntryRow({ title: 'x'.repeat(420_000) });

    await expect(ledgerOver().insert(row)).rejects.toMatchObject({
      kind: 'permanent',
      code: 'store.too-large',
    });
  });

  test.each([
    [400, 'ProvisionedThroughputExceededException', { kind: 'retryable', code: 'store.throttled' }],
    [400, 'ThrottlingException', { kind: 'retryable', code: 'store.throttled' }],
    [400, 'RequestLimitExceeded', { kind: 'retryable', code: 'store.throttled' }],
    [500, 'InternalServerError', { kind: 'retryable', code: 'store.unreachable' }],
    [503, 'ServiceUnavailable', { kind: 'retryable', code: 'store.unreachable' }],
    [400, 'AccessDeniedException', { kind: 'config', code: 'store.access-denied' }],
    [400, 'UnrecognizedClientException', { kind: 'config', code: 'store.access-denied' }],
    [400, 'ExpiredTokenException', { kind: 'config', code: 'store.access-denied' }],
    [400, 'ValidationException', { name: 'ValidationException' }],
  ])('with status %i %s is translated into its kind and code', async (status, type, expected) => {
    const server = createServer((_, response) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'no' }));
    });
    const endpoint = await listen(server, 'a failing DynamoDB', 0);
    const client = new DynamoDBClient({ endpoint, ...ourAccess(), maxAttempts: 1 });

    const writing = ledgerOver(client).replace(anEntryRow({ rev: 2 }));

    await expect(writing).rejects.toMatchObject(expected);
    client.destroy();
    await closeServer(server);
  });

  test('is retryable when something other than DynamoDB responds', async () => {
    const server = createServer((_, response) => response.writeHead(200).end('<html>a proxy</html>'));
    const endpoint = await listen(server, 'a proxy', 0);
    const client = new DynamoDBClient({ endpoint, ...ourAccess(), maxAttempts: 1 });

    await expect(ledgerOver(client).read('k1')).rejects.toMatchObject({ code: 'store.unreachable' });
    client.destroy();
    await closeServer(server);
  });
});

import { createServer } from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { dynamoCircuitStore } from '../../../lib/adapters/aws/circuit-store-dynamo.ts';
import { dynamoFeedStore } from '../../../lib/adapters/aws/feed-store-dynamo.ts';
import { dynamoLedger } from '../../../lib/adapters/aws/ledger-dynamo.ts';
import type { EntryRow } from '../../../lib/core/ledger/row.ts';
import { ourAccess } from '../../../local/embedded/access.ts';
import { closeServer, listen } from '../../../local/embedded/listen.ts';
import { dropResponses } from '../../support/dropped-responses.ts';
import { dynamoForTests } from '../../support/dynamo-for-tests.ts';
import { aCircuitRow, aFeedRow, anEntryRow, aSlot } from '../../support/store-rows.ts';

const { tables, names, ledgerOver, ownClient } = dynamoForTests();

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
    const feeds = dynamoFeedStore({ client, table: names().feeds });

    dropResponses(client, 1);
    expect(await feeds.save(aFeedRow())).toBe(true);
    dropResponses(client, 1);
    expect(await feeds.saveTick({ rev: 1, lastTick: 1, brands: [] })).toBe(true);
  });

  test('closing a circuit returns true', async () => {
    const client = ownClient();
    const circuits = dynamoCircuitStore({ client, table: names().feeds });
    await circuits.put(aCircuitRow());
    dropResponses(client, 1);

    expect(await circuits.remove(aCircuitRow())).toBe(true);

    expect(await circuits.rows()).toEqual([]);
  });

  test('closing a circuit that was opened again in the meantime returns false', async () => {
    const client = ownClient();
    const circuits = dynamoCircuitStore({ client, table: names().feeds });
    await circuits.put(aCircuitRow());
    await circuits.put(aCircuitRow({ rev: 2 }));
    dropResponses(client, 1);

    expect(await circuits.remove(aCircuitRow({ rev: 1 }))).toBe(false);
  });
});

describe('a corrupt row', () => {
  const spoil = (key: string, name: string, value: unknown): Promise<unknown> =>
    DynamoDBDocumentClient.from(tables().client).send(
      new UpdateCommand({
        TableName: names().ledger,
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
      client: tables().client,
      table: names().ledger,
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
      client: tables().client,
      table: names().feeds,
      onCorrupt: (name) => reported.push(name),
    });
    for (let n = 0; n < 20; n += 1) await feeds.setSlot(`f${n}`, aSlot({ notBefore: n }));
    await feeds.setSlot('bad', aSlot({ notBefore: 'tomorrow' as unknown as number }));

    const slots = (await feeds.schedule()).slots;

    expect(slots.size).toBe(20);
    expect(reported).toEqual(['feed#bad']);
  });

  test('in the circuit breaker is an error, so that nothing is posted', async () => {
    const circuits = dynamoCircuitStore({ client: tables().client, table: names().feeds });
    await circuits.put({ ...aCircuitRow(), openUntil: 'soon' as unknown as number });

    await expect(circuits.rows()).rejects.toMatchObject({ kind: 'permanent', code: 'circuit.corrupt-row' });
  });
});

describe('a DynamoDB failure', () => {
  test('is config when the table does not exist', async () => {
    const ledger = dynamoLedger({ client: tables().client, table: 'nowhere' });

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

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { Level } from 'level';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dynamoLedger } from '../../../lib/adapters/aws/ledger-dynamo.ts';
import type { Ledger } from '../../../lib/core/ports.ts';
import { ourAccess } from '../../../local/embedded/access.ts';
import { createTables, type EmbeddedDynamo, startDynamo } from '../../../local/embedded/dynamo.ts';
import { closeServer, listen } from '../../../local/embedded/listen.ts';
import { anEntryRow } from '../../support/store-rows.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'embedded-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const clientOf = ({ endpoint }: EmbeddedDynamo): DynamoDBClient =>
  new DynamoDBClient({ endpoint, ...ourAccess() });

const ledgerIn = (dynamo: EmbeddedDynamo): Ledger =>
  dynamoLedger({ client: clientOf(dynamo), table: dynamo.tables.ledger });

/** The ID of a process that has ended. */
const deadPid = async (): Promise<number> => {
  const child = spawn(process.execPath, ['-e', '0']);
  await once(child, 'exit');
  return child.pid ?? 0;
};

test('the tables match infra/tables.yml', async () => {
  const dynamo = await startDynamo();

  const { Table } = await clientOf(dynamo).send(new DescribeTableCommand({ TableName: 'LedgerTable' }));

  expect(Table?.TableStatus).toBe('ACTIVE');
  expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName).sort()).toEqual([
    'link',
    'list',
    'person',
    'post',
    'queue',
    'wake',
  ]);
  await dynamo.close();
});

test.each([
  ['are ready once created', 100, 10_000, { ledger: 'LedgerTable', feeds: 'FeedsTable' }],
  ['that never become ready fail with a remedy', 60_000, 20, { code: 'local.table-unfinished' }],
])('tables %s', async (_, createTableMs, readyWithinMs, expected) => {
  const server = dynalite({ createTableMs }) as Server;
  const client = new DynamoDBClient({ endpoint: await listen(server, 'DynamoDB', 0), ...ourAccess() });

  const made = await createTables(client, '', readyWithinMs).catch((error) => error);

  expect(made).toMatchObject(expected);
  if (made.ledger) expect(await dynamoLedger({ client, table: made.ledger }).read('k1')).toBeNull();
  client.destroy();
  await closeServer(server);
});

test('tables without an index of this version are refused, with a remedy', async () => {
  const dynamo = await startDynamo();
  const client = clientOf(dynamo);
  const key = { AttributeName: 'key' };
  await client.send(
    new CreateTableCommand({
      TableName: 'LedgerTable-old',
      AttributeDefinitions: [{ ...key, AttributeType: 'S' }],
      KeySchema: [{ ...key, KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );

  await expect(createTables(client, '-old')).rejects.toMatchObject({
    kind: 'config',
    code: 'local.table-outdated',
    message: expect.stringMatching(
      /LedgerTable-old has no index wake, queue, person, list, link, post\. Move the folder away/,
    ),
  });
  client.destroy();
  await dynamo.close();
});

test('only this machine can connect', async () => {
  const dynamo = await startDynamo();

  expect(dynamo.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  await dynamo.close();
});

test('rows survive a restart and are due as before', async () => {
  const before = await startDynamo({ dataDir });
  await ledgerIn(before).insert(anEntryRow());
  await before.close();

  const after = await startDynamo({ dataDir });

  expect(await ledgerIn(after).read('k1')).toEqual(anEntryRow());
  expect(await ledgerIn(after).due({ shard: 144, until: 9_999, limit: 9 })).toHaveLength(1);
  await after.close();
});

test('a second start on the same data is refused, and the first continues', async () => {
  const dynamo = await startDynamo({ dataDir });

  const second = startDynamo({ dataDir });

  await expect(second).rejects.toMatchObject({ kind: 'config', code: 'local.already-running' });
  await expect(second).rejects.toThrow(`in use by process ${process.pid}. Stop it first`);
  expect(await ledgerIn(dynamo).read('k1')).toBeNull();
  await dynamo.close();
});

test('data held by another running process is refused', async () => {
  writeFileSync(join(dataDir, 'lock'), String(process.ppid));

  await expect(startDynamo({ dataDir })).rejects.toMatchObject({ code: 'local.already-running' });

  expect(readFileSync(join(dataDir, 'lock'), 'utf8')).toBe(String(process.ppid));
});

test.each([
  ['of a dead process', deadPid],
  ['of an earlier process with the same ID', async () => process.pid],
  ['without a process ID, cut off while it was written', async () => ''],
])('a lock %s is taken over, and released', async (_, owner) => {
  const before = await startDynamo({ dataDir });
  await ledgerIn(before).insert(anEntryRow());
  await before.close();
  writeFileSync(join(dataDir, 'lock'), String(await owner()));

  const dynamo = await startDynamo({ dataDir });

  expect(readFileSync(join(dataDir, 'lock'), 'utf8')).toBe(String(process.pid));
  expect(await ledgerIn(dynamo).due({ shard: 144, until: 9_999, limit: 9 })).toHaveLength(1);
  await dynamo.close();
  expect(existsSync(join(dataDir, 'lock'))).toBe(false);
});

test('acknowledged writes survive a kill', async () => {
  const program = `
    const { startDynamo } = await import('./local/embedded/dynamo.ts');
    const { ourAccess } = await import('./local/embedded/access.ts');
    const { endpoint } = await startDynamo({ dataDir: process.argv[1] });
    console.log(JSON.stringify({ endpoint, ...ourAccess() }));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, dataDir]);
  const [line] = await once(child.stdout, 'data');
  const client = new DynamoDBClient(JSON.parse(String(line)));
  await dynamoLedger({ client, table: 'LedgerTable' }).insert(anEntryRow());
  child.kill('SIGKILL');
  await once(child, 'exit');

  const dynamo = await startDynamo({ dataDir });

  expect(await ledgerIn(dynamo).read('k1')).toEqual(anEntryRow());
  expect(await ledgerIn(dynamo).due({ shard: 144, until: 9_999, limit: 9 })).toHaveLength(1);
  await dynamo.close();
});

test('a busy port is reported in one sentence, and the data is unlocked', async () => {
  const other = createServer();
  const port = Number(new URL(await listen(other, 'something else', 0)).port);

  const starting = startDynamo({ dataDir, port });

  await expect(starting).rejects.toMatchObject({ kind: 'config', code: 'local.port-busy' });
  await expect(starting).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`);
  expect(existsSync(join(dataDir, 'lock'))).toBe(false);
  const data = new Level(join(dataDir, 'dynamodb'));
  await data.open(); // fails if another process has it open
  await data.close();
  await closeServer(other);
});

test('closes cleanly during writes', async () => {
  const dynamo = await startDynamo({ dataDir });
  const ledger = dynamoLedger({
    client: new DynamoDBClient({ endpoint: dynamo.endpoint, ...ourAccess(), maxAttempts: 1 }),
    table: 'LedgerTable',
  });
  await ledger.read('k1'); // connected

  const writing = Promise.allSettled(
    Array.from({ length: 40 }, (_, n) => ledger.insert(anEntryRow({ key: `k${n}` }))),
  );
  await dynamo.close();

  const written = (await writing).map((one) => one.status === 'fulfilled' && one.value);
  const after = await startDynamo({ dataDir });
  for (const [n, isIn] of written.entries())
    if (isIn) expect(await ledgerIn(after).read(`k${n}`)).toMatchObject({ key: `k${n}` });
  await after.close();
});

test('closes cleanly while responding to clients that have left', async () => {
  const dynamo = await startDynamo({ dataDir });
  const client = clientOf(dynamo);
  const scan = (abortSignal?: AbortSignal) =>
    client.send(new ScanCommand({ TableName: dynamo.tables.ledger }), {
      ...(abortSignal && { abortSignal }),
    });
  await scan(); // connected
  const leaving = new AbortController();

  const asked = Array.from({ length: 40 }, () => scan(leaving.signal));
  const responses = Promise.allSettled(asked);
  await Promise.race(asked);
  leaving.abort();
  await dynamo.close();

  const refused = (await responses).filter(({ status }) => status === 'rejected');
  expect(refused).not.toHaveLength(0);
  client.destroy();
});

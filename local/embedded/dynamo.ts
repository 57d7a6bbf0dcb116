import { existsSync, mkdirSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  paginateScan,
  ResourceInUseException,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { misconfigured } from '../../lib/core/errors.ts';
import { ownerOnlyFolder } from '../atomic-file.ts';
import { requirePeers } from '../peers.ts';
import { ourAccess } from './access.ts';
import { type ChangeLog, openChangeLog } from './change-log.ts';
import { readResources } from './cloudformation.ts';
import { lockData } from './data-lock.ts';
import { guard, keyIn } from './guard.ts';
import { closeServer, graceMs, listen } from './listen.ts';
import { recordChanges, settleLeftovers } from './record-changes.ts';

type Schema = Pick<
  CreateTableCommandInput,
  'AttributeDefinitions' | 'KeySchema' | 'GlobalSecondaryIndexes' | 'BillingMode'
>;

const schemas = (): [name: string, schema: Schema][] =>
  [...readResources('tables.yml', 'AWS::DynamoDB::Table')].map(([id, { Properties = {} }]) => {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode } = Properties as Schema;
    return [
      id,
      {
        AttributeDefinitions,
        KeySchema,
        BillingMode,
        ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes }),
      },
    ];
  });

/** Names of the tables in `infra/tables.yml`. */
export type TableNames = { ledger: string; feeds: string };

const tablesOf = (suffix: string): TableNames => ({
  ledger: `LedgerTable${suffix}`,
  feeds: `FeedsTable${suffix}`,
});

/** Waits until a new table exists: before that the emulator, like AWS, reports it as missing. */
const untilReady = async (
  client: DynamoDBClient,
  TableName: string,
  withinMs: number,
): Promise<TableDescription> => {
  for (const since = Date.now(); Date.now() - since < withinMs; await setTimeout(1)) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    if (Table?.TableStatus === 'ACTIVE') return Table;
  }
  throw misconfigured(
    'local.table-unfinished',
    `The table ${TableName} is incomplete, because the process that was creating it was stopped. Remove the data folder and start again.`,
  );
};

type Indexed = { GlobalSecondaryIndexes?: { IndexName?: string | undefined }[] | undefined };

const indexNames = ({ GlobalSecondaryIndexes = [] }: Indexed) =>
  GlobalSecondaryIndexes.map(({ IndexName }) => IndexName);

/** A release may add an index; AWS adds it to an existing table, but the emulator cannot. */
const refuseWithoutIndexes = (table: TableDescription, wanted: Schema): void => {
  const missing = indexNames(wanted).filter((name) => !indexNames(table).includes(name));
  if (missing.length === 0) return;
  throw misconfigured(
    'local.table-outdated',
    `The data folder is from an earlier release: its table ${table.TableName} has no index ${missing.join(', ')}. Move the folder away and start again; entries that are on the feeds then count as existing.`,
  );
};

/**
 * Creates the tables of `infra/tables.yml`, named after their logical IDs and `suffix`. Existing tables are kept with
 * their content. Throws config `local.table-unfinished` and `local.table-outdated`.
 */
export const createTables = async (
  client: DynamoDBClient,
  suffix = '',
  readyWithinMs = 10_000,
): Promise<TableNames> => {
  for (const [id, schema] of schemas()) {
    try {
      await client.send(new CreateTableCommand({ TableName: `${id}${suffix}`, ...schema }));
    } catch (error) {
      if (!(error instanceof ResourceInUseException)) throw error;
    }
    refuseWithoutIndexes(await untilReady(client, `${id}${suffix}`, readyWithinMs), schema);
  }
  return tablesOf(suffix);
};

/** The emulator writes index entries separately from their item, so that they are lost if it is killed in between. */
const rebuildIndexes = async (client: DynamoDBClient, TableName: string): Promise<void> => {
  for await (const { Items = [] } of paginateScan({ client }, { TableName }))
    for (const Item of Items) await client.send(new PutItemCommand({ TableName, Item }));
};

/** The emulator throws errors about damaged data that cannot be caught. Throws config `local.data-damaged`. */
const refuseDamaged = async (path: string): Promise<void> => {
  const { Level } = await import('level');
  const store = new Level(path);
  try {
    await store.open();
  } catch (error) {
    const { cause, message } = error as Error;
    throw misconfigured(
      'local.data-damaged',
      `The data in ${path} cannot be opened (${cause instanceof Error ? cause.message : message}). Restore the folder from a copy. Without a copy, move it away and start again; entries that are on the feeds then count as existing.`,
      { cause: error },
    );
  } finally {
    await store.close();
  }
};

export type EmbeddedDynamo = {
  endpoint: string;
  tables: TableNames;
  /** The recorded changes; null: none are recorded. */
  changes: ChangeLog | null;
  close: () => Promise<void>;
};

/** The emulator has already opened its data, and closes it only with a listening server. */
const listenOrClose = async (server: Server, port: number): Promise<string> => {
  try {
    return await listen(server, 'DynamoDB', port);
  } catch (error) {
    await listen(server, 'DynamoDB', 0);
    await closeServer(server);
    throw error;
  }
};

type Data = { path?: string; wasStale?: boolean; changes?: ChangeLog | null };

const start = async (
  port: number,
  { path, wasStale = false, changes = null }: Data,
): Promise<EmbeddedDynamo> => {
  const { default: dynalite } = await import('dynalite');
  const server: Server = dynalite({
    ...(path && { path }),
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
  });
  const access = ourAccess();
  let recorder: DynamoDBClient | null = null;
  if (changes !== null)
    recordChanges(server, { log: changes, tables: tablesOf(''), client: () => recorder as DynamoDBClient });
  const { allAnswered: allDone } = guard(server, {
    key: access.credentials.accessKeyId,
    keyOf: keyIn.signature,
  });
  const endpoint = await listenOrClose(server, port);
  const client = new DynamoDBClient({ endpoint, ...access });
  recorder = new DynamoDBClient({ endpoint, ...access });
  // The emulator throws an uncatchable error if its data is closed during a response to a client that has left.
  const close = async () => {
    await Promise.race([allDone(), setTimeout(graceMs, undefined, { ref: false })]);
    await closeServer(server);
    recorder?.destroy();
    await changes?.close();
  };
  try {
    const tables = await createTables(client);
    if (changes !== null) await settleLeftovers(changes, client);
    if (wasStale) await rebuildIndexes(client, tables.ledger);
    return { endpoint, tables, changes, close };
  } catch (error) {
    await close();
    throw error;
  } finally {
    client.destroy();
  }
};

/** Recorded changes are kept as long as events are on; commands beside a stopped service record them as it did. */
const openChanges = async (dataDir: string, recording: boolean | undefined): Promise<ChangeLog | null> => {
  const dir = join(dataDir, 'changes');
  if (recording === false) rmSync(dir, { recursive: true, force: true });
  return (recording ?? existsSync(dir)) ? openChangeLog(dir) : null;
};

/**
 * DynamoDB on 127.0.0.1 with the tables of `infra/tables.yml`: in memory, or in a folder that is locked until
 * `close`. `recording`: whether changes are recorded for events; by default as in the last run. Throws config `local.already-running`, `local.port-busy` and `local.data-damaged`, and permanent
 * `cli.package-missing`.
 */
export const startDynamo = async ({
  dataDir,
  port = 0,
  recording,
}: {
  dataDir?: string;
  port?: number;
  recording?: boolean;
} = {}): Promise<EmbeddedDynamo> => {
  requirePeers('emulators');
  if (dataDir === undefined) return start(port, {});
  const lock = lockData(dataDir);
  try {
    const dir = join(dataDir, 'dynamodb');
    mkdirSync(dir, ownerOnlyFolder); // otherwise the emulator would create it readable by everyone
    await refuseDamaged(dir);
    const changes = await openChanges(dataDir, recording);
    const dynamo = await start(port, { path: dir, wasStale: lock.wasStale, changes });
    return { ...dynamo, close: () => dynamo.close().finally(lock.release) };
  } catch (error) {
    lock.release();
    throw error;
  }
};

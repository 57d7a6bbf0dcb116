import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { dynamoFeedStore } from '../../lib/adapters/aws/feed-store-dynamo.ts';
import { dynamoLedger } from '../../lib/adapters/aws/ledger-dynamo.ts';
import { ourAccess } from '../../local/embedded/access.ts';
import { copyTable, type TableRef } from '../../scripts/copy-table.ts';
import { type EmbeddedTables, startTables } from '../support/embedded-tables.ts';
import { rowOf } from '../support/entries.ts';
import { aFeedRow, aSlot } from '../support/store-rows.ts';

let tables: EmbeddedTables;
let old: { ledger: string; feeds: string };
let fresh: { ledger: string; feeds: string };
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());
beforeEach(async () => {
  [old, fresh] = [await tables.fresh(), await tables.fresh()];
});

const place = (table: string): TableRef => ({ client: tables.client, table });
const ledger = (table: string) => dynamoLedger({ client: tables.client, table });
const fill = async (table: string, count: number) => {
  for (let n = 0; n < count; n += 1) await ledger(table).insert(rowOf({ key: `k${n}` }));
};
const rowsIn = async (table: string) => {
  const rows = [];
  for await (const row of ledger(table).all()) rows.push(row);
  return rows.toSorted((a, b) => (a.key < b.key ? -1 : 1));
};

test('a copy contains all rows and index entries', async () => {
  await fill(old.ledger, 45);

  const sum = await copyTable(place(old.ledger), place(fresh.ledger));

  expect(sum).toEqual({ read: 45, copied: 45, there: 0 });
  expect(await rowsIn(fresh.ledger)).toEqual(await rowsIn(old.ledger));
  const due = { shard: 144, until: Number.MAX_SAFE_INTEGER, limit: 100 };
  expect(await ledger(fresh.ledger).due(due)).toHaveLength(45);
});

test('an interrupted copy continues without overwriting newer rows', async () => {
  await fill(old.ledger, 3);
  const newer = rowOf({ key: 'k1', state: 'dismissed', rev: 1 });
  await ledger(fresh.ledger).insert(newer);

  const sum = await copyTable(place(old.ledger), place(fresh.ledger));

  expect(sum).toEqual({ read: 3, copied: 2, there: 1 });
  expect(await ledger(fresh.ledger).read('k1')).toMatchObject({ state: 'dismissed' });
});

test('feeds, slots and the last tick are copied as well', async () => {
  const [from, to] = [old, fresh].map(({ feeds }) =>
    dynamoFeedStore({ client: tables.client, table: feeds }),
  );
  await from?.save(aFeedRow());
  await from?.setSlot('newsroom', aSlot({ notBefore: 7 }));

  await copyTable(place(old.feeds), place(fresh.feeds));

  expect(await to?.read('newsroom')).toEqual(aFeedRow());
  expect((await to?.schedule())?.slots).toEqual(new Map([['newsroom', aSlot({ notBefore: 7 })]]));
});

test('a ledger is not copied into a feeds table', async () => {
  await expect(copyTable(place(old.ledger), place(fresh.feeds))).rejects.toThrow(
    'these are different tables',
  );
});

const runIt = (...args: string[]) => {
  const script = fileURLToPath(new URL('../../scripts/copy-table.ts', import.meta.url));
  const env = {
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL_DYNAMODB: tables.dynamo.endpoint,
    AWS_ACCESS_KEY_ID: ourAccess().credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ourAccess().credentials.secretAccessKey,
  };
  return promisify(execFile)(process.execPath, [script, ...args], { env });
};

test('the command prints what it copied', async () => {
  await fill(old.ledger, 2);
  const regions = ['--from-region', 'us-east-1', '--to-region', 'us-east-1'];

  const { stdout } = await runIt(old.ledger, fresh.ledger, ...regions);

  expect(stdout).toBe('2 items read, 2 copied, 0 skipped because they already exist.\n');
});

test('the command prints which argument is missing', async () => {
  const failed = await runIt(old.ledger).catch((error: { code: number; stderr: string }) => error);

  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('npm run copy-table -- FROM TO') });
});

import { afterAll, beforeAll } from 'vitest';
import { dynamoLedger } from '../../lib/adapters/aws/ledger-dynamo.ts';
import type { LedgerRow } from '../../lib/core/ledger/row.ts';
import type { Ledger } from '../../lib/core/ports.ts';
import { type EmbeddedTables, startTables } from './embedded-tables.ts';
import { fakeLedger } from './fake-stores.ts';

/** Tables for a file's tests. */
export const tablesForTests = () => {
  let tables: EmbeddedTables;
  beforeAll(async () => {
    tables = await startTables();
  });
  afterAll(() => tables.close());
  return () => tables;
};

/** The ledgers that keep every promise of the port: the fake and the real one. */
export const ledgerHomes = (tables = tablesForTests()): { home: string; open: () => Promise<Ledger> }[] => [
  { home: 'in memory', open: async () => fakeLedger() },
  {
    home: 'in DynamoDB',
    open: async () => dynamoLedger({ client: tables().client, table: (await tables().fresh()).ledger }),
  },
];

export const insertAll = async (ledger: Ledger, rows: LedgerRow[]): Promise<void> => {
  for (const row of rows) await ledger.insert(row);
};

export const keysOf = (rows: { key: string }[]): string[] => rows.map(({ key }) => key);

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { dynamoLedger } from '../../lib/adapters/aws/ledger-dynamo.ts';
import type { Ledger } from '../../lib/core/ports.ts';
import { ourAccess } from '../../local/embedded/access.ts';
import type { TableNames } from '../../local/embedded/dynamo.ts';
import { type EmbeddedTables, startTables } from './embedded-tables.ts';

/** An embedded DynamoDB for a file's tests, with empty tables for each of them. */
export const dynamoForTests = () => {
  let tables: EmbeddedTables;
  let names: TableNames;
  beforeAll(async () => {
    tables = await startTables();
  });
  beforeEach(async () => {
    names = await tables.fresh();
  });
  afterAll(() => tables.close());
  return {
    tables: () => tables,
    names: () => names,
    ledgerOver: (client = tables.client): Ledger => dynamoLedger({ client, table: names.ledger }),
    ownClient: (options = {}): DynamoDBClient =>
      new DynamoDBClient({ endpoint: tables.dynamo.endpoint, ...ourAccess(), ...options }),
  };
};

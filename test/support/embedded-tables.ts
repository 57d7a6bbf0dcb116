import { randomInt } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ourAccess } from '../../local/embedded/access.ts';
import { createTables, startDynamo, type TableNames } from '../../local/embedded/dynamo.ts';

type Dynamo = { endpoint: string; close: () => Promise<void> };

export type EmbeddedTables = {
  client: DynamoDBClient;
  dynamo: Dynamo;
  /** Empty tables for one test. */
  fresh: () => Promise<TableNames>;
  close: () => Promise<void>;
};

/** The database at TEST_DYNAMODB, which `npm run test:engine` sets and all files share; otherwise an emulator. */
const dynamoOfTest = async (): Promise<Dynamo> => {
  const endpoint = process.env.TEST_DYNAMODB;
  return endpoint ? { endpoint, close: async () => {} } : startDynamo();
};

/** One emulator per test file; starting it takes about 200 ms, new tables a few. */
export const startTables = async (): Promise<EmbeddedTables> => {
  const dynamo = await dynamoOfTest();
  const client = new DynamoDBClient({ endpoint: dynamo.endpoint, ...ourAccess() });
  let made = randomInt(1e9) * 1000; // all files may share a database
  return {
    client,
    dynamo,
    fresh: async () => {
      made += 1;
      return createTables(client, `-${made}`);
    },
    close: async () => {
      client.destroy();
      await dynamo.close();
    },
  };
};

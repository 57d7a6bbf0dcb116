import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ourAccess } from '../../local/embedded/access.ts';
import { createTables, type EmbeddedDynamo, startDynamo } from '../../local/embedded/dynamo.ts';

export type EmbeddedTables = {
  client: DynamoDBClient;
  dynamo: EmbeddedDynamo;
  /** Empty tables for one test. */
  fresh: () => Promise<{ ledger: string; feeds: string }>;
  close: () => Promise<void>;
};

/** One emulator per test file; starting it takes about 200 ms, new tables a few. */
export const startTables = async (): Promise<EmbeddedTables> => {
  const dynamo = await startDynamo();
  const client = new DynamoDBClient({ endpoint: dynamo.endpoint, ...ourAccess() });
  let made = 0;
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

import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../lib/core/ports.ts';

const itemsATurn = 1_000;

/** A table and the names of its key's attributes. */
type Expiring = { table: string; key: readonly string[] };

/**
 * Removes expired items from a table, like DynamoDB's time to live, which the emulator lacks. Each call checks 1,000
 * items, starting where the last one ended, and returns how many it removed. Items renewed meanwhile stay.
 */
export const removeExpired = (client: DynamoDBClient, { table: TableName, key }: Expiring, clock: Clock) => {
  let next: Record<string, AttributeValue> | undefined;
  return async (): Promise<number> => {
    const now = { ':now': { N: String(Math.floor(clock() / 1000)) } };
    const { Items = [], LastEvaluatedKey } = await client.send(
      new ScanCommand({
        TableName,
        Limit: itemsATurn,
        ExclusiveStartKey: next,
        FilterExpression: 'expiresAt < :now',
        ProjectionExpression: key.map((_, at) => `#k${at}`).join(', '),
        ExpressionAttributeNames: Object.fromEntries(key.map((name, at) => [`#k${at}`, name])),
        ExpressionAttributeValues: now,
      }),
    );
    next = LastEvaluatedKey;
    for (const Key of Items)
      await client
        .send(
          new DeleteItemCommand({
            TableName,
            Key,
            ConditionExpression: 'expiresAt < :now',
            ExpressionAttributeValues: now,
          }),
        )
        .catch((error) => {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        });
    return Items.length;
  };
};

const everyMs = 60_000;

/**
 * Removes expired items once a minute until closed. `onError` is called when the emulator fails; the next minute
 * tries again.
 */
export const startExpiry = (
  client: DynamoDBClient,
  table: Expiring,
  onError: (error: unknown) => void,
): { close: () => Promise<void> } => {
  const remove = removeExpired(client, table, Date.now);
  let turn: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    turn = turn.then(remove).catch(onError);
  }, everyMs);
  timer.unref();
  return {
    close: async () => {
      clearInterval(timer);
      await turn;
    },
  };
};

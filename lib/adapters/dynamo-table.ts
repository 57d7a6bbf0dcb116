import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { awsError } from './aws-error.ts';

/** A table and the client to reach it with. `writeId` names one write for ever; random but in tests. */
export type DynamoOptions = { client: DynamoDBClient; table: string; writeId?: () => string };

export type Item = Record<string, unknown>;
export type Key = Record<string, string>;

export type Query = {
  index?: string;
  /** A condition over `#hash`, `#range` and values, in DynamoDB's language. */
  where: string;
  names: Record<string, string>;
  values: Record<string, unknown>;
  /** Items to fetch at a time. */
  pageSize?: number;
};

/**
 * One table, with what all stores need of it. Every method throws AppError `store.*`: retryable `unreachable` (a
 * write may be in) and `throttled`, config `missing-table` and `access-denied`, permanent `too-large`.
 */
export type DynamoTable = {
  /** Strongly consistent. */
  get: (key: Key) => Promise<Item | null>;
  /** Puts an item where there is none (`over` null) or over the one with that `rev`; false when that is not there. */
  put: (key: Key, item: Item, over: number | null) => Promise<boolean>;
  /** Removes the item with that `rev`; false when that is not there. */
  remove: (key: Key, rev: number) => Promise<boolean>;
  /** Sets one attribute of an item, made if absent; the others stay, whoever writes them at the same time. */
  set: (key: Key, attribute: string, value: unknown) => Promise<void>;
  /** In the order of the index; strongly consistent on the table itself. Pages are fetched as they are asked for. */
  query: (query: Query) => AsyncGenerator<Item>;
  /** Everything, in no order. */
  scan: () => AsyncGenerator<Item>;
};

const isLostCondition = (error: unknown): boolean => error instanceof ConditionalCheckFailedException;

/** True when the SDK had sent this request before: an earlier attempt may have done what this one was refused. */
const wasRepeated = (error: unknown): boolean =>
  ((error as ConditionalCheckFailedException).$metadata.attempts ?? 1) > 1;

type Page = { Items?: Item[] | undefined; LastEvaluatedKey?: Item | undefined };

async function* pages(fetchPage: (start: Item | undefined) => Promise<Page>): AsyncGenerator<Item> {
  let start: Item | undefined;
  do {
    const page = await fetchPage(start);
    yield* page.Items ?? [];
    start = page.LastEvaluatedKey;
  } while (start);
}

/** Gives access to one table. Nothing is sent before the first call. */
export const dynamoTable = ({ client, table, writeId = randomUUID }: DynamoOptions): DynamoTable => {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

  const guarded = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw isLostCondition(error) ? error : awsError('store', 'table', table, error);
    }
  };

  const get = async (key: Key): Promise<Item | null> => {
    const { Item } = await guarded(
      documents.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true })),
    );
    return Item ?? null;
  };

  return {
    get,

    // When the answer to a write is lost, the SDK sends it again, and the condition that held the first time now
    // fails because of our own write. The mark tells that from having been overtaken.
    async put(key, item, over) {
      const mark = writeId();
      const condition =
        over === null
          ? {
              ConditionExpression: 'attribute_not_exists(#key)',
              ExpressionAttributeNames: { '#key': Object.keys(key)[0] as string },
            }
          : {
              ConditionExpression: '#rev = :over',
              ExpressionAttributeNames: { '#rev': 'rev' },
              ExpressionAttributeValues: { ':over': over },
            };
      try {
        await guarded(
          documents.send(
            new PutCommand({ TableName: table, Item: { ...item, ...key, writeId: mark }, ...condition }),
          ),
        );
        return true;
      } catch (error) {
        if (!isLostCondition(error)) throw error;
        return (await get(key))?.writeId === mark;
      }
    },

    async remove(key, rev) {
      try {
        await guarded(
          documents.send(
            new DeleteCommand({
              TableName: table,
              Key: key,
              ConditionExpression: '#rev = :rev',
              ExpressionAttributeNames: { '#rev': 'rev' },
              ExpressionAttributeValues: { ':rev': rev },
            }),
          ),
        );
        return true;
      } catch (error) {
        if (!isLostCondition(error)) throw error;
        return wasRepeated(error) && (await get(key)) === null; // a removal leaves no mark
      }
    },

    async set(key, attribute, value) {
      await guarded(
        documents.send(
          new UpdateCommand({
            TableName: table,
            Key: key,
            UpdateExpression: 'SET #attribute = :value',
            ExpressionAttributeNames: { '#attribute': attribute },
            ExpressionAttributeValues: { ':value': value },
          }),
        ),
      );
    },

    query: ({ index, where, names, values, pageSize }) => {
      const input: QueryCommandInput = {
        TableName: table,
        ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
        KeyConditionExpression: where,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: values,
        ...(pageSize === undefined ? {} : { Limit: pageSize }),
      };
      return pages((start) =>
        guarded(documents.send(new QueryCommand(start ? { ...input, ExclusiveStartKey: start } : input))),
      );
    },

    scan: () =>
      pages((start) =>
        guarded(
          documents.send(
            new ScanCommand({ TableName: table, ...(start ? { ExclusiveStartKey: start } : {}) }),
          ),
        ),
      ),
  };
};

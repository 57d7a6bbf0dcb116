import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { awsError } from './aws-error.ts';

/** A table and its client. `writeId` identifies a single write; random except in tests. */
export type DynamoOptions = { client: DynamoDBClient; table: string; writeId?: () => string };

export type Item = Record<string, unknown>;
type Key = Record<string, string>;

type Query = {
  index?: string;
  /** A condition over `#hash`, `#range` and values, in DynamoDB's syntax. */
  where: string;
  names: Record<string, string>;
  values: Record<string, unknown>;
  /** Items per request. */
  pageSize?: number;
  /** The last in index order first. */
  reverse?: boolean;
};

/**
 * One table with the operations that all stores need. Every method throws AppError `store.*`: retryable `unreachable`
 * (a write may be stored) and `throttled`, config `missing-table` and `access-denied`, permanent `too-large`.
 */
export type DynamoTable = {
  /** Strongly consistent. */
  get: (key: Key) => Promise<Item | null>;
  /** Like `get`, for up to a hundred distinct keys, in their order; one request, if the table returns all of them. */
  getAll: (keys: readonly Key[]) => Promise<(Item | null)[]>;
  /** Puts an item if there is none (`over` null) or over the one with that `rev`; false if the condition fails. */
  put: (key: Key, item: Item, over: number | null) => Promise<boolean>;
  /** Puts an item unconditionally. */
  write: (key: Key, item: Item) => Promise<void>;
  /** Removes the item with that `rev`; false if there is none. */
  remove: (key: Key, rev: number) => Promise<boolean>;
  /** Sets one attribute of an item, creating it if missing; concurrent changes of other attributes are kept. */
  set: (key: Key, attribute: string, value: unknown) => Promise<void>;
  /** Like `set`, for an existing item; false if there is none. */
  change: (key: Key, attribute: string, value: unknown) => Promise<boolean>;
  /** Sets those of up to a hundred attributes that an item does not have yet; the others are kept. */
  setAbsent: (key: Key, values: ReadonlyMap<string, unknown>) => Promise<void>;
  /** Sets one attribute, a map, and removes another, unless the existing map has the same value in `field`. */
  setUnlessSame: (
    key: Key,
    change: { set: string; value: Item; field: string; remove: string },
  ) => Promise<void>;
  /** In index order; strongly consistent on the table itself. Pages are fetched on demand. */
  query: (query: Query) => AsyncGenerator<Item>;
  /** The number of items that a query finds, counted up to `limit`. */
  count: (query: Query, limit: number) => Promise<number>;
  /** Everything, in no order. */
  scan: () => AsyncGenerator<Item>;
};

type Access = { documents: DynamoDBDocumentClient; table: string; writeId: () => string };

const guarded = async <T>(table: string, work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    throw awsError('store', 'table', table, error);
  }
};

/** True if the write is stored; otherwise the failed condition. */
const conditionally = async (
  table: string,
  work: Promise<unknown>,
): Promise<true | ConditionalCheckFailedException> => {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return error;
    throw awsError('store', 'table', table, error);
  }
};

const isAbsent = ([name = '']: string[]) => ({
  ConditionExpression: 'attribute_not_exists(#key)',
  ExpressionAttributeNames: { '#key': name },
});

const hasRev = (rev: number) => ({
  ConditionExpression: '#rev = :rev',
  ExpressionAttributeNames: { '#rev': 'rev' },
  ExpressionAttributeValues: { ':rev': rev },
});

const getItem = async ({ documents, table }: Access, key: Key): Promise<Item | null> => {
  const command = new GetCommand({ TableName: table, Key: key, ConsistentRead: true });
  const { Item } = await guarded(table, documents.send(command));
  return Item ?? null;
};

const isAt = (item: Item, key: Key): boolean =>
  Object.entries(key).every(([name, value]) => item[name] === value);

/** A table may leave keys unprocessed, because of its capacity or beyond 16 MB; these are requested one by one. */
const getItems = async (access: Access, keys: readonly Key[]): Promise<(Item | null)[]> => {
  const { documents, table } = access;
  const [first] = keys;
  if (first && keys.length === 1) return [await getItem(access, first)];
  const command = new BatchGetCommand({
    RequestItems: { [table]: { Keys: [...keys], ConsistentRead: true } },
  });
  const { Responses, UnprocessedKeys } = await guarded(table, documents.send(command));
  const items: Item[] = Responses?.[table] ?? [];
  const left: Item[] = UnprocessedKeys?.[table]?.Keys ?? [];
  return Promise.all(
    keys.map((key) => {
      if (left.some((one) => isAt(one, key))) return getItem(access, key);
      return items.find((item) => isAt(item, key)) ?? null;
    }),
  );
};

/**
 * If the response to a write is lost, the SDK repeats it, and its condition fails because of our own write. The mark
 * distinguishes that from a conflict.
 */
const putItem = async (access: Access, key: Key, item: Item, over: number | null): Promise<boolean> => {
  const { documents, table, writeId } = access;
  const mark = writeId();
  const condition = over === null ? isAbsent(Object.keys(key)) : hasRev(over);
  const command = new PutCommand({
    TableName: table,
    Item: { ...item, ...key, writeId: mark },
    ...condition,
  });
  const outcome = await conditionally(table, documents.send(command));
  return outcome === true || (await getItem(access, key))?.writeId === mark;
};

const writeItem = async ({ documents, table }: Access, key: Key, item: Item): Promise<void> => {
  await guarded(table, documents.send(new PutCommand({ TableName: table, Item: { ...item, ...key } })));
};

/**
 * As with a put, a response may be lost, but a removal leaves no mark, so a missing item after a repeat counts as
 * success.
 */
const removeItem = async (access: Access, key: Key, rev: number): Promise<boolean> => {
  const command = new DeleteCommand({ TableName: access.table, Key: key, ...hasRev(rev) });
  const outcome = await conditionally(access.table, access.documents.send(command));
  if (outcome === true) return true;
  const wasRepeated = (outcome.$metadata.attempts ?? 1) > 1;
  return wasRepeated && (await getItem(access, key)) === null;
};

const setting = ({ table }: Access, key: Key, attribute: string, value: unknown) => ({
  TableName: table,
  Key: key,
  UpdateExpression: 'SET #attribute = :value',
  ExpressionAttributeNames: { '#attribute': attribute },
  ExpressionAttributeValues: { ':value': value },
});

const setAttribute = async (access: Access, key: Key, attribute: string, value: unknown): Promise<void> => {
  const command = new UpdateCommand(setting(access, key, attribute, value));
  await guarded(access.table, access.documents.send(command));
};

const changeAttribute = async (access: Access, key: Key, attribute: string, value: unknown) => {
  const set = setting(access, key, attribute, value);
  const command = new UpdateCommand({
    ...set,
    ConditionExpression: 'attribute_exists(#key)',
    ExpressionAttributeNames: { ...set.ExpressionAttributeNames, '#key': Object.keys(key)[0] ?? '' },
  });
  return (await conditionally(access.table, access.documents.send(command))) === true;
};

const setAbsentAttributes = async (
  access: Access,
  key: Key,
  values: ReadonlyMap<string, unknown>,
): Promise<void> => {
  const [names, all] = [[...values.keys()], [...values.values()]];
  const command = new UpdateCommand({
    TableName: access.table,
    Key: key,
    UpdateExpression: `SET ${names.map((_, at) => `#a${at} = if_not_exists(#a${at}, :v${at})`).join(', ')}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name, at) => [`#a${at}`, name])),
    ExpressionAttributeValues: Object.fromEntries(all.map((value, at) => [`:v${at}`, value])),
  });
  await guarded(access.table, access.documents.send(command));
};

const setUnlessSame: (access: Access, ...args: Parameters<DynamoTable['setUnlessSame']>) => Promise<void> =
  async ({ documents, table }, key, { set, value, field, remove }) => {
    const command = new UpdateCommand({
      TableName: table,
      Key: key,
      UpdateExpression: 'SET #set = :value REMOVE #remove',
      ConditionExpression: 'NOT #set.#field = :same',
      ExpressionAttributeNames: { '#set': set, '#remove': remove, '#field': field },
      ExpressionAttributeValues: { ':value': value, ':same': value[field] },
    });
    await conditionally(table, documents.send(command));
  };

type Page = { Items?: Item[] | undefined; LastEvaluatedKey?: Item | undefined };
type Start = { ExclusiveStartKey?: Item };

async function* pages(table: string, fetchPage: (start: Start) => Promise<Page>): AsyncGenerator<Item> {
  let start: Start = {};
  do {
    const { Items = [], LastEvaluatedKey } = await guarded(table, fetchPage(start));
    yield* Items;
    start = LastEvaluatedKey ? { ExclusiveStartKey: LastEvaluatedKey } : {};
  } while (start.ExclusiveStartKey);
}

const queryInput = (
  table: string,
  { index, where, names, values, pageSize, reverse = false }: Query,
  start: Start,
) => ({
  TableName: table,
  ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
  KeyConditionExpression: where,
  ExpressionAttributeNames: names,
  ExpressionAttributeValues: values,
  ...(pageSize !== undefined && { Limit: pageSize }),
  ...(reverse && { ScanIndexForward: false }),
  ...start,
});

const query = ({ documents, table }: Access, asked: Query) =>
  pages(table, (start) => documents.send(new QueryCommand(queryInput(table, asked, start))));

const count = async ({ documents, table }: Access, asked: Query, limit: number): Promise<number> => {
  let found = 0;
  let start: Start | null = {};
  while (start && found < limit) {
    const input = {
      ...queryInput(table, { ...asked, pageSize: limit - found }, start),
      Select: 'COUNT' as const,
    };
    const page: { Count?: number | undefined; LastEvaluatedKey?: Item | undefined } = await guarded(
      table,
      documents.send(new QueryCommand(input)),
    );
    found += page.Count ?? 0;
    start = page.LastEvaluatedKey ? { ExclusiveStartKey: page.LastEvaluatedKey } : null;
  }
  return found;
};

const scan = ({ documents, table }: Access) =>
  pages(table, (start) => documents.send(new ScanCommand({ TableName: table, ...start })));

/** Gives access to one table. Nothing is sent before the first call. */
export const dynamoTable = ({ client, table, writeId = randomUUID }: DynamoOptions): DynamoTable => {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const access: Access = { documents, table, writeId };

  return {
    get: (key) => getItem(access, key),
    getAll: (keys) => getItems(access, keys),
    put: (key, item, over) => putItem(access, key, item, over),
    write: (key, item) => writeItem(access, key, item),
    remove: (key, rev) => removeItem(access, key, rev),
    set: (key, attribute, value) => setAttribute(access, key, attribute, value),
    change: (key, attribute, value) => changeAttribute(access, key, attribute, value),
    setAbsent: (key, values) => setAbsentAttributes(access, key, values),
    setUnlessSame: (key, change) => setUnlessSame(access, key, change),
    query: (parameters) => query(access, parameters),
    count: (parameters, limit) => count(access, parameters, limit),
    scan: () => scan(access),
  };
};

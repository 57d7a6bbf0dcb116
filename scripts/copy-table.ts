import { parseArgs } from 'node:util';
import {
  ConditionalCheckFailedException,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import { mapWithConcurrency } from '../lib/core/map-with-concurrency.ts';

// Usage: npm run copy-table -- FROM TO [--from-region NAME] [--to-region NAME]

const usage = 'Usage: npm run copy-table -- FROM TO [--from-region NAME] [--to-region NAME]';

/** A table and its client. */
export type TableRef = { client: DynamoDBClient; table: string };
export type Copied = { read: number; copied: number; there: number };

type Row = NonNullable<PutItemCommandInput['Item']>;

const hashKeyOf = async ({ client, table }: TableRef): Promise<string> => {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
  const key = Table?.KeySchema?.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName;
  if (key === undefined) throw new Error(`Table ${table} has no hash key.`);
  return key;
};

/** False if the item exists by now; it is not changed. */
const putAbsent = async ({ client, table }: TableRef, key: string, Item: Row): Promise<boolean> => {
  const where = {
    ConditionExpression: 'attribute_not_exists(#key)',
    ExpressionAttributeNames: { '#key': key },
  };
  try {
    await client.send(new PutItemCommand({ TableName: table, Item, ...where }));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

const putsAtOnce = 20;

/**
 * Copies every item that `to` does not have, and changes none that it has; run it again after an interruption. Stop
 * writers to `from` first, because concurrent writes may be missed.
 */
export const copyTable = async (
  from: TableRef,
  to: TableRef,
  onProgress: (sofar: Copied) => void = () => {},
): Promise<Copied> => {
  const [key, fromKey] = [await hashKeyOf(to), await hashKeyOf(from)];
  if (key !== fromKey)
    throw new Error(
      `The hash key of ${from.table} is ${fromKey}, that of ${to.table} is ${key}: these are different tables.`,
    );
  const sum: Copied = { read: 0, copied: 0, there: 0 };
  const pages = paginateScan({ client: from.client }, { TableName: from.table, ConsistentRead: true });
  for await (const { Items = [] } of pages) {
    const put = await mapWithConcurrency(Items, putsAtOnce, (item) => putAbsent(to, key, item));
    const copied = put.filter(Boolean).length;
    sum.read += Items.length;
    sum.copied += copied;
    sum.there += Items.length - copied;
    onProgress(sum);
  }
  return sum;
};

const clientIn = (region: string | undefined) => new DynamoDBClient(region === undefined ? {} : { region });

const run = async (args: string[]): Promise<void> => {
  const region = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { 'from-region': region, 'to-region': region },
  });
  const [from, to, ...more] = positionals;
  if (from === undefined || to === undefined || more.length > 0) throw new Error(usage);
  const { read, copied, there } = await copyTable(
    { client: clientIn(values['from-region']), table: from },
    { client: clientIn(values['to-region']), table: to },
    (sofar) => console.error(`${sofar.read} read`),
  );
  console.log(`${read} items read, ${copied} copied, ${there} skipped because they already exist.`);
};

if (import.meta.main)
  run(process.argv.slice(2)).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type AttributeValue, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { readChange } from '../../lib/adapters/aws/row-changes.ts';
import { changeEvent } from '../../lib/core/change-events/row-change.ts';
import { liveStage } from '../../lib/core/config/stages.ts';
import { AppError } from '../../lib/core/errors.ts';
import type { StreamRecord } from '../../lib/core/ports.ts';
import type { ChangeLog, Intent } from './change-log.ts';

type Image = Record<string, AttributeValue>;
type Row = Pick<Intent, 'table' | 'key'>;

/** Reads a row, without its binary attributes, which no event needs and JSON has no place for. */
type ReadImage = (row: Row) => Promise<Image | undefined>;

const readImageWith =
  (client: DynamoDBClient): ReadImage =>
  async ({ table, key }) => {
    const command = new GetItemCommand({ TableName: table, Key: key as Image, ConsistentRead: true });
    const { Item } = await client.send(command);
    return Item && Object.fromEntries(Object.entries(Item).filter(([, value]) => value.B === undefined));
  };

const isEvent = (record: StreamRecord): boolean => {
  try {
    const change = readChange(record);
    return change !== null && changeEvent(change, liveStage) !== null;
  } catch (error) {
    if (error instanceof AppError) return true; // the function reports a row that cannot be read
    throw error;
  }
};

const recordOf = (old: Intent['old'], NewImage: Image | undefined, now: number): StreamRecord | null => {
  const record = {
    ...(old !== undefined && { OldImage: old }),
    ...(NewImage !== undefined && { NewImage }),
    ApproximateCreationDateTime: now / 1000,
  };
  return isEvent(record) ? record : null;
};

/** Settles the writes that a killed process left behind: the table shows whether each was made. */
export const settleLeftovers = async (log: ChangeLog, client: DynamoDBClient): Promise<void> => {
  const read = readImageWith(client);
  for (const { id, intent } of await log.unsettled())
    await log.settle(id, recordOf(intent.old, await read(intent), Date.now()));
};

type Tables = { ledger: string; feeds: string };
type Write = { TableName?: string; Item?: Image; Key?: Image };

/** The row that a request writes, if it can be an event: an entry, a feed, or a circuit, which is also removed. */
const rowIn = (operation: string, write: Write, { ledger, feeds }: Tables): Row | null => {
  const { TableName: table = '', Item, Key } = write;
  if (operation === 'PutItem' && table === ledger && Item?.type?.S === 'entry' && Item.key)
    return { table, key: { key: Item.key } };
  const { pk, sk } = (operation === 'PutItem' ? Item : Key) ?? {};
  const isWatched =
    table === feeds &&
    ['PutItem', 'UpdateItem', 'DeleteItem'].includes(operation) &&
    (pk?.S === 'circuit' || (pk?.S?.startsWith('feed#') === true && sk?.S === 'row'));
  return isWatched && pk && sk ? { table, key: { pk, sk } } : null;
};

const parsed = (body: Buffer): Write => {
  try {
    return JSON.parse(body.toString()) as Write;
  } catch {
    return {}; // the emulator refuses it
  }
};

/** One write of a row at a time, so that the row before and after a write are its own. */
const rowLocks = () => {
  const tails = new Map<string, Promise<unknown>>();
  return async <T>(row: Row, work: () => Promise<T>): Promise<T> => {
    const name = JSON.stringify(row);
    const mine = (tails.get(name) ?? Promise.resolve()).then(work, work);
    tails.set(name, mine);
    try {
      return await mine;
    } finally {
      if (tails.get(name) === mine) tails.delete(name);
    }
  };
};

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** The request once more, for a handler that reads its body. */
const repeated = (request: IncomingMessage, body: Buffer): IncomingMessage => {
  const { method, headers, url } = request;
  return Object.assign(Readable.from([body]), { method, headers, url }) as unknown as IncomingMessage;
};

/** Runs the handler; resolves when it has responded, with the function that lets the response go. */
const held = (response: ServerResponse, handle: () => void): Promise<() => void> =>
  new Promise((resolve) => {
    const { end } = response;
    response.end = ((...given: Parameters<typeof end>) => {
      response.end = end;
      resolve(() => void response.end(...given));
      return response;
    }) as typeof end;
    handle();
  });

type Recording = { log: ChangeLog; tables: Tables; client: () => DynamoDBClient };

/**
 * Makes the database record each change that can be an event before it answers the write, as DynamoDB's streams do. A
 * write is noted before it is made: if the process dies in between, `settleLeftovers` finds out whether it was.
 */
export const recordChanges = (server: Server, { log, tables, client }: Recording): void => {
  const handlers = server.listeners('request') as Handler[];
  const oneByOne = rowLocks();
  server.removeAllListeners('request');

  const serve: Handler = async (request, response) => {
    const body = await buffer(request);
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const pass = () => {
      for (const handler of handlers) handler.call(server, repeated(request, body), response);
    };
    const row = rowIn(operation, parsed(body), tables);
    if (row === null) return pass();
    await oneByOne(row, async () => {
      const read = readImageWith(client());
      const old = await read(row);
      const id = await log.begin({ ...row, old });
      const release = await held(response, pass);
      const isMade = response.statusCode === 200;
      await log.settle(id, isMade ? recordOf(old, await read(row), Date.now()) : null);
      release();
    });
  };

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    // Without an answer the client asks again; what was written without being recorded is found by the next start.
    Promise.resolve(serve(request, response)).catch(() => response.destroy());
  });
};

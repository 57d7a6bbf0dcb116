import { Agent, createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { closeServer, listen } from '../../local/embedded/listen.ts';
import { type Item, writeCost } from './capacity-units.ts';

/** The usage of AWS as billed: requests by name (`dynamodb:GetItem`), units, and growth of the tables in bytes. */
export type Tally = {
  requests: Record<string, number>;
  readUnits: number;
  writeUnits: number;
  /** The growth of the tables, indexes included. */
  storedBytes: number;
  /** The number of messages in requests to SQS. */
  messages: number;
};

type Meter = {
  /** The address to use instead of `upstream`. */
  endpoint: (upstream: string) => Promise<string>;
  /** The usage since the last call, which resets it. */
  take: () => Tally;
  close: () => Promise<void>;
};

type Asked = {
  TableName?: string;
  Item?: Item;
  Entries?: unknown[];
  [field: string]: unknown;
};
type Consumed = { CapacityUnits: number };
type Responseed = { ConsumedCapacity?: Consumed | Consumed[]; Attributes?: Item };

/** In a batch each table is counted separately; a failed condition is billed as a write. */
const unitsOf = ({ ConsumedCapacity }: Responseed): number =>
  Array.isArray(ConsumedCapacity)
    ? ConsumedCapacity.reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0)
    : (ConsumedCapacity?.CapacityUnits ?? 1);

const services: Record<string, string> = { DynamoDB_20120810: 'dynamodb', AmazonSQS: 'sqs' };
const reads = ['GetItem', 'BatchGetItem', 'Query', 'Scan'];
const none = (): Tally => ({ requests: {}, readUnits: 0, writeUnits: 0, storedBytes: 0, messages: 0 });

const nameOf = (target: string) => {
  const [service = '', operation = ''] = target.split('.');
  return [services[service] ?? service, operation] as const;
};

/** Requests consumed capacity and replaced items from the emulator, which ignores indexes. */
const asking = (operation: string, body: Asked): Asked => ({
  ...body,
  ReturnConsumedCapacity: 'TOTAL',
  ...(operation === 'PutItem' && { ReturnValues: 'ALL_OLD' }),
});

const countPut = (tally: Tally, { TableName = '', Item = {} }: Asked, before: Item | null) => {
  const cost = writeCost(TableName);
  tally.writeUnits += cost.units(before, Item);
  tally.storedBytes += cost.stored(Item) - cost.stored(before);
};

const countDynamo = (
  tally: Tally,
  operation: string,
  asked: Asked,
  responded: Responseed,
  refused: boolean,
) => {
  const units = unitsOf(responded);
  if (reads.includes(operation)) tally.readUnits += units;
  else if (operation === 'PutItem' && !refused) countPut(tally, asked, responded.Attributes ?? null);
  else tally.writeUnits += units;
};

const agent = new Agent({ keepAlive: true });

const forward = (upstream: string, path: string, headers: IncomingHttpHeaders, body: string) =>
  new Promise<{ status: number; headers: IncomingHttpHeaders; body: string }>((resolve, reject) => {
    const bare = {
      ...headers,
      host: new URL(upstream).host,
      'content-length': String(Buffer.byteLength(body)),
    };
    const sent = request(
      new URL(path, upstream),
      { method: 'POST', headers: bare, agent },
      async (response) =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: await text(response) }),
    );
    sent.on('error', reject).end(body);
  });

/** A proxy in front of the embedded services that counts what AWS would bill. */
export const startMeter = (): Meter => {
  const servers: Server[] = [];
  let tally = none();

  const meterOf = (upstream: string) =>
    createServer(async (incoming, response) => {
      const [service, operation] = nameOf(String(incoming.headers['x-amz-target']));
      const asked = JSON.parse(await text(incoming)) as Asked;
      const sent = service === 'dynamodb' ? asking(operation, asked) : asked;
      const answer = await forward(upstream, incoming.url ?? '/', incoming.headers, JSON.stringify(sent));
      const name = `${service}:${operation}`;
      tally.requests[name] = (tally.requests[name] ?? 0) + 1;
      tally.messages += asked.Entries?.length ?? 0;
      if (service === 'dynamodb')
        countDynamo(tally, operation, asked, JSON.parse(answer.body) as Responseed, answer.status !== 200);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });

  return {
    endpoint: async (upstream) => {
      const server = meterOf(upstream);
      servers.push(server);
      return listen(server, 'the meter', 0);
    },
    take: () => {
      const taken = tally;
      tally = none();
      return taken;
    },
    close: async () => {
      await Promise.all(servers.map(closeServer));
      agent.destroy();
      agent.removeAllListeners();
    },
  };
};

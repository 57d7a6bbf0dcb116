import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { storesOver } from '../../cli/aws-target.ts';
import type { ConsoleContext } from '../../console/context.ts';
import { replyTo } from '../../console/respond.ts';
import { cliOver, configOf, fakeTarget } from '../../test/support/cli.ts';
import { consoleScene } from '../../test/support/console-scene.ts';
import { feedOf } from '../../test/support/entries.ts';
import { addressOfFeed, at, feedId, fleet } from './large-ledger.ts';

/** The cost of a page or a command: CPU of the process, and what it asked of DynamoDB. */
export type Visit = { cpuMs: number; requests: number; readUnits: number; readKb: number; sentKb: number };

type Opened = {
  context: ConsoleContext;
  used: Omit<Visit, 'cpuMs' | 'sentKb'>;
};

let opened: Opened | null = null;

type Consumed = { ConsumedCapacity?: { CapacityUnits?: number } | { CapacityUnits?: number }[] };

const unitsIn = ({ ConsumedCapacity = [] }: Consumed): number =>
  [ConsumedCapacity].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);

/** Connects to the filled tables; `access` is the key of their emulator. */
export const open = async (endpoint: string, access: object, names: { feeds: string; ledger: string }) => {
  const client = new DynamoDBClient({ endpoint, ...access });
  const used = { requests: 0, readUnits: 0, readKb: 0 };
  client.middlewareStack.add(
    (next) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const done = await next(args);
      used.requests += 1;
      used.readUnits += unitsIn(done.output as Consumed);
      used.readKb += Buffer.byteLength(JSON.stringify(done.output)) / 1e3;
      return done;
    },
    { step: 'initialize' },
  );
  const stores = storesOver(client, { feedsTable: names.feeds, ledgerTable: names.ledger });
  const feeds = Array.from({ length: fleet.feeds }, (_, n) =>
    feedOf({ id: feedId(n), url: addressOfFeed(n) }),
  );
  const target = fakeTarget({ ...stores, config: () => configOf(feeds) });
  opened = { used, context: { ...(await consoleScene()).context, target, clock: () => at } };
};

const measure = async (work: (context: ConsoleContext) => Promise<number>): Promise<Visit> => {
  if (opened === null) throw new Error('open it first');
  const { used, context } = opened;
  Object.assign(used, { requests: 0, readUnits: 0, readKb: 0 });
  context.attention.latest = null;
  const before = process.cpuUsage();
  const sentKb = await work(context);
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1e3, ...used, sentKb };
};

/** Renders a page, and returns its cost. */
export const page = (path: string): Promise<Visit> =>
  measure(async (context) => {
    const { status, body = '' } = await replyTo(context, {
      method: 'GET',
      target: path,
      origin: 'http://127.0.0.1',
      headers: {},
      read: async () => new Uint8Array(),
    });
    if (status !== 200) throw new Error(`${path} was answered with ${status}`);
    return Buffer.byteLength(body) / 1e3;
  });

/** Runs a command in this process, and returns its cost without the start of a process. */
export const command = (line: string): Promise<Visit> =>
  measure(async ({ target }) => {
    const { out, err } = await cliOver(target)(line, { clock: () => at });
    if (out === '') throw new Error(`${line} printed nothing: ${err}`);
    return Buffer.byteLength(out) / 1e3;
  });

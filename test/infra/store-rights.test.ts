import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dynamoFeedStore } from '../../lib/adapters/feed-store-dynamo.ts';
import { dynamoGateStore } from '../../lib/adapters/gate-store-dynamo.ts';
import { dynamoLedger } from '../../lib/adapters/ledger-dynamo.ts';
import type { FeedStore, GateStore, Ledger } from '../../lib/core/ports.ts';
import { readResources } from '../../local/embedded/cloudformation.ts';
import { anyone } from '../../local/embedded/dynamo.ts';
import { dropAnswers } from '../support/dropped-answers.ts';
import { type EmbeddedTables, startTables } from '../support/embedded-tables.ts';
import { aFeedRow, aGateRow, anEntryRow } from '../support/store-rows.ts';

let tables: EmbeddedTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

type Stores = { ledger: Ledger; feeds: FeedStore; gate: GateStore };
type Use = (stores: Stores) => Promise<unknown>;

/** What each function's job asks of the stores. Every write is made twice, so that the second one loses. */
const uses: Record<string, Use[]> = {
  PollFeedsRole: [
    ({ ledger }) => ledger.read('k1'),
    ({ ledger }) => ledger.replace(anEntryRow({ rev: 2 })),
    ({ ledger }) => ledger.due({ shard: 'leases', until: 1, limit: 1 }),
    ({ feeds }) => feeds.schedule(),
    ({ feeds }) => feeds.setSlot('newsroom', { notBefore: 1 }),
    ({ feeds }) => feeds.tick(),
    ({ feeds }) => feeds.saveTick({ rev: 1, lastTick: 1, brands: [] }),
    ({ gate }) => gate.rows(),
    ({ gate }) => gate.put(aGateRow()),
    ({ gate }) => gate.remove(aGateRow()),
  ],
  IngestFeedsRole: [
    ({ ledger }) => ledger.read('k1'),
    ({ ledger }) => ledger.insert(anEntryRow()),
    ({ ledger }) => ledger.replace(anEntryRow({ rev: 2 })),
    ({ feeds }) => feeds.read('newsroom'),
    ({ feeds }) => feeds.save(aFeedRow()),
    ({ feeds }) => feeds.setSlot('newsroom', { notBefore: 1 }),
  ],
  ReceiveWebhookRole: [
    ({ ledger }) => ledger.read('k1'),
    ({ ledger }) => ledger.insert(anEntryRow()),
    ({ ledger }) => ledger.replace(anEntryRow({ rev: 2 })),
  ],
  CreateDraftRole: [
    ({ ledger }) => ledger.read('k1'),
    ({ ledger }) => ledger.replace(anEntryRow({ rev: 2 })),
    ({ gate }) => gate.rows(),
    ({ gate }) => gate.put(aGateRow()),
    ({ gate }) => gate.remove(aGateRow()),
  ],
};

type Asked = { TableName: string; IndexName?: string };

/** Everything that the uses of a role ask of DynamoDB, as `FeedsTable: dynamodb:GetItem`. */
const askedBy = async (todo: Use[]): Promise<string[]> => {
  const names = await tables.fresh();
  const client = new DynamoDBClient({ endpoint: tables.dynamo.endpoint, ...anyone });
  const asked = new Set<string>();
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        const { TableName, IndexName } = args.input as Asked;
        const place = TableName === names.ledger ? 'LedgerTable' : 'FeedsTable';
        const action = String(commandName).replace('Command', '');
        asked.add(`${place}${IndexName ? `/index/${IndexName}` : ''}: dynamodb:${action}`);
        return next(args);
      },
    { step: 'initialize' },
  );
  const stores: Stores = {
    ledger: dynamoLedger({ client, table: names.ledger }),
    feeds: dynamoFeedStore({ client, table: names.feeds }),
    gate: dynamoGateStore({ client, table: names.feeds }),
  };
  for (const use of todo) {
    dropAnswers(client, 1);
    await use(stores);
    await use(stores);
  }
  client.destroy();
  return [...asked].sort();
};

type Statement = { Action: string | string[]; Resource: unknown };
type Policy = { PolicyDocument: { Statement: Statement[] } };

/** `!GetAtt FeedsTable.Arn` is read as 'FeedsTable.Arn', `!Sub '${LedgerTable.Arn}/index/wake'` as its text. */
const placeOf = (resource: unknown): string => String(resource).replaceAll(/[${}]/g, '').replace(/\.Arn/, '');

const rightsOf = (role: string): string[] => {
  const { Policies = [] } = readResources('roles.yml', 'AWS::IAM::Role').get(role)?.Properties ?? {};
  const statements = (Policies as Policy[]).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  const rights = statements.flatMap(({ Action, Resource }) =>
    [Resource].flat().flatMap((one) => [Action].flat().map((action) => `${placeOf(one)}: ${action}`)),
  );
  return rights.filter((right) => right.includes(': dynamodb:')).sort();
};

test.each(Object.keys(uses))(
  '%s may do in DynamoDB what its function does there, losing races included, and no more',
  async (role) => {
    expect(await askedBy(uses[role] ?? [])).toEqual(rightsOf(role));
  },
);

import { dynamoFeedStore } from '../adapters/feed-store-dynamo.ts';
import { dynamoGateStore } from '../adapters/gate-store-dynamo.ts';
import { dynamoLedger } from '../adapters/ledger-dynamo.ts';
import type { Report } from '../core/events.ts';
import type { FeedStore, GateStore, Ledger } from '../core/ports.ts';
import { dynamoClient } from './aws-clients.ts';

type Tables = { feedsTable: string; ledgerTable: string };

/** The three stores over the two tables; rows that cannot be read are reported and left out. */
export const stores = (
  { feedsTable, ledgerTable }: Tables,
  report: Report,
): { ledger: Ledger; feedStore: FeedStore; gate: GateStore } => {
  const client = dynamoClient();
  const onCorrupt = (key: string, message: string) => report({ event: 'row.corrupt', key, message });
  return {
    ledger: dynamoLedger({ client, table: ledgerTable, onCorrupt }),
    feedStore: dynamoFeedStore({ client, table: feedsTable, onCorrupt }),
    gate: dynamoGateStore({ client, table: feedsTable }),
  };
};

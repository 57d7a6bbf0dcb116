import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoActivityStore } from '../adapters/aws/activity-store-dynamo.ts';
import { dynamoAlertStore } from '../adapters/aws/alert-store-dynamo.ts';
import { dynamoCircuitStore } from '../adapters/aws/circuit-store-dynamo.ts';
import { dynamoDeliveryStore } from '../adapters/aws/delivery-store-dynamo.ts';
import { dynamoFeedStore } from '../adapters/aws/feed-store-dynamo.ts';
import { dynamoLatestDrafts } from '../adapters/aws/latest-drafts-dynamo.ts';
import { dynamoLedger } from '../adapters/aws/ledger-dynamo.ts';
import { dynamoQuotaStore } from '../adapters/aws/quota-store-dynamo.ts';
import type { Report } from '../core/events.ts';
import type {
  ActivityStore,
  AlertStore,
  CircuitStore,
  DeliveryStore,
  FeedStore,
  LatestDrafts,
  Ledger,
  QuotaStore,
} from '../core/ports.ts';
import { boundedRetries, type ClientTimeouts, clientsBy } from './aws-client-config.ts';

const dynamoClient = clientsBy((patience) => new DynamoDBClient(patience));

type Tables = { feedsTable: string; ledgerTable: string };

const corruptTo = (report: Report) => (key: string, message: string) =>
  report({ event: 'row.corrupt', key, message });

/** The ledger, for callers that need no other store; rows that cannot be read are reported and left out of lists. */
export const ledgerIn = (
  { ledgerTable }: Pick<Tables, 'ledgerTable'>,
  report: Report,
  timeouts?: ClientTimeouts,
): Ledger =>
  dynamoLedger({ client: dynamoClient(timeouts), table: ledgerTable, onCorrupt: corruptTo(report) });

/** The alert store, for callers that raise or send alerts. */
export const alertsIn = ({ feedsTable }: Pick<Tables, 'feedsTable'>, report: Report): AlertStore =>
  dynamoAlertStore({ client: dynamoClient(), table: feedsTable, onCorrupt: corruptTo(report) });

/** The record of what people do, for the console. */
export const activitiesIn = ({ feedsTable }: Pick<Tables, 'feedsTable'>, report: Report): ActivityStore =>
  dynamoActivityStore({ client: dynamoClient(), table: feedsTable, onCorrupt: corruptTo(report) });

/** The delivery log, for callers that only record deliveries. */
export const deliveriesIn = ({ feedsTable }: Pick<Tables, 'feedsTable'>): DeliveryStore =>
  dynamoDeliveryStore({ client: dynamoClient(boundedRetries), table: feedsTable });

/** The stores of the two tables; rows that cannot be read are reported and left out. */
export const stores = (
  { feedsTable, ledgerTable }: Tables,
  report: Report,
): {
  ledger: Ledger;
  feedStore: FeedStore;
  circuits: CircuitStore;
  quotas: QuotaStore;
  latestDrafts: LatestDrafts;
} => {
  const client = dynamoClient();
  return {
    ledger: ledgerIn({ ledgerTable }, report),
    feedStore: dynamoFeedStore({ client, table: feedsTable, onCorrupt: corruptTo(report) }),
    circuits: dynamoCircuitStore({ client, table: feedsTable }),
    quotas: dynamoQuotaStore({ client, table: feedsTable }),
    latestDrafts: dynamoLatestDrafts({ client, table: feedsTable }),
  };
};

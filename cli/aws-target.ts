import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { dynamoActivityStore } from '../lib/adapters/aws/activity-store-dynamo.ts';
import { dynamoAlertStore } from '../lib/adapters/aws/alert-store-dynamo.ts';
import { dynamoCircuitStore } from '../lib/adapters/aws/circuit-store-dynamo.ts';
import { sqsSendDeliveries } from '../lib/adapters/aws/deliveries-sqs.ts';
import { dynamoDeliveryStore } from '../lib/adapters/aws/delivery-store-dynamo.ts';
import { dynamoFeedStore } from '../lib/adapters/aws/feed-store-dynamo.ts';
import { dynamoLatestDrafts } from '../lib/adapters/aws/latest-drafts-dynamo.ts';
import { dynamoLedger } from '../lib/adapters/aws/ledger-dynamo.ts';
import { sqsCountWakeUps, sqsSendFeeds, sqsSendWakeUps } from '../lib/adapters/aws/queues-sqs.ts';
import { dynamoQuotaStore } from '../lib/adapters/aws/quota-store-dynamo.ts';
import { sqsRedrive } from '../lib/adapters/aws/redrive-sqs.ts';
import type { QueueDepths } from '../lib/jobs/operator/read-health.ts';
import type { Target } from './target.ts';

/** `deliveriesSqs`: for the queues of events, if they are elsewhere. */
export type Clients = {
  dynamo: DynamoDBClient;
  sqs: SQSClient;
  deliveriesSqs?: SQSClient;
  secrets: SecretsManagerClient;
};

/** The names of the parts of a deployment, or of the service on this machine. */
export type Names = {
  feedsTable: string;
  ledgerTable: string;
  queueUrls: Record<keyof QueueDepths, string>;
  /** Null where events are off. */
  deliveryUrls: { queue: string; deadLetters: string } | null;
  dashSecretId: string;
  inboundSecretId: string;
  consoleSecretId: string | null;
};

/** The queues of events, if there are any. */
export const deliveryUrlsOf = (queue: string | undefined, deadLetters: string | undefined) =>
  queue === undefined || deadLetters === undefined ? null : { queue, deadLetters };

/** The stores over two tables. */
export const storesOver = (
  client: DynamoDBClient,
  { feedsTable, ledgerTable }: Pick<Names, 'feedsTable' | 'ledgerTable'>,
) => ({
  ledger: dynamoLedger({ client, table: ledgerTable }),
  feedStore: dynamoFeedStore({ client, table: feedsTable }),
  circuits: dynamoCircuitStore({ client, table: feedsTable }),
  quotas: dynamoQuotaStore({ client, table: feedsTable }),
  latestDrafts: dynamoLatestDrafts({ client, table: feedsTable }),
  activities: dynamoActivityStore({ client, table: feedsTable }),
  alerts: dynamoAlertStore({ client, table: feedsTable }),
  deliveries: dynamoDeliveryStore({ client, table: feedsTable }),
});

/** The part of a target that AWS or its emulators provide; closing it closes the clients. */
export const targetOver = (
  { dynamo, sqs, deliveriesSqs = sqs, secrets }: Clients,
  names: Names,
): Omit<Target, 'name' | 'where' | 'start' | 'config' | 'dashUrl' | 'libraryUrl' | 'site'> => {
  const { queueUrls, dashSecretId, inboundSecretId, consoleSecretId } = names;
  const eventQueues = names.deliveryUrls && {
    sendDeliveries: sqsSendDeliveries({ client: deliveriesSqs, queueUrl: names.deliveryUrls.queue }),
    redrive: sqsRedrive({
      client: deliveriesSqs,
      from: names.deliveryUrls.deadLetters,
      to: names.deliveryUrls.queue,
    }),
  };
  const depth = (queueUrl: string) => sqsCountWakeUps({ client: sqs, queueUrl })();
  return {
    isRunning: true,
    ...storesOver(dynamo, names),
    sendWakeUps: sqsSendWakeUps({ client: sqs, queueUrl: queueUrls.drafts }),
    sendFeeds: sqsSendFeeds({ client: sqs, queueUrl: queueUrls.feeds }),
    events: eventQueues,
    queueDepths: async () => ({
      feeds: await depth(queueUrls.feeds),
      feedsDeadLetters: await depth(queueUrls.feedsDeadLetters),
      drafts: await depth(queueUrls.drafts),
      draftsDeadLetters: await depth(queueUrls.draftsDeadLetters),
    }),
    vault: { client: secrets, dashSecretId, inboundSecretId, consoleSecretId },
    close: async () => {
      for (const client of [dynamo, sqs, deliveriesSqs, secrets]) client.destroy();
    },
  };
};

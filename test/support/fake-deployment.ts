import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { StageClients } from '../../cli/stage-target.ts';
import { dynamoLedger } from '../../lib/adapters/aws/ledger-dynamo.ts';
import { ourAccess } from '../../local/embedded/access.ts';
import { startSecrets } from '../../local/embedded/secrets.ts';
import { embeddedStack } from './embedded-world.ts';
import { fakeCloudFormation } from './fake-cloudformation.ts';

/** A deployment on 127.0.0.1: the stack's outputs lead to emulated tables, queues and secrets. */
export const fakeDeployment = async () => {
  const stack = await embeddedStack();
  const [tables, queues] = await Promise.all([stack.tables.fresh(), stack.freshQueues()]);
  const secrets = await startSecrets({ values: { 'arn:dash': 'a-token', 'arn:inbound': '{}' } });
  const outputs = {
    FeedsTableName: tables.feeds,
    LedgerTableName: tables.ledger,
    FeedsQueueUrl: queues.feeds,
    DraftsQueueUrl: queues.drafts,
    FeedsDeadLettersUrl: queues.feedsDeadLetters,
    DraftsDeadLettersUrl: queues.draftsDeadLetters,
    DashTokenSecret: 'arn:dash',
    InboundSecretsSecret: 'arn:inbound',
  };
  const { FeedsTableName: _, ...old } = outputs;
  const formation = await fakeCloudFormation({
    'rss-drafts-prod': outputs,
    'rss-drafts-qa': outputs,
    'rss-drafts-old': old,
  });
  const connect = (region: string): StageClients => ({
    cloudFormation: formation.client(),
    dynamo: new DynamoDBClient({ endpoint: stack.tables.dynamo.endpoint, ...ourAccess(), region }),
    sqs: new SQSClient({ endpoint: stack.sqsEndpoint, ...ourAccess(), region }),
    secrets: new SecretsManagerClient({ endpoint: secrets.endpoint, ...ourAccess(), region }),
  });
  const close = async () => {
    await formation.close();
    await secrets.close();
    await stack.close();
  };
  return {
    outputs,
    connect,
    close,
    ledger: dynamoLedger({ client: stack.tables.client, table: tables.ledger }),
  };
};

export type FakeDeployment = Awaited<ReturnType<typeof fakeDeployment>>;

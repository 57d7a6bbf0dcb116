import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { liveStage } from '../lib/core/config/stages.ts';
import { type ChangeReader, startChangeReader } from './change-reader.ts';
import type { Closers } from './closers.ts';
import type { Deployed } from './deployment.ts';
import { ourAccess } from './embedded/access.ts';
import { startDynamo } from './embedded/dynamo.ts';
import { startSecrets } from './embedded/secrets.ts';
import { startDeliveries, startSqs } from './embedded/sqs.ts';
import { type Functions, startFunctions } from './functions.ts';
import { type Fault, type Pump, startPump } from './pump.ts';
import { openQueue } from './queue.ts';

/** AWS on this machine. */
type Cloud = Awaited<ReturnType<typeof openCloud>>;

const tokenSecretId = 'dash-token';
const inboundSecretId = 'inbound-secrets';

/**
 * Opens DynamoDB on the data folder, which locks it, SQS and Secrets Manager. Throws config `local.already-running`.
 */
export async function openCloud(data: string, opened: Closers, { events = false } = {}) {
  const dynamo = opened.keep(await startDynamo({ dataDir: data, recording: events }));
  const sqs = opened.keep(await startSqs());
  const deliveries = events ? opened.keep(await startDeliveries(join(data, 'deliveries'))) : null;
  const secrets = opened.keep(await startSecrets());
  const access = ourAccess();
  const clients = {
    dynamo: new DynamoDBClient({ endpoint: dynamo.endpoint, ...access }),
    sqs: new SQSClient({ endpoint: sqs.endpoint, ...access }),
    /** Of the deliveries' own emulator, if there is one. */
    deliveriesSqs: new SQSClient({ endpoint: deliveries?.endpoint ?? sqs.endpoint, ...access }),
  };
  opened.keep({ close: () => Object.values(clients).forEach((client) => void client.destroy()) });

  return {
    ...clients,
    tables: dynamo.tables,
    queueUrls: sqs.queueUrls,
    /** Changes and deliveries of events; null without `events:` in feeds.yml. */
    changes: dynamo.changes,
    deliveries: deliveries?.queueUrls ?? null,
    putToken: (token: string) => secrets.put(tokenSecretId, token),
    /** Secrets of webhooks and of feeds with a login, by name. */
    putInbound: (values: Record<string, string>) => secrets.put(inboundSecretId, JSON.stringify(values)),
    /** The variables that the template and Lambda would give a function. */
    environment: {
      STAGE: liveStage, // everything runs as on prod, except where drafts go
      FEEDS_TABLE: dynamo.tables.feeds,
      LEDGER_TABLE: dynamo.tables.ledger,
      FEEDS_QUEUE_URL: sqs.queueUrls.feeds,
      DRAFTS_QUEUE_URL: sqs.queueUrls.drafts,
      ENRICH_QUEUE_URL: sqs.queueUrls.enrich,
      FEEDS_DEAD_LETTERS_URL: sqs.queueUrls.feedsDeadLetters,
      DRAFTS_DEAD_LETTERS_URL: sqs.queueUrls.draftsDeadLetters,
      ...(deliveries !== null && {
        DELIVERIES_QUEUE_URL: deliveries.queueUrls.queue,
        DELIVERIES_DEAD_LETTERS_URL: deliveries.queueUrls.deadLetters,
      }),
      DASH_TOKEN_SECRET_ID: tokenSecretId,
      INBOUND_SECRET_ID: inboundSecretId,
      DRAFT_WORKERS: '1', // one thread runs all of create-draft, and has the whole rate
      AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
      AWS_ENDPOINT_URL_SQS: sqs.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
      AWS_REGION: access.region,
      AWS_ACCESS_KEY_ID: access.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: access.credentials.secretAccessKey,
    },
  };
}

/** Starts the functions with this environment; unchanged polls are logged too, because the log costs nothing here. */
export function openFunctions(
  deployment: Deployed[],
  environment: Record<string, string>,
  onLog: (line: string) => void,
): Functions {
  const files = Object.fromEntries(deployment.map(({ name, ...fn }) => [name, fn]));
  const logging = { POWERTOOLS_SERVICE_NAME: 'local', POWERTOOLS_LOG_LEVEL: 'DEBUG' };
  return startFunctions({ files, env: { ...inherited(), ...logging, ...environment }, onLog });
}

/** The user's environment without their token, and without variables that lead an SDK to their AWS account. */
const inherited = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(AWS|POWERTOOLS|DASH|DRAFT|ALERTS|CLI)_/.test(name)),
  );

type QueuesOfCloud = Pick<Cloud, 'sqs' | 'deliveriesSqs' | 'queueUrls' | 'changes' | 'deliveries'>;

/** Feeds the functions from their queues, according to their mappings. */
export async function openPump(
  deployment: Deployed[],
  functions: Functions,
  { sqs, deliveriesSqs, queueUrls, changes, deliveries }: QueuesOfCloud,
  onFault: (fault: Fault) => void,
): Promise<Pump> {
  const urls: Record<string, string | undefined> = {
    FeedsQueue: queueUrls.feeds,
    DraftsQueue: queueUrls.drafts,
    EnrichQueue: queueUrls.enrich,
    DeliveriesQueue: deliveries?.queue,
  };
  const fed = deployment.flatMap(({ name, queue }) => {
    const url = urls[queue?.id ?? ''];
    return queue && url !== undefined ? [{ name, url, ...queue }] : [];
  });
  const mappings = fed.map(async ({ name, id: _, url, ...how }) => ({
    ...how,
    fn: name,
    hidesMessages: name === 'deliverEvents',
    run: (event: unknown) => functions.call(name, event),
    queue: await openQueue(url === deliveries?.queue ? deliveriesSqs : sqs, url),
  }));
  const pump = startPump({ mappings: await Promise.all(mappings), now: Date.now, onFault });
  if (changes === null) return pump;
  return withChanges(
    pump,
    startChangeReader({ log: changes, run: (event) => functions.call('sendEvents', event), onFault }),
  );
}

/** A pump that also hands on the events of what its functions change. */
const withChanges = (pump: Pump, reader: ChangeReader): Pump => ({
  untilIdle: async () => {
    await pump.untilIdle();
    await reader.untilIdle();
    await pump.untilIdle();
  },
  close: async (graceMs) => {
    await reader.close();
    await pump.close(graceMs);
  },
});

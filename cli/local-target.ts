import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import type { Config } from '../lib/core/config/config.ts';
import { misconfigured } from '../lib/core/errors.ts';
import { once } from '../lib/core/once.ts';
import { unpackConfig } from '../lib/packed-config.ts';
import { clientTimeouts } from '../lib/services/aws-client-config.ts';
import { readIfThere } from '../local/atomic-file.ts';
import { ourAccess } from '../local/embedded/access.ts';
import { isAlive } from '../local/embedded/data-lock.ts';
import { startDynamo } from '../local/embedded/dynamo.ts';
import { startAgain } from '../local/last-start.ts';
import { readUserConfig } from '../local/user-config.ts';
import { deliveryUrlsOf, type Names, storesOver, targetOver } from './aws-target.ts';
import { notRunning, type Target, type TargetOptions, whereOf } from './target.ts';

const Owner = v.object({ pid: v.number() });

/** The `running.json` that `npm start` writes. */
const Running = v.object({
  ...Owner.entries,
  site: v.string(),
  FEEDS_FILE: v.string(),
  FEEDS_TABLE: v.string(),
  LEDGER_TABLE: v.string(),
  FEEDS_QUEUE_URL: v.string(),
  DRAFTS_QUEUE_URL: v.string(),
  FEEDS_DEAD_LETTERS_URL: v.string(),
  DRAFTS_DEAD_LETTERS_URL: v.string(),
  AWS_ENDPOINT_URL_DYNAMODB: v.string(),
  AWS_ENDPOINT_URL_SQS: v.string(),
  AWS_ENDPOINT_URL_SECRETS_MANAGER: v.string(),
  DELIVERIES_QUEUE_URL: v.optional(v.string()),
  DELIVERIES_DEAD_LETTERS_URL: v.optional(v.string()),
  DASH_TOKEN_SECRET_ID: v.string(),
  INBOUND_SECRET_ID: v.string(),
  AWS_REGION: v.string(),
  AWS_ACCESS_KEY_ID: v.string(),
  AWS_SECRET_ACCESS_KEY: v.string(),
  DASH_URL: v.optional(v.string()),
  DASH_LIBRARY_URL: v.optional(v.string()),
});
type Running = v.InferOutput<typeof Running>;

const readJson = (file: string): unknown => {
  const text = readIfThere(file);
  try {
    return JSON.parse(text ?? 'null');
  } catch (cause) {
    throw misconfigured(
      'local.running-damaged',
      `${file} is damaged. Stop npm start if it is running in this folder, then delete the file.`,
      { cause },
    );
  }
};

/** The service running in a data folder; null when it is not running. Throws config `local.other-release` and `local.running-damaged`. */
export const readRunning = (data: string): Running | null => {
  const file = join(data, 'running.json');
  const written = readJson(file);
  if (!v.is(Owner, written) || !isAlive(written.pid)) return null; // a crash leaves the file behind
  const running = v.safeParse(Running, written);
  if (running.success) return running.output;
  throw misconfigured(
    'local.other-release',
    `Process ${written.pid} runs another release in ${data}. Stop it and start it again. If it is another program, delete ${file}.`,
  );
};

/**
 * The service running in a data folder, or its data when it is not running. Throws config
 * `local.nothing-there` and `local.already-running`.
 */
export const openLocalTarget = async (options: TargetOptions): Promise<Target> => {
  const running = readRunning(options.data);
  return running ? besideRunning(options, running) : atRest(options);
};

const besideRunning = (options: TargetOptions, running: Running): Target => {
  const at = (endpoint: string) => ({ endpoint, ...accessIn(running), ...clientTimeouts });
  const clients = {
    dynamo: new DynamoDBClient(at(running.AWS_ENDPOINT_URL_DYNAMODB)),
    sqs: new SQSClient(at(running.AWS_ENDPOINT_URL_SQS)),
    ...(running.DELIVERIES_QUEUE_URL !== undefined && {
      deliveriesSqs: new SQSClient(at(new URL(running.DELIVERIES_QUEUE_URL).origin)),
    }),
    secrets: new SecretsManagerClient(at(running.AWS_ENDPOINT_URL_SECRETS_MANAGER)),
  };
  return {
    name: options.data,
    where: whereOf(options),
    start: startAgain(options),
    config: once(() => readConfigOf(options, running.FEEDS_FILE)),
    dashUrl: running.DASH_URL ?? null,
    libraryUrl: running.DASH_LIBRARY_URL ?? null,
    site: running.site,
    ...targetOver(clients, namesIn(running)),
  };
};

const accessIn = (running: Running) => ({
  region: running.AWS_REGION,
  credentials: { accessKeyId: running.AWS_ACCESS_KEY_ID, secretAccessKey: running.AWS_SECRET_ACCESS_KEY },
});

const namesIn = (running: Running): Names => ({
  feedsTable: running.FEEDS_TABLE,
  ledgerTable: running.LEDGER_TABLE,
  queueUrls: {
    feeds: running.FEEDS_QUEUE_URL,
    drafts: running.DRAFTS_QUEUE_URL,
    feedsDeadLetters: running.FEEDS_DEAD_LETTERS_URL,
    draftsDeadLetters: running.DRAFTS_DEAD_LETTERS_URL,
  },
  deliveryUrls: deliveryUrlsOf(running.DELIVERIES_QUEUE_URL, running.DELIVERIES_DEAD_LETTERS_URL),
  dashSecretId: running.DASH_TOKEN_SECRET_ID,
  inboundSecretId: running.INBOUND_SECRET_ID,
  consoleSecretId: null, // in the file of this machine
});

/** Its queues are in memory; waiting entries are woken by the next start. */
const atRest = async (options: TargetOptions): Promise<Target> => {
  const { data } = options;
  if (!existsSync(join(data, 'dynamodb')))
    throw misconfigured(
      'local.nothing-there',
      `There is no data in ${data} yet. Start with ${startAgain(options)}, or name another folder with --data or a deployed stage with --stage.`,
    );
  const embedded = await startDynamo({ dataDir: data });
  const dynamo = new DynamoDBClient({ endpoint: embedded.endpoint, ...ourAccess(), ...clientTimeouts });
  const target = { name: data, where: whereOf(options), start: startAgain(options) };
  return {
    ...target,
    isRunning: false,
    config: once(() => readConfigOf(options, join(data, 'feeds.json'))),
    ...storesOver(dynamo, { feedsTable: embedded.tables.feeds, ledgerTable: embedded.tables.ledger }),
    sendWakeUps: async () => {},
    sendFeeds: async () => {
      throw notRunning(target);
    },
    events: null,
    queueDepths: async () => null,
    vault: null,
    dashUrl: null,
    libraryUrl: null,
    site: null,
    close: async () => {
      dynamo.destroy();
      await embedded.close();
    },
  };
};

/** From --config; else from the running or last run; else from feeds.yml in this folder. */
const readConfigOf = ({ config }: TargetOptions, packed: string): Config => {
  const text = config === undefined ? readIfThere(packed) : null;
  return text === null ? readUserConfig(config ?? 'feeds.yml') : unpackConfig(text);
};

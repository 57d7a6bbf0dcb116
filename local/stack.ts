import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { dynamoLedger } from '../lib/adapters/ledger-dynamo.ts';
import { sqsSendWakeUps } from '../lib/adapters/queues-sqs.ts';
import type { Config } from '../lib/core/config.ts';
import type { Ledger } from '../lib/core/ports.ts';
import { packConfig } from '../lib/packed-config.ts';
import { writeAtomically } from './atomic-file.ts';
import { type Closers, closers } from './closers.ts';
import { demoConfig } from './demo/config.ts';
import { openPublisher, type Publisher } from './demo/publisher.ts';
import { readDeployment } from './deployment.ts';
import { anyone, startDynamo } from './embedded/dynamo.ts';
import { startSecrets } from './embedded/secrets.ts';
import { startSqs } from './embedded/sqs.ts';
import { type Following, follow, type Tell } from './follow.ts';
import { type Functions, startFunctions } from './functions.ts';
import { openLog } from './log-file.ts';
import { movedTarget } from './moved-target.ts';
import type { Options, Target } from './options.ts';
import { type Fault, type Pump, startPump } from './pump.ts';
import { openQueue } from './queue.ts';
import { startSandbox } from './sandbox/start-sandbox.ts';
import { openSite } from './site.ts';
import { readUserConfig } from './user-config.ts';
import { wakeLost } from './wake-lost.ts';

/** Everything that runs on a laptop in place of AWS, Dash Social and, in the demo, a publisher. */
export type Stack = {
  config: Config;
  siteUrl: string;
  /** Null unless this is the demo. */
  publisher: Publisher | null;
  /** What has happened here so far. */
  following: Following;
  ledger: Ledger;
  functions: Functions;
  pump: Pump;
  /** Ends what is at work, then closes everything. */
  close: () => Promise<void>;
};

/**
 * Opens the whole stack on 127.0.0.1 over the data folder, and says in its `running.json` where all is. Throws
 * config `config.*` for a wrong feeds.yml, `local.already-running` when the folder is in use, `local.port-busy`;
 * what was open by then is closed again. `tell` is given a line for a person whenever something happens.
 */
export async function openStack(options: Options, tell: Tell): Promise<Stack> {
  const opened = closers();
  try {
    return await open(options, tell, opened);
  } catch (error) {
    await opened.closeAll();
    throw error;
  }
}

async function open(options: Options, tell: Tell, opened: Closers): Promise<Stack> {
  if (options.config !== null) readUserConfig(options.config); // the likeliest thing to be wrong, so before all else
  const cloud = await openCloud(options.data, opened);
  const feeds = await openFeeds(options, opened);
  const dash = await openDash(options, feeds.config, opened);
  const warning = movedTarget(options.data, options.target);
  if (warning !== null) tell(warning, true);
  const secrets = opened.keep(await startSecrets({ values: { [secretId]: dash.token } }));

  const place = {
    FEEDS_FILE: feeds.packed,
    FEEDS_TABLE: cloud.tables.feeds,
    LEDGER_TABLE: cloud.tables.ledger,
    FEEDS_QUEUE_URL: cloud.queueUrls.feeds,
    DRAFTS_QUEUE_URL: cloud.queueUrls.drafts,
    DASH_TOKEN_SECRET_ID: secretId,
    ...(dash.url !== null && { DASH_URL: dash.url }),
    AWS_ENDPOINT_URL_DYNAMODB: cloud.dynamoUrl,
    AWS_ENDPOINT_URL_SQS: cloud.sqsUrl,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
  };
  opened.keep(
    announce(join(options.data, 'running.json'), { pid: process.pid, site: feeds.siteUrl, ...place }),
  );
  const ledger = dynamoLedger({ client: cloud.dynamo, table: cloud.tables.ledger });
  const ids = feeds.config.feeds.map(({ id }) => id);
  const following = follow(ids, ledger, tell);
  const keep = openLog(join(options.data, 'log.jsonl'));
  const onLog = (line: string) => {
    keep(line);
    following.onLog(line);
  };
  const functions = opened.keep(openFunctions(place, onLog));
  const send = sqsSendWakeUps({ client: cloud.sqs, queueUrl: cloud.queueUrls.drafts });
  await wakeLost(brandsOf(feeds.config), Date.now(), { due: ledger.due, send });
  const pump = opened.keep(await openPump(functions, cloud, following.onFault));
  return { ...feeds, following, ledger, functions, pump, close: opened.closeAll };
}

type Cloud = Awaited<ReturnType<typeof openCloud>>;

/** DynamoDB first: it locks the folder. */
async function openCloud(data: string, opened: Closers) {
  const dynamo = opened.keep(await startDynamo({ dataDir: data }));
  const sqs = opened.keep(await startSqs());
  const clients = {
    dynamo: new DynamoDBClient({ endpoint: dynamo.endpoint, ...anyone }),
    sqs: new SQSClient({ endpoint: sqs.endpoint, ...anyone }),
  };
  opened.keep({ close: () => Object.values(clients).forEach((client) => void client.destroy()) });
  return {
    ...clients,
    tables: dynamo.tables,
    queueUrls: sqs.queueUrls,
    dynamoUrl: dynamo.endpoint,
    sqsUrl: sqs.endpoint,
  };
}

/** The user's feeds, or the demo's publisher and a feeds.yml for it. */
async function openFeeds({ config: userFile, data, port }: Options, opened: Closers) {
  const publisher =
    userFile === null ? openPublisher({ stateFile: join(data, 'demo.json'), now: Date.now }) : null;
  const site = opened.keep(await openSite(publisher ? [publisher.answer] : [], port));
  const demoFile = join(data, 'demo-feeds.yml');
  if (userFile === null) writeAtomically(demoFile, demoConfig(site.url));
  const config = readUserConfig(userFile ?? demoFile);
  const packed = resolve(data, 'feeds.json'); // what the build would put beside each bundle
  writeAtomically(packed, packConfig(config));
  return { packed, config, publisher, siteUrl: site.url };
}

const secretId = 'dash-token';

/** Where drafts go, and the token for it. */
async function openDash({ target, data }: { target: Target; data: string }, config: Config, opened: Closers) {
  if (target.kind === 'dash') return target;
  const token = 'for-the-sandbox-only';
  const brands = brandsOf(config);
  const sandbox = opened.keep(await startSandbox({ token, brands, stateFile: join(data, 'sandbox.jsonl') }));
  return { url: sandbox.url, token };
}

const brandsOf = ({ feeds }: Config): number[] => [
  ...new Set(feeds.flatMap(({ brandId, post }) => [brandId, ...others(post.duplicate_to_brand_ids)])),
];

const others = (ids: unknown): number[] => (Array.isArray(ids) ? ids : []);

function openFunctions(place: Record<string, string>, onLog: (line: string) => void): Functions {
  const files = Object.fromEntries(readDeployment().map(({ name, ...fn }) => [name, fn]));
  return startFunctions({ files, env: { ...inherited(), ...fixed, ...place }, onLog });
}

const fixed = {
  AWS_REGION: anyone.region,
  AWS_ACCESS_KEY_ID: anyone.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: anyone.credentials.secretAccessKey,
  POWERTOOLS_SERVICE_NAME: 'local',
  POWERTOOLS_LOG_LEVEL: 'DEBUG', // unchanged polls too: the log is a file here
};

/** The user's environment without their token, and without what would lead an SDK to their real AWS account. */
const inherited = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS|POWERTOOLS|DASH)_/.test(name)));

async function openPump(functions: Functions, cloud: Cloud, onFault: (fault: Fault) => void): Promise<Pump> {
  const urls: Record<string, string> = {
    FeedsQueue: cloud.queueUrls.feeds,
    DraftsQueue: cloud.queueUrls.drafts,
  };
  const fed = readDeployment().flatMap(({ name, queue }) => (queue ? [{ name, ...queue }] : []));
  const mappings = fed.map(async ({ name, id, ...how }) => ({
    ...how,
    fn: name,
    run: (event: unknown) => functions.call(name, event),
    queue: await openQueue(cloud.sqs, urls[id] ?? ''),
  }));
  return startPump({ mappings: await Promise.all(mappings), now: Date.now, onFault });
}

function announce(file: string, running: object) {
  writeAtomically(file, `${JSON.stringify(running, null, 2)}\n`);
  return { close: () => rmSync(file, { force: true }) };
}

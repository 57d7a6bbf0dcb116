import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { readConfig } from '../../lib/config.ts';
import type { Config } from '../../lib/core/config/config.ts';
import { liveStage } from '../../lib/core/config/stages.ts';
import { packConfig } from '../../lib/packed-config.ts';
import { closers } from '../../local/closers.ts';
import { readDeployment } from '../../local/deployment.ts';
import { ourAccess } from '../../local/embedded/access.ts';
import { startDynamo } from '../../local/embedded/dynamo.ts';
import { startSecrets } from '../../local/embedded/secrets.ts';
import { startSqs } from '../../local/embedded/sqs.ts';
import { openQueue, type Queue } from '../../local/queue.ts';
import { startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { bundleAll } from '../../scripts/bundle.ts';
import { functionMemory } from '../../scripts/function-memory.ts';
import { type Farm, type FarmOptions, startFarm } from './feed-farm.ts';
import { type FunctionProcess, type Invocation, startFunction } from './function-process.ts';
import { startMeter, type Tally } from './meter.ts';

/** One invocation, with the requests it caused. */
export type Measured = Omit<Invocation, 'answer' | 'printed'> & {
  response: unknown;
  logBytes: number;
  /** Names of the metrics that it sent. */
  metrics: string[];
  asked: Tally;
  /** Requests to feeds, and bytes sent: request headers to sites, and bodies of posts to Dash Social. */
  sites: { requests: number; bytes: number };
};

/** A number of feeds, and the deployed functions on embedded services whose requests are counted. */
export type Fleet = {
  config: Config;
  farm: Farm;
  tick: (at: number) => Promise<Measured>;
  ingest: (feeds: string[]) => Promise<Measured>;
  draft: (records: SQSRecord[]) => Promise<Measured>;
  receive: (event: unknown) => Promise<Measured>;
  /** Receives the waiting messages of a queue. */
  drain: (queue: 'feeds' | 'drafts') => Promise<SQSRecord[]>;
  close: () => Promise<void>;
};

/** `dashLatencyMs`: the response time of Dash Social. `every`: the polling interval of each feed, by default 1h. */
type FleetOptions = FarmOptions & { dashLatencyMs?: number; every?: string };

const brand = 144;
export const webhookSecret = 'a benchmark secret';

/** The ID of a feed by its number. */
export const idOf = (feed: number) => `feed-${feed}`;

const feedsYml = (farm: Farm, { feeds, every = '1h' }: FleetOptions) => `dash: { rate_per_minute: 1000 }
defaults: { brand_id: ${brand}, every: ${every}, allow_private: true }
feeds:
${Array.from({ length: feeds }, (_, n) => `  ${idOf(n)}: { url: "${farm.urlOf(n)}" }`).join('\n')}
webhooks:
  blog:
    from: generic
    secret_name: blog
    brand_id: ${brand}
    verify: { hmac: sha256, header: x-signature, encoding: hex, prefix: "sha256=", signed: "{timestamp}.{body}", timestamp_header: x-timestamp, unit: s }
    map: { id: "id", title: "title", link: "link", summary: "summary" }
  ghost: { from: ghost, secret_name: blog, brand_id: ${brand} }
`;

/** Names of the metrics in a function's output, one JSON line each (CloudWatch's embedded metric format). */
const metricsIn = (printed: string): string[] =>
  printed
    .split('\n')
    .filter((line) => line.includes('"_aws"'))
    .flatMap((line) => JSON.parse(line)._aws.CloudWatchMetrics as { Metrics: { Name: string }[] }[])
    .flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));

const drained = async (queue: Queue): Promise<SQSRecord[]> => {
  const taken: SQSRecord[] = [];
  while ((await queue.depth()) > 0) {
    const records = await queue.receive(10, AbortSignal.timeout(5_000));
    await queue.remove(records);
    taken.push(...records);
  }
  return taken;
};

const record = (body: unknown, n: number) => ({
  messageId: `m${n}`,
  receiptHandle: `r${n}`,
  body: JSON.stringify(body),
  attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()) },
});

/** Opens everything on loopback; `close` cleans up everything. */
export const openFleet = async (options: FleetOptions): Promise<Fleet> => {
  const opened = closers();
  try {
    return await open(options, opened);
  } catch (error) {
    await opened.closeAll();
    throw error;
  }
};

type Opened = ReturnType<typeof closers>;

/** The emulators behind the meter, and the environment variables that point to them. */
const openServices = async (opened: Opened, dashLatencyMs: number) => {
  const dynamo = opened.keep(await startDynamo());
  const sqs = opened.keep(await startSqs());
  const values = { 'dash-token': 'a-token', inbound: JSON.stringify({ blog: webhookSecret }) };
  const secrets = opened.keep(await startSecrets({ values }));
  const rateLimit = 1_000_000;
  const sandbox = opened.keep(await startSandbox({ token: 'a-token', brands: [brand], rateLimit }));
  if (dashLatencyMs > 0) sandbox.fail({ kind: 'slow', ms: dashLatencyMs, on: 'create' });
  const meter = opened.keep(startMeter());
  const queues = await meter.endpoint(sqs.endpoint);
  const metered = (url: string) => url.replace(sqs.endpoint, queues); // the SDK uses the host of a queue's URL
  const env = {
    FEEDS_TABLE: dynamo.tables.feeds,
    LEDGER_TABLE: dynamo.tables.ledger,
    FEEDS_QUEUE_URL: metered(sqs.queueUrls.feeds),
    DRAFTS_QUEUE_URL: metered(sqs.queueUrls.drafts),
    DASH_TOKEN_SECRET_ID: 'dash-token',
    INBOUND_SECRET_ID: 'inbound',
    DASH_URL: sandbox.url,
    AWS_ENDPOINT_URL_DYNAMODB: await meter.endpoint(dynamo.endpoint),
    AWS_ENDPOINT_URL_SQS: queues,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: await meter.endpoint(secrets.endpoint),
    AWS_REGION: ourAccess().region,
    AWS_ACCESS_KEY_ID: ourAccess().credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ourAccess().credentials.secretAccessKey,
  };
  return { sqs, sandbox, meter, env };
};

/** The bundles, and the packed feeds next to them. */
const openBundles = async (opened: Opened, config: Config) => {
  const dir = await mkdtemp(join(tmpdir(), 'fleet-'));
  opened.keep({ close: () => rm(dir, { recursive: true, force: true }) });
  const feedsFile = join(dir, 'feeds.json');
  await writeFile(feedsFile, packConfig(config));
  await bundleAll(join(dir, 'bundles'), '');
  const fileOf = (name: string) => {
    const bundle = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return join(dir, 'bundles', bundle, 'index.js');
  };
  return { feedsFile, fileOf };
};

/** Starts a function on first use, and keeps it running. */
const functionsOf = (opened: Opened, fileOf: (name: string) => string, env: Record<string, string>) => {
  const started = new Map<string, Promise<FunctionProcess>>();
  opened.keep({
    close: async () => void (await Promise.all([...started.values()].map(async (fn) => (await fn).close()))),
  });
  return (name: string): Promise<FunctionProcess> => {
    const timeoutMs = readDeployment().find((fn) => fn.name === name)?.timeoutMs ?? 0;
    const limits = { timeoutMs, memoryMb: functionMemory()[name] ?? 0 };
    const running = started.get(name) ?? startFunction({ name, file: fileOf(name), ...limits }, env);
    started.set(name, running);
    return running;
  };
};

const open = async (options: FleetOptions, opened: Opened): Promise<Fleet> => {
  const farm = opened.keep(await startFarm(options));
  const { sqs, sandbox, meter, env } = await openServices(opened, options.dashLatencyMs ?? 0);
  const config = readConfig(feedsYml(farm, options), 'feeds.yml');
  const { feedsFile, fileOf } = await openBundles(opened, config);
  const functionOf = functionsOf(opened, fileOf, {
    ...env,
    PATH: process.env.PATH ?? '',
    STAGE: liveStage,
    POWERTOOLS_SERVICE_NAME: 'rss-drafts-bench',
    POWERTOOLS_LOG_LEVEL: 'INFO',
    FEEDS_FILE: feedsFile,
  });

  const run = async (name: string, event: unknown): Promise<Measured> => {
    const fn = await functionOf(name);
    meter.take();
    farm.take();
    const before = sandbox.requests().length;
    const { printed, ...invocation } = await fn.invoke(event);
    const told = { logBytes: Buffer.byteLength(printed), metrics: metricsIn(printed) };
    const posted = sandbox.requests().slice(before);
    const sites = farm.take();
    sites.bytes += posted.reduce((sum, { raw }) => sum + Buffer.byteLength(raw), 0);
    return { ...invocation, ...told, asked: meter.take(), sites };
  };

  const client = new SQSClient({ endpoint: sqs.endpoint, ...ourAccess() });
  opened.keep({ close: () => client.destroy() });
  return {
    config,
    farm,
    tick: (at) => run('pollFeeds', { scheduledTime: new Date(at).toISOString() }),
    ingest: (feeds) => run('ingestFeeds', { Records: [record({ feeds }, 0)] }),
    draft: (records) => run('createDraft', { Records: records }),
    receive: (event) => run('receiveWebhook', event),
    drain: async (queue) => drained(await openQueue(client, sqs.queueUrls[queue])),
    close: opened.closeAll,
  };
};

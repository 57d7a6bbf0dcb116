import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dynamoLedger } from '../../lib/adapters/ledger-dynamo.ts';
import { sqsCountWakeUps } from '../../lib/adapters/queues-sqs.ts';
import { packConfig } from '../../lib/packed-config.ts';
import { anyone } from '../../local/embedded/dynamo.ts';
import { startSecrets } from '../../local/embedded/secrets.ts';
import { startSqs } from '../../local/embedded/sqs.ts';
import { startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { bundleAll } from '../../scripts/bundle.ts';
import { type EmbeddedTables, startTables } from '../support/embedded-tables.ts';
import { feedOf, rowOf } from '../support/entries.ts';
import { type LambdaProcess, startLambda } from '../support/lambda-process.ts';
import { sqsEvent } from '../support/sqs-event.ts';

// The bundles as they are deployed, in processes of their own, under the client that runs them on Lambda.

const document = `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
  <item><guid>1</guid><link>https://www.example.com/1</link><title>One</title></item></channel></rss>`;

const serveFeed = async () => {
  const server = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(document),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed.xml`, server };
};

let dir: string;
let tables: EmbeddedTables;
let sqs: Awaited<ReturnType<typeof startSqs>>;
let secrets: Awaited<ReturnType<typeof startSecrets>>;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let feed: Awaited<ReturnType<typeof serveFeed>>;
let running: LambdaProcess | null = null;

beforeAll(async () => {
  [tables, sqs, secrets, sandbox, feed, dir] = await Promise.all([
    startTables(),
    startSqs(),
    startSecrets({ values: { 'dash-token': 'a-token' } }),
    startSandbox({ token: 'a-token', brands: [144] }),
    serveFeed(),
    mkdtemp(join(tmpdir(), 'bundles-')),
  ]);
  const newsroom = feedOf({ url: feed.url, allowPrivate: true, backfill: 1 });
  const dash = { lookUp: false, ratePerMinute: 300 };
  await bundleAll(dir, packConfig({ timezone: 'UTC', dash, feeds: [newsroom], webhooks: [] }));
});
afterAll(async () => {
  feed.server.close();
  await Promise.all([tables.close(), sqs.close(), secrets.close(), sandbox.close()]);
  await rm(dir, { recursive: true, force: true });
});
afterEach(async () => {
  await running?.stop();
  running = null;
});

const start = async (name: string, archive: string, ledger: string, feeds: string) => {
  running = await startLambda({
    name,
    dir: join(dir, archive),
    timeoutMs: 120_000,
    env: {
      AWS_ENDPOINT_URL_DYNAMODB: tables.dynamo.endpoint,
      AWS_ENDPOINT_URL_SQS: sqs.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
      POWERTOOLS_SERVICE_NAME: 'rss-drafts-test',
      FEEDS_TABLE: feeds,
      LEDGER_TABLE: ledger,
      FEEDS_QUEUE_URL: sqs.queueUrls.feeds,
      DRAFTS_QUEUE_URL: sqs.queueUrls.drafts,
      DASH_TOKEN_SECRET_ID: 'dash-token',
      DASH_URL: sandbox.url,
    },
  });
  await running.ready;
  return running;
};

const waiting = (queueUrl: string) =>
  sqsCountWakeUps({ client: new SQSClient({ endpoint: sqs.endpoint, ...anyone }), queueUrl })();

describe("a bundle under AWS's runtime client", () => {
  it('polls: sends the feed that has never been polled, and tells of its tick', async () => {
    const { ledger, feeds } = await tables.fresh();
    const lambda = await start('pollFeeds', 'poll-feeds', ledger, feeds);

    const outcome = await lambda.invoke({ scheduledTime: '2026-11-22T11:05:00Z' });

    expect(outcome).toEqual({ answer: null });
    expect(await waiting(sqs.queueUrls.feeds)).toBe(1);
    expect(lambda.printed()).toContain('"message":"tick.done"');
    expect(lambda.printed()).toContain('"Ticks":1');
  });

  it('ingests: fetches the feed, keeps its entry and wakes it', async () => {
    const { ledger, feeds } = await tables.fresh();
    const lambda = await start('ingestFeeds', 'ingest-feeds', ledger, feeds);

    const outcome = await lambda.invoke(sqsEvent([{ feeds: ['newsroom'] }]));

    expect(outcome).toEqual({ answer: { batchItemFailures: [] } });
    expect(await waiting(sqs.queueUrls.drafts)).toBe(1);
    const rows = [];
    for await (const row of dynamoLedger({ client: tables.client, table: ledger }).all()) rows.push(row);
    expect(rows).toMatchObject([{ state: 'queued', title: 'One' }]);
  });

  it('drafts: posts the queued row with the token of the secret', async () => {
    const { ledger, feeds } = await tables.fresh();
    const store = dynamoLedger({ client: tables.client, table: ledger });
    await store.insert(rowOf());
    const lambda = await start('createDraft', 'create-draft', ledger, feeds);

    const outcome = await lambda.invoke(sqsEvent([{ key: 'guid-a', brand: 144 }]));

    expect(outcome).toEqual({ answer: { batchItemFailures: [] } });
    expect(sandbox.posts()).toHaveLength(1);
    expect(await store.read('guid-a')).toMatchObject({ state: 'drafted' });
    expect(lambda.printed()).not.toContain('a-token');
  });

  it('fails the invocation with the name of what is wrong when its environment is incomplete', async () => {
    running = await startLambda({
      name: 'pollFeeds',
      dir: join(dir, 'poll-feeds'),
      timeoutMs: 120_000,
      env: { FEEDS_TABLE: 'feeds' },
    });
    await running.ready;

    const outcome = await running.invoke({});

    expect(outcome).toMatchObject({
      error: { errorType: 'AppError', errorMessage: expect.stringContaining('LEDGER_TABLE is missing') },
    });
  });
});

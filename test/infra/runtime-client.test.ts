import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { json } from 'node:stream/consumers';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamoCircuitStore } from '../../lib/adapters/aws/circuit-store-dynamo.ts';
import { dynamoLedger } from '../../lib/adapters/aws/ledger-dynamo.ts';
import { sqsCountWakeUps } from '../../lib/adapters/aws/queues-sqs.ts';
import { trip } from '../../lib/core/circuit/circuit-breaker.ts';
import type { AlertsConfig } from '../../lib/core/config/config.ts';
import type { CircuitStore, Ledger } from '../../lib/core/ports.ts';
import { packConfig } from '../../lib/packed-config.ts';
import { ourAccess } from '../../local/embedded/access.ts';
import { startSecrets } from '../../local/embedded/secrets.ts';
import { startSqs } from '../../local/embedded/sqs.ts';
import { httpEvent } from '../../local/http-event.ts';
import { startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { bundleAll } from '../../scripts/bundle.ts';
import { type EmbeddedTables, startTables } from '../support/embedded-tables.ts';
import { feedOf, rowOf } from '../support/entries.ts';
import { hookSecret, requestFor, webhookOf } from '../support/hook-world.ts';
import { type IamGuard, iamGuard } from '../support/iam-guard.ts';
import { type LambdaProcess, startLambda } from '../support/lambda-process.ts';
import { type LocalPublisher, localPublisher } from '../support/local-publisher.ts';
import { packagedTemplate, type Template } from '../support/packaged.ts';
import { rightsOf } from '../support/rights.ts';
import { sqsEvent } from '../support/sqs-event.ts';

// The bundles as deployed, each in its own process under AWS's runtime client, with only the permissions of its role.

const document = `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
  <item><guid>1</guid><link>https://www.example.com/1</link><title>One</title></item></channel></rss>`;

const listening = async (listener: RequestListener) => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
};

const serveFeed = () =>
  listening((_, response) =>
    response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(document),
  );

/** A Dash Social that responds only when `count` requests are waiting. */
const serveTogether = (count: number) => {
  const waiting: ServerResponse[] = [];
  return listening((_, response) => {
    if (waiting.push(response) < count) return;
    waiting.splice(0).forEach((one, i) => void one.writeHead(201).end(`{"id":${i + 1}}`));
  });
};

let dir: string;
let template: Template;
let tables: EmbeddedTables;
let sqs: Awaited<ReturnType<typeof startSqs>>;
let secrets: Awaited<ReturnType<typeof startSecrets>>;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let channel: LocalPublisher;
const alerts: unknown[] = [];
let feed: Awaited<ReturnType<typeof serveFeed>>;
let guard: IamGuard;
let endpoints: Record<string, string>;
let names: { ledger: string; feeds: string };
let ledger: Ledger;
let circuits: CircuitStore;
let running: LambdaProcess | null = null;

beforeAll(async () => {
  channel = await localPublisher(async (request, response) => {
    alerts.push(await json(request));
    response.writeHead(200).end();
  });
  const inbound = JSON.stringify({ blog: hookSecret, team: `${channel.origin}/a-secret-path` });
  [tables, sqs, secrets, sandbox, feed, dir, template] = await Promise.all([
    startTables(),
    startSqs(),
    startSecrets({ values: { 'dash-token': 'a-token', inbound } }),
    startSandbox({ token: 'a-token', brands: [144] }),
    serveFeed(),
    mkdtemp(join(tmpdir(), 'bundles-')),
    packagedTemplate(),
  ]);
  guard = iamGuard();
  endpoints = {
    AWS_ENDPOINT_URL_DYNAMODB: await guard.endpoint(tables.dynamo.endpoint),
    AWS_ENDPOINT_URL_SQS: await guard.endpoint(sqs.endpoint),
    AWS_ENDPOINT_URL_SECRETS_MANAGER: await guard.endpoint(secrets.endpoint),
  };
  const newsroom = feedOf({ url: `${feed.url}/feed.xml`, allowPrivate: true, backfill: 1 });
  const dash = { lookUp: false, ratePerMinute: 300 };
  const alerting: AlertsConfig = {
    review: 'immediate',
    drafts: false,
    allowPrivate: true,
    channels: [{ kind: 'webhook', secret: 'team' }],
  };
  await bundleAll(
    dir,
    packConfig({ timezone: 'UTC', dash, feeds: [newsroom], webhooks: [webhookOf()], alerts: alerting }),
  );
}, 60_000);
afterAll(async () => {
  feed.server.close();
  await channel[Symbol.asyncDispose]();
  await guard.close();
  await Promise.all([tables.close(), sqs.close(), secrets.close(), sandbox.close()]);
  await rm(dir, { recursive: true, force: true });
});

beforeEach(async () => {
  sandbox.reset();
  names = await tables.fresh();
  ledger = dynamoLedger({ client: tables.client, table: names.ledger });
  circuits = dynamoCircuitStore({ client: tables.client, table: names.feeds });
});
afterEach(async () => {
  await running?.stop();
  running = null;
});

const everyFunction = readdirSync(new URL('../../functions/', import.meta.url)).map((file) =>
  basename(file, '.ts'),
);

/** A function's bundle has its name in kebab case: createDraft runs create-draft. */
const bundleOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const roleOf = (name: string) => `${name[0]?.toUpperCase()}${name.slice(1)}Role`;
/** The SDK sends to the host in a queue's URL, whatever its endpoint. */
const guarded = (queueUrl: string) =>
  queueUrl.replace(sqs.endpoint, endpoints.AWS_ENDPOINT_URL_SQS as string);

const start = async (name: string, dashUrl = sandbox.url): Promise<LambdaProcess> => {
  guard.allow(rightsOf(template, roleOf(name)));
  running = await startLambda({
    name,
    dir: join(dir, bundleOf(name)),
    timeoutMs: 120_000,
    env: {
      ...endpoints,
      FEEDS_QUEUE_URL: guarded(sqs.queueUrls.feeds),
      DRAFTS_QUEUE_URL: guarded(sqs.queueUrls.drafts),
      POWERTOOLS_SERVICE_NAME: 'rss-drafts-test',
      FEEDS_DEAD_LETTERS_URL: guarded(sqs.queueUrls.feedsDeadLetters),
      DRAFTS_DEAD_LETTERS_URL: guarded(sqs.queueUrls.draftsDeadLetters),
      CLI_STAGE: 'dev',
      FEEDS_TABLE: names.feeds,
      LEDGER_TABLE: names.ledger,
      DASH_TOKEN_SECRET_ID: 'dash-token',
      INBOUND_SECRET_ID: 'inbound',
      DASH_URL: dashUrl,
    },
  });
  await running.ready;
  return running;
};

const waiting = (queueUrl: string) =>
  sqsCountWakeUps({ client: new SQSClient({ endpoint: sqs.endpoint, ...ourAccess() }), queueUrl })();

const allRows = async () => {
  const rows = [];
  for await (const row of ledger.all()) rows.push(row);
  return rows;
};

const wakeUp = sqsEvent([{ key: 'guid-a', brand: 144 }]);
const allDone = { answer: { batchItemFailures: [] } };

describe('a bundle under AWS’s runtime client, with its role’s permissions', () => {
  it.each(everyFunction)('loads %s and requests work, with only its environment', async (bundle) => {
    running = await startLambda({ name: bundle, dir: join(dir, bundle), timeoutMs: 120_000, env: {} });

    await running.ready;

    expect(running.printed()).toBe('');
  });

  it('pollFeeds sends a new feed and logs its tick', async () => {
    const lambda = await start('pollFeeds');

    const outcome = await lambda.invoke({ scheduledTime: '2026-11-22T11:05:00Z' });

    expect(outcome).toEqual({ answer: null });
    expect(guard.refused()).toEqual([]);
    expect(await waiting(sqs.queueUrls.feeds)).toBe(1);
    expect(lambda.printed()).toContain('"message":"tick.done"');
    expect(lambda.printed()).toContain('"Ticks":1');
  });

  it('pollFeeds expires a lease and closes a circuit breaker whose cause is gone', async () => {
    await ledger.insert(rowOf({ state: 'drafting', claimId: 'dead', leaseUntil: 1, wakeAt: 1 }));
    const closed = trip(null, { scope: 'all', reason: 'unauthorized', at: 0 });
    if (closed) await circuits.put(closed);
    const lambda = await start('pollFeeds');

    const outcome = await lambda.invoke({ scheduledTime: '2026-11-22T11:05:00Z' });

    expect(outcome).toEqual({ answer: null });
    expect(guard.refused()).toEqual([]);
    expect(await ledger.read('guid-a')).toMatchObject({ state: 'uncertain' });
    expect(await circuits.rows()).toEqual([]);
  });

  it('ingestFeeds fetches the feed, registers its entry and wakes it', async () => {
    const lambda = await start('ingestFeeds');

    const outcome = await lambda.invoke(sqsEvent([{ feeds: ['newsroom'] }]));

    expect(outcome).toEqual(allDone);
    expect(guard.refused()).toEqual([]);
    expect(await waiting(sqs.queueUrls.drafts)).toBe(1);
    expect(await allRows()).toMatchObject([{ state: 'queued', title: 'One' }]);
  });

  it('createDraft posts the queued row with the token from the secret', async () => {
    await ledger.insert(rowOf());
    const lambda = await start('createDraft');

    const outcome = await lambda.invoke(wakeUp);

    expect(outcome).toEqual(allDone);
    expect(guard.refused()).toEqual([]);
    expect(sandbox.posts()).toHaveLength(1);
    expect(await ledger.read('guid-a')).toMatchObject({ state: 'drafted' });
    expect(lambda.printed()).not.toContain('a-token');
  });

  it('createDraft sends a batch’s rows concurrently', async () => {
    const keys = ['guid-a', 'guid-b', 'guid-c'];
    for (const key of keys) await ledger.insert(rowOf({ key }));
    const dash = await serveTogether(3);
    const lambda = await start('createDraft', dash.url);

    const outcome = await lambda.invoke(sqsEvent(keys.map((key) => ({ key, brand: 144 }))));

    dash.server.close();
    expect(outcome).toEqual(allDone);
    expect((await allRows()).map(({ postId }) => postId).sort()).toEqual([1, 2, 3]);
  });

  it('createDraft opens the circuit breaker when the token is refused, and releases the row', async () => {
    await ledger.insert(rowOf());
    sandbox.setTokens(['another-token']);
    const lambda = await start('createDraft');

    const outcome = await lambda.invoke(wakeUp);

    sandbox.setTokens(['a-token']);
    expect(outcome).toEqual(allDone);
    expect(guard.refused()).toEqual([]);
    expect(await circuits.rows()).toMatchObject([{ scope: 'all', reason: 'unauthorized' }]);
    expect(await ledger.read('guid-a')).toMatchObject({ state: 'queued' });
  });

  it('receiveWebhook registers and wakes a delivered entry, and logs nothing of the request', async () => {
    const lambda = await start('receiveWebhook');
    const payload = { id: 'cms-9', title: 'Nine-in-the-body', link: 'https://www.example.com/9' };
    const before = await waiting(sqs.queueUrls.drafts);

    const outcome = await lambda.invoke(httpEvent(requestFor(webhookOf(), payload, Date.now())));

    const [row] = await allRows();
    expect(outcome).toEqual({
      answer: {
        statusCode: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ outcome: 'queued', entry: row?.key }),
      },
    });
    expect(guard.refused()).toEqual([]);
    expect(row).toMatchObject({ state: 'queued', title: 'Nine-in-the-body' });
    expect(await waiting(sqs.queueUrls.drafts)).toBe(before + 1);
    expect(lambda.printed()).toContain('"WebhooksRegistered":1');
    expect(lambda.printed()).not.toMatch(/Nine-in-the-body|sha256=|a secret of the blog/);
  });

  it('receiveWebhook refuses a forged delivery', async () => {
    const lambda = await start('receiveWebhook');
    const forged = requestFor(webhookOf(), { id: 'cms-9', title: 'Nine' }, Date.now(), 'another secret');

    const outcome = await lambda.invoke(httpEvent(forged));

    expect(outcome).toMatchObject({ answer: { statusCode: 401, body: '{"error":"not authentic"}' } });
    expect(guard.refused()).toEqual([]);
    expect(await allRows()).toEqual([]);
  });

  it('sendAlerts reports an uncertain entry once to the secret’s address, which is not logged', async () => {
    await ledger.insert(rowOf({ state: 'uncertain', wakeAt: null }));
    const lambda = await start('sendAlerts');

    const outcomes = [await lambda.invoke({}), await lambda.invoke({})];

    expect(outcomes).toEqual([{ answer: null }, { answer: null }]);
    expect(guard.refused()).toEqual([]);
    expect(alerts).toEqual([
      {
        from: 'rss-drafts dev',
        alerts: [expect.objectContaining({ id: 'outcome-unknown/newsroom', count: 1 })],
      },
    ]);
    expect(lambda.printed()).toContain('"AlertsSent":1');
    expect(lambda.printed()).not.toContain('a-secret-path');
  });

  it('fails with the missing setting’s name when its environment is incomplete', async () => {
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

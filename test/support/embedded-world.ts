import { createHash } from 'node:crypto';
import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { dynamoAlertStore } from '../../lib/adapters/aws/alert-store-dynamo.ts';
import { dynamoCircuitStore } from '../../lib/adapters/aws/circuit-store-dynamo.ts';
import { dynamoDeliveryStore } from '../../lib/adapters/aws/delivery-store-dynamo.ts';
import { dynamoFeedStore } from '../../lib/adapters/aws/feed-store-dynamo.ts';
import { dynamoLatestDrafts } from '../../lib/adapters/aws/latest-drafts-dynamo.ts';
import { dynamoLedger } from '../../lib/adapters/aws/ledger-dynamo.ts';
import { sqsCountWakeUps, sqsSendFeeds, sqsSendWakeUps } from '../../lib/adapters/aws/queues-sqs.ts';
import { dynamoQuotaStore } from '../../lib/adapters/aws/quota-store-dynamo.ts';
import { fixedToken } from '../../lib/adapters/aws/token.ts';
import { dashDrafts } from '../../lib/adapters/dash-social/dash-drafts.ts';
import { dashMedia } from '../../lib/adapters/dash-social/dash-media.ts';
import { dashRecentPosts } from '../../lib/adapters/dash-social/dash-recent-posts.ts';
import { dashRequests } from '../../lib/adapters/dash-social/dash-requests.ts';
import { dashSocial } from '../../lib/adapters/dash-social/dash-social.ts';
import { fetchFeeds } from '../../lib/adapters/feeds/fetch-feed.ts';
import { readsFeeds } from '../../lib/adapters/feeds/parse-feed.ts';
import type { Config, FeedConfig } from '../../lib/core/config/config.ts';
import type { Entry } from '../../lib/core/entries/entry.ts';
import type { AppEvent } from '../../lib/core/events.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import type { FeedsMessage, Invocation, WakeUp } from '../../lib/core/ports.ts';
import { createDraft } from '../../lib/jobs/draft/create-draft.ts';
import { ingestFeeds } from '../../lib/jobs/ingest/ingest-feeds.ts';
import { pollFeeds } from '../../lib/jobs/poll/poll-feeds.ts';
import { ourAccess } from '../../local/embedded/access.ts';
import { createQueues, startSqs } from '../../local/embedded/sqs.ts';
import { startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { startTables } from './embedded-tables.ts';
import { feedOf } from './entries.ts';
import { localPublisher } from './local-publisher.ts';

const minute = 60_000;
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const tag = (name: string, text: string | null) =>
  text === null ? '' : `<${name}>${escaped(text)}</${name}>`;

/** A small RSS document with these entries. */
export const rssOf = (entries: Entry[]) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>Newsroom</title>${entries
    .map(
      ({ id, link, title, summary, published }) =>
        `<item>${tag('guid', id)}${tag('link', link)}${tag('title', title)}${tag('pubDate', published)}${tag('description', summary)}</item>`,
    )
    .join('')}</channel></rss>`;

/** The emulators that a test file shares. */
export const embeddedStack = async () => {
  const [tables, sqs] = await Promise.all([startTables(), startSqs()]);
  const client = new SQSClient({ endpoint: sqs.endpoint, ...ourAccess() });
  let made = 0;
  return {
    tables,
    client,
    sqsEndpoint: sqs.endpoint,
    freshQueues: () => createQueues(sqs.endpoint, `-${++made}`),
    close: async () => {
      client.destroy();
      await Promise.all([tables.close(), sqs.close()]);
    },
  };
};
export type EmbeddedStack = Awaited<ReturnType<typeof embeddedStack>>;

/**
 * The real jobs with real adapters: DynamoDB and SQS are emulated, feeds and Dash Social served over HTTP. Only the
 * clock is injected; it starts before the tests' stories are published.
 */
export const embeddedWorld = async (
  stack: EmbeddedStack,
  feeds: Partial<FeedConfig>[],
  now = Date.UTC(2026, 0, 1),
) => {
  const state = { now };
  const clock = () => state.now;
  const docs = new Map<string, Entry[]>();
  const publisher = await localPublisher((request, response) => {
    const body = rssOf(docs.get((request.url ?? '').slice(1)) ?? []);
    const etag = `"${createHash('sha256').update(body).digest('hex')}"`;
    if (request.headers['if-none-match'] === etag) return response.writeHead(304).end();
    return response.writeHead(200, { 'content-type': 'application/rss+xml', etag }).end(body);
  });
  const config: Config = {
    timezone: 'UTC',
    dash: { lookUp: true, ratePerMinute: 1000 },
    webhooks: [],
    feeds: feeds.map((feed) => {
      const { id } = feedOf(feed);
      return feedOf({
        rhythm: { everyMs: minute },
        url: `${publisher.origin}/${id}`,
        allowPrivate: true,
        ...feed,
      });
    }),
  };
  const sandbox = await startSandbox({ token: 'a-token', brands: [144, 7], clock });
  const [names, queues] = await Promise.all([stack.tables.fresh(), stack.freshQueues()]);
  const dash = {
    send: dashRequests({ clock, responseTimeoutMs: 300 }),
    token: fixedToken('a-token'),
    clock,
    baseUrl: sandbox.url,
  };
  const dynamo = { client: stack.tables.client };
  const sqs = { client: stack.client };
  const services = {
    config,
    ledger: dynamoLedger({ ...dynamo, table: names.ledger }),
    feedStore: dynamoFeedStore({ ...dynamo, table: names.feeds }),
    circuits: dynamoCircuitStore({ ...dynamo, table: names.feeds }),
    quotas: dynamoQuotaStore({ ...dynamo, table: names.feeds }),
    latestDrafts: dynamoLatestDrafts({ ...dynamo, table: names.feeds }),
    alerts: dynamoAlertStore({ ...dynamo, table: names.feeds }),
    deliveries: dynamoDeliveryStore({ ...dynamo, table: names.feeds }),
    announces: false,
    sendFeeds: sqsSendFeeds({ ...sqs, queueUrl: queues.feeds }),
    sendWakeUps: sqsSendWakeUps({ ...sqs, queueUrl: queues.drafts }),
    countWakeUps: sqsCountWakeUps({ ...sqs, queueUrl: queues.drafts }),
    countAsks: async () => 0,
    fetchFeed: fetchFeeds({ now: clock, userAgent: 'rss-drafts-test' }),
    ...readsFeeds(),
    dash: dashSocial(dash),
    drafts: dashDrafts(dash),
    listRecentPosts: dashRecentPosts(dash),
    readMedium: dashMedia(dash),
    readyToken: async () => {},
    acquireTurn: async () => true,
    updateRate: () => {},
    clock,
    random: () => 0.5,
    newId: () => crypto.randomUUID(),
    sleep: async (ms: number) => {
      state.now += ms;
    },
    registrationsAtOnce: 5,
    wakeUpsATick: 1000,
  };
  const events: AppEvent[] = [];
  const invocation: Invocation = { remainingMs: () => 30_000, report: (event) => events.push(event) };
  let draft = createDraft(services);

  const take = async <T>(queueUrl: string): Promise<T[]> => {
    const taken: Message[] = [];
    for (;;) {
      const { Messages = [] } = await stack.client.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) break;
      taken.push(...Messages);
      for (const { ReceiptHandle } of Messages)
        await stack.client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    }
    return taken.map(({ Body }) => JSON.parse(Body ?? ''));
  };
  const wakeUps = () => take<WakeUp>(queues.drafts);
  const poll = (ids = config.feeds.map(({ id }) => id)) =>
    ingestFeeds(services)({ feeds: ids, manual: true, receiveCount: 1 }, invocation);
  const deliver = async (messages?: WakeUp[]) => {
    for (const message of messages ?? (await wakeUps())) await draft(message, invocation);
  };
  const minutes = async (n: number) => {
    for (let i = 0; i < n; i++) {
      state.now += minute;
      await pollFeeds(services)({ scheduledAt: state.now }, invocation);
      for (const message of await take<FeedsMessage>(queues.feeds))
        await ingestFeeds(services)({ ...message, receiveCount: 1 }, invocation);
      await deliver();
    }
  };
  const rows = async () => {
    const found: EntryRow[] = [];
    for await (const row of services.ledger.all()) found.push(row);
    return found;
  };

  return {
    config,
    origin: publisher.origin,
    tables: names,
    queues,
    services,
    state,
    sandbox,
    events,
    call: invocation,
    poll,
    deliver,
    wakeUps,
    minutes,
    rows,
    publish: (entries: Entry[], id = 'newsroom') => docs.set(id, entries),
    /** Replaces the worker with one without memory. */
    restart: () => {
      draft = createDraft(services);
    },
    posted: () =>
      sandbox
        .posts()
        .map((post) => JSON.parse(post.raw) as { text: string; brand_id: number; creation_source: string }),
    sums: async () =>
      Object.fromEntries(
        [...Map.groupBy(await rows(), (row) => row.state)].map(([key, list]) => [key, list.length]),
      ),
    close: async () => {
      await sandbox.close();
      await publisher[Symbol.asyncDispose]();
    },
  };
};
export type EmbeddedWorld = Awaited<ReturnType<typeof embeddedWorld>>;

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { noRecentPosts } from '../../lib/adapters/dash-recent-posts.ts';
import { dashRequests } from '../../lib/adapters/dash-requests.ts';
import { dashSocial } from '../../lib/adapters/dash-social.ts';
import { dynamoFeedStore } from '../../lib/adapters/feed-store-dynamo.ts';
import { dynamoGateStore } from '../../lib/adapters/gate-store-dynamo.ts';
import { dynamoLedger } from '../../lib/adapters/ledger-dynamo.ts';
import { dynamoPlaceStore } from '../../lib/adapters/place-store-dynamo.ts';
import { sqsCountWakeUps, sqsSendWakeUps } from '../../lib/adapters/queues-sqs.ts';
import { fixedToken } from '../../lib/adapters/token.ts';
import { turns } from '../../lib/adapters/turns.ts';
import { readConfig } from '../../lib/config.ts';
import type { SendWakeUps } from '../../lib/core/ports.ts';
import { clientTimeoutMs } from '../../lib/core/timing.ts';
import { draftWorkers, reserveMs } from '../../lib/services/create-draft.ts';
import { anyone } from '../../local/embedded/dynamo.ts';
import type { Asked, Order, Told } from './emulators.ts';
import { fastTime } from './fast-time.ts';

export const brand = 144;
const token = 'for-the-sandbox-only';
const feedsFile = `feeds: { newsroom: { url: 'https://www.example.com/feed', brand_id: ${brand} } }`;

/** What was asked of AWS: requests by their name, and wake-ups handed to the queue. */
export type Counts = Record<string, number>;

type Told1<I extends Told['is']> = Extract<Told, { is: I }>;

const told = async <I extends Told['is']>(thread: Worker, is: I): Promise<Told1<I>> => {
  for (;;) {
    const [message] = (await once(thread, 'message')) as [Told];
    if (message.is === is) return message as Told1<I>;
  }
};

/** Counts what a client sends, by the name of the command. */
const counted = <C extends DynamoDBClient | SQSClient>(client: C, counts: Counts): C => {
  client.middlewareStack.add(
    (next, { commandName = 'unknown' }) =>
      (args) => {
        counts[commandName] = (counts[commandName] ?? 0) + 1;
        return next(args);
      },
    { step: 'initialize' },
  );
  return client;
};

export type PlaceOptions = Pick<Asked, 'perMinute' | 'latencyMs' | 'factor'>;

/**
 * The real adapters over emulators in a thread of their own, and a clock that runs `factor` times as fast as the
 * real one: a minute, and with it the window of the rate, takes 60 / `factor` seconds.
 */
export const openPlace = async ({ perMinute, latencyMs, factor }: PlaceOptions) => {
  const epoch = Date.now();
  const asked: Asked = { brand, token, perMinute, latencyMs, factor, epoch };
  const thread = new Worker(new URL('./emulators.ts', import.meta.url), { workerData: asked });
  const { dynamo, sqs, draftsQueueUrl, dash } = await told(thread, 'open');
  const counts: Counts = {};
  const tables = { client: counted(new DynamoDBClient({ endpoint: dynamo, ...anyone }), counts) };
  const queues = {
    client: counted(new SQSClient({ endpoint: sqs, ...anyone }), counts),
    queueUrl: draftsQueueUrl,
  };
  const time = fastTime(factor, epoch);
  const { clock, sleep } = time;
  const send = dashRequests({ clock, answerTimeoutMs: clientTimeoutMs });
  const tokens = fixedToken(token);
  const sendWakeUps = sqsSendWakeUps(queues);
  const sendCounted: SendWakeUps = (messages) => {
    counts.wakeUps = (counts.wakeUps ?? 0) + messages.length;
    return sendWakeUps(messages);
  };

  const services = {
    config: readConfig(feedsFile, 'feeds.yml'),
    ledger: dynamoLedger({ ...tables, table: 'LedgerTable' }),
    feedStore: dynamoFeedStore({ ...tables, table: 'FeedsTable' }),
    gate: dynamoGateStore({ ...tables, table: 'FeedsTable' }),
    places: dynamoPlaceStore({ ...tables, table: 'FeedsTable' }),
    dash: dashSocial({ send, token: tokens, clock, baseUrl: dash }),
    listRecentPosts: noRecentPosts,
    readyToken: async () => void (await tokens.current()),
    sendFeeds: async () => {},
    sendWakeUps: sendCounted,
    countWakeUps: sqsCountWakeUps(queues),
    wakeUpsATick: perMinute,
    clock,
    random: Math.random,
    newId: () => crypto.randomUUID(),
  };
  const order = (what: Order) => thread.postMessage(what);

  return {
    ...time,
    counts,
    services,
    sqs: queues.client,
    draftsQueueUrl,
    /** What one worker needs: a pace of its own, as a Lambda's memory would hold it. */
    workerServices: () => ({
      ...services,
      ...turns({ perMinute, workers: draftWorkers, reserveMs, clock, sleep }),
    }),
    order,
    /** Requests for new posts that the sandbox has seen. */
    seen: async () => {
      const answer = told(thread, 'seen');
      order('tell');
      return (await answer).posts;
    },
    close: async () => {
      tables.client.destroy();
      queues.client.destroy();
      await thread.terminate();
    },
  };
};

export type Place = Awaited<ReturnType<typeof openPlace>>;

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { SQSClient } from '@aws-sdk/client-sqs';
import { sqsCountWakeUps, sqsSendWakeUps } from '../../lib/adapters/aws/queues-sqs.ts';
import { fixedToken } from '../../lib/adapters/aws/token.ts';
import { noDrafts } from '../../lib/adapters/dash-social/dash-drafts.ts';
import { noMedia } from '../../lib/adapters/dash-social/dash-media.ts';
import { noRecentPosts } from '../../lib/adapters/dash-social/dash-recent-posts.ts';
import { dashRequests } from '../../lib/adapters/dash-social/dash-requests.ts';
import { dashSocial } from '../../lib/adapters/dash-social/dash-social.ts';
import { turns } from '../../lib/adapters/turns.ts';
import { readConfig } from '../../lib/config.ts';
import { clientTimeoutMs } from '../../lib/core/dash/timing.ts';
import type { WakeUp } from '../../lib/core/polling/feed-message.ts';
import { draftWorkers, reserveMs } from '../../lib/services/create-draft.ts';
import { fakeLatestDrafts, fakeStores } from '../../test/support/fake-stores.ts';
import type { Asked, Told } from './emulators.ts';
import { fastTime } from './fast-time.ts';

export const brand = 144;
const token = 'for-the-sandbox-only';
const feedsFile = `feeds: { newsroom: { url: 'https://www.example.com/feed', brand_id: ${brand} } }`;

type Heard<I extends Told['is']> = Extract<Told, { is: I }>;

const hear = async <I extends Told['is']>(thread: Worker, is: I): Promise<Heard<I>> => {
  for (;;) {
    const [message] = (await once(thread, 'message')) as [Told];
    if (message.is === is) return message as Heard<I>;
  }
};

/** The number of calls of each port, by name; `wakeUps`: messages sent. */
export type Counts = Map<string, number>;

const addTo = (counts: Counts, name: string, more = 1) => counts.set(name, (counts.get(name) ?? 0) + more);

export type PlaceOptions = Pick<Asked, 'perMinute' | 'latencyMs' | 'factor'> & { tableMs: number };

/**
 * Tables in memory that respond after `tableMs`, a queue and Dash Social emulated over HTTP, and a clock that runs
 * `factor` times as fast as the real one: a minute, and with it the rate window, takes 60 / `factor` seconds.
 */
export const openPlace = async ({ perMinute, latencyMs, factor, tableMs }: PlaceOptions) => {
  const epoch = Date.now();
  const asked: Asked = { brand, token, perMinute, latencyMs, factor, epoch };
  const thread = new Worker(new URL('./emulators.ts', import.meta.url), { workerData: asked });
  const { sqs: queueService, draftsQueueUrl: queueUrl, dash: baseUrl } = await hear(thread, 'open');
  const time = fastTime(factor, epoch);
  const { clock, sleep } = time;
  const counts: Counts = new Map();
  const { ledger, feeds, circuits, quotas, alerts } = fakeStores({
    before: async (name) => {
      addTo(counts, name);
      await sleep(tableMs);
    },
  });
  const sqs = new SQSClient(queueService);
  const tokens = fixedToken(token);
  const send = dashRequests({ clock, responseTimeoutMs: clientTimeoutMs });
  const sendWakeUps = sqsSendWakeUps({ client: sqs, queueUrl });

  const services = {
    config: readConfig(feedsFile, 'feeds.yml'),
    ledger,
    feedStore: feeds,
    circuits,
    quotas,
    alerts,
    announces: false,
    dash: dashSocial({ send, token: tokens, clock, baseUrl }),
    drafts: noDrafts,
    listRecentPosts: noRecentPosts,
    readMedium: noMedia,
    latestDrafts: fakeLatestDrafts(),
    readyToken: async () => void (await tokens.current()),
    sendFeeds: async () => {},
    sendWakeUps: (messages: WakeUp[]) => {
      addTo(counts, 'wakeUps', messages.length);
      return sendWakeUps(messages);
    },
    countWakeUps: sqsCountWakeUps({ client: sqs, queueUrl }),
    countAsks: async () => 0,
    clock,
    random: Math.random,
    newId: () => crypto.randomUUID(),
    sleep,
    wakeUpsATick: perMinute,
  };

  return {
    ...time,
    counts,
    services,
    queue: { sqs, url: queueUrl },
    /** The dependencies of one worker, with its own rate limiter, as in a function's memory. */
    workerServices: () => ({
      ...services,
      ...turns({ perMinute, workers: draftWorkers, reserveMs, clock, sleep }),
    }),
    /** All requests for new posts that Dash Social has received. */
    seen: async () => {
      const heard = hear(thread, 'seen');
      thread.postMessage('tell');
      return (await heard).posts;
    },
    close: async () => {
      sqs.destroy();
      await thread.terminate();
    },
  };
};

export type Place = Awaited<ReturnType<typeof openPlace>>;

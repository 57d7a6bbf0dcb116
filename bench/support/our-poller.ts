import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoAlertStore } from '../../lib/adapters/aws/alert-store-dynamo.ts';
import { dynamoFeedStore } from '../../lib/adapters/aws/feed-store-dynamo.ts';
import { dynamoLedger } from '../../lib/adapters/aws/ledger-dynamo.ts';
import { dynamoQuotaStore } from '../../lib/adapters/aws/quota-store-dynamo.ts';
import { fetchFeeds } from '../../lib/adapters/feeds/fetch-feed.ts';
import { readsFeeds } from '../../lib/adapters/feeds/parse-feed.ts';
import { readConfig } from '../../lib/config.ts';
import type { Invocation } from '../../lib/core/ports.ts';
import { ingestFeeds } from '../../lib/jobs/ingest/ingest-feeds.ts';
import type { Access } from '../../local/embedded/access.ts';

// Runs in a process of its own, by in-child.ts: ingest-feeds as it is, over its adapters, without a Lambda around it.

const aMessage = 20;
const call: Invocation = { remainingMs: () => 60_000, report: () => {} };

type Where = { dynamo: { endpoint: string } & Access; ledger: string; feeds: string };
type Round = { cpuMs: number; wallMs: number; reads: number; writes: number };

let poll: (ids: string[]) => Promise<void>;
const asked = { reads: 0, writes: 0 };
let ids: string[] = [];

const counted = (client: DynamoDBClient): DynamoDBClient => {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        asked[/Put|Update|Delete|Write/.test(commandName) ? 'writes' : 'reads'] += 1;
        return next(args);
      },
    { step: 'initialize' },
  );
  return client;
};

export const start = async ({ urls, where }: { urls: string[]; where: Where }): Promise<void> => {
  ids = urls.map((_, n) => `feed-${n}`);
  const feeds = urls.map((url, n) => `  feed-${n}: { url: "${url}", brand_id: 144, allow_private: true }`);
  const config = readConfig(`feeds:\n${feeds.join('\n')}\n`, 'feeds.yml');
  const client = counted(new DynamoDBClient(where.dynamo));
  const services = {
    config,
    ledger: dynamoLedger({ client, table: where.ledger }),
    feedStore: dynamoFeedStore({ client, table: where.feeds }),
    alerts: dynamoAlertStore({ client, table: where.feeds }),
    quotas: dynamoQuotaStore({ client, table: where.feeds }),
    fetchFeed: fetchFeeds({ now: Date.now, userAgent: 'rss-drafts-bench' }),
    ...readsFeeds(),
    sendFeeds: async () => {},
    sendWakeUps: async () => {},
    clock: Date.now,
    random: Math.random,
    registrationsAtOnce: 5,
  };
  poll = (some) => ingestFeeds(services)({ feeds: some, manual: true, receiveCount: 1 }, call);
};

/** Polls every feed once, twenty per message, one message after the other. */
export const round = async (): Promise<Round> => {
  Object.assign(asked, { reads: 0, writes: 0 });
  const [before, since] = [process.cpuUsage(), performance.now()];
  for (let at = 0; at < ids.length; at += aMessage) await poll(ids.slice(at, at + aMessage));
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1_000, wallMs: performance.now() - since, ...asked };
};

import { fetchFeeds } from '../adapters/feeds/fetch-feed.ts';
import { readsFeeds } from '../adapters/feeds/parse-feed.ts';
import type { Report } from '../core/events.ts';
import { withLogin } from '../core/polling/feed-login.ts';
import { readSettings } from '../settings.ts';
import { packedFeeds } from './feeds-file.ts';
import { inboundSecrets } from './inbound-secrets.ts';
import { queues } from './queues.ts';
import { alertsIn, stores } from './stores.ts';
import { userAgentOf } from './user-agent.ts';

const needed = [
  'feedsTable',
  'ledgerTable',
  'feedsQueueUrl',
  'draftsQueueUrl',
  'enrichQueueUrl',
  'inboundSecretId',
  'feedsFile',
] as const;

/** Per feed; a message contains up to twenty feeds. */
const registrationsAtOnce = 5;

/** The dependencies of ingest-feeds, from its environment. Throws config `config.*`. */
export const ingestFeedsServices = (report: Report) => {
  const settings = readSettings(process.env, needed);
  const config = packedFeeds(settings.feedsFile);
  const options = { now: Date.now, userAgent: userAgentOf(config) };
  return {
    config,
    ...stores(settings, report),
    alerts: alertsIn(settings, report),
    ...queues(settings),
    fetchFeed: withLogin(fetchFeeds(options), inboundSecrets(settings)),
    ...readsFeeds(),
    clock: Date.now,
    random: Math.random,
    registrationsAtOnce,
  };
};

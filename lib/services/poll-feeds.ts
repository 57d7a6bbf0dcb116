import { sqsCountWakeUps, sqsSendFeeds, sqsSendWakeUps } from '../adapters/queues-sqs.ts';
import type { Report } from '../core/events.ts';
import { readSettings } from '../settings.ts';
import { sqsClient } from './aws-clients.ts';
import { dashWithToken } from './dash.ts';
import { packedFeeds } from './feeds-file.ts';
import { stores } from './stores.ts';

const needed = [
  'feedsTable',
  'ledgerTable',
  'feedsQueueUrl',
  'draftsQueueUrl',
  'dashSecretId',
  'dashUrl',
  'dashRatePerMinute',
  'feedsFile',
] as const;

/** What poll-feeds needs, from its environment. Throws config `config.*`. */
export const pollFeedsServices = (report: Report) => {
  const settings = readSettings(process.env, needed);
  const config = packedFeeds(settings.feedsFile);
  const client = sqsClient();
  const drafts = { client, queueUrl: settings.draftsQueueUrl };
  return {
    config,
    ...stores(settings, report),
    dash: dashWithToken(settings).dash,
    sendFeeds: sqsSendFeeds({ client, queueUrl: settings.feedsQueueUrl }),
    sendWakeUps: sqsSendWakeUps(drafts),
    countWakeUps: sqsCountWakeUps(drafts),
    wakeUpsATick: settings.dashRatePerMinute ?? config.dash.ratePerMinute,
    clock: Date.now,
  };
};

import type { Report } from '../core/events.ts';
import { readSettings } from '../settings.ts';
import { dashAtStage } from './dash.ts';
import { packedFeeds } from './feeds-file.ts';
import { countMessages, queues } from './queues.ts';
import { stores } from './stores.ts';

const needed = [
  'feedsTable',
  'ledgerTable',
  'feedsQueueUrl',
  'draftsQueueUrl',
  'enrichQueueUrl',
  'dashSecretId',
  'dashUrl',
  'dashRatePerMinute',
  'feedsFile',
] as const;

/** The dependencies of poll-feeds, from its environment. Throws config `config.*`. */
export const pollFeedsServices = (report: Report) => {
  const settings = readSettings(process.env, needed);
  const config = packedFeeds(settings.feedsFile);
  return {
    config,
    ...stores(settings, report),
    ...queues(settings),
    dash: dashAtStage(settings, config, report).dash,
    countAsks: settings.enrichQueueUrl === undefined ? async () => 0 : countMessages(settings.enrichQueueUrl),
    wakeUpsATick: settings.dashRatePerMinute ?? config.dash.ratePerMinute,
    clock: Date.now,
  };
};

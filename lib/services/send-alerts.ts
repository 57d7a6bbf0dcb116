import { consoleOrigin } from '../core/access/public-url.ts';
import type { AlertKind } from '../core/alerts/alert-row.ts';
import type { Report } from '../core/events.ts';
import { readSettings } from '../settings.ts';
import { alertChannels } from './alert-channels.ts';
import { packedFeeds } from './feeds-file.ts';
import { inboundSecrets } from './inbound-secrets.ts';
import { countMessages } from './queues.ts';
import { alertsIn, stores } from './stores.ts';

const needed = [
  'feedsTable',
  'ledgerTable',
  'feedsDeadLettersUrl',
  'draftsDeadLettersUrl',
  'inboundSecretId',
  'alertsTopicArn',
  'stackUrl',
  'cliStage',
  'cliData',
  'feedsFile',
] as const;

/** Alerts whose email CloudWatch's own alarms send, even when this function itself fails. */
const mailedByAlarms: ReadonlySet<AlertKind> = new Set(['dead-letters', 'ticks-stopped']);

/** The dependencies of send-alerts, from its environment. Throws config `config.*`. */
export const sendAlertsServices = (report: Report) => {
  const settings = readSettings(process.env, needed);
  const config = packedFeeds(settings.feedsFile);
  const { cliStage: stage, cliData: data } = settings;
  const where = { stage, data };
  return {
    config,
    ...stores(settings, report),
    alerts: alertsIn(settings, report),
    deadLetters: {
      feeds: countMessages(settings.feedsDeadLettersUrl),
      drafts: countMessages(settings.draftsDeadLettersUrl),
    },
    channels: alertChannels(config.alerts, {
      report,
      secret: inboundSecrets(settings),
      topicArn: settings.alertsTopicArn ?? null,
      where,
      from: stage === undefined ? 'rss-drafts' : `rss-drafts ${stage}`,
    }),
    notifiedElsewhere: (channel: string, kind: AlertKind) => channel === 'email' && mailedByAlarms.has(kind),
    context: { timezone: config.timezone, where, console: consoleOrigin(config, settings.stackUrl) },
    clock: Date.now,
  };
};

import type { Report } from '../core/events.ts';
import { readSettings } from '../settings.ts';
import { parseDelivery } from '../webhooks/parse-delivery.ts';
import { shortTimeouts } from './aws-client-config.ts';
import { packedFeeds } from './feeds-file.ts';
import { inboundSecrets } from './inbound-secrets.ts';
import { wakeUps } from './queues.ts';
import { deliveriesIn, ledgerIn } from './stores.ts';

const needed = [
  'feedsTable',
  'ledgerTable',
  'draftsQueueUrl',
  'enrichQueueUrl',
  'inboundSecretId',
  'feedsFile',
] as const;

/** The dependencies of receive-webhook, from its environment. Throws config `config.*`. */
export const receiveWebhookServices = (report: Report) => {
  const settings = readSettings(process.env, needed);
  return {
    config: packedFeeds(settings.feedsFile),
    ledger: ledgerIn(settings, report, shortTimeouts),
    deliveries: deliveriesIn(settings),
    secret: inboundSecrets(settings, shortTimeouts),
    parseDelivery,
    sendWakeUps: wakeUps(settings, shortTimeouts),
    clock: Date.now,
  };
};

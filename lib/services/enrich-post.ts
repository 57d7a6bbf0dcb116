import type { Report } from '../core/events.ts';
import { readSettings } from '../settings.ts';
import { packedFeeds } from './feeds-file.ts';
import { hooksByTarget } from './hooks.ts';
import { inboundSecrets } from './inbound-secrets.ts';
import { wakeUps } from './queues.ts';
import { stores } from './stores.ts';

const needed = ['feedsTable', 'ledgerTable', 'draftsQueueUrl', 'inboundSecretId', 'feedsFile'] as const;

/** The dependencies of enrich-post, from its environment. Throws config `config.*`. */
export const enrichPostServices = (report: Report) => {
  const settings = readSettings(process.env, needed);
  const config = packedFeeds(settings.feedsFile);
  const { ledger, circuits } = stores(settings, report);
  return {
    config,
    preview: config.deliver === 'none',
    ledger,
    circuits,
    askHook: hooksByTarget({ secret: inboundSecrets(settings), clock: Date.now }),
    sendWakeUps: wakeUps({ ...settings, enrichQueueUrl: undefined }), // it wakes drafts only
    clock: Date.now,
    random: Math.random,
  };
};

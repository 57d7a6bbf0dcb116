import { fetchFeeds } from '../adapters/feeds/fetch-feed.ts';
import { readsFeeds } from '../adapters/feeds/parse-feed.ts';
import { openidProvider } from '../adapters/sign-in/openid-provider.ts';
import { jweSeal } from '../adapters/sign-in/seal.ts';
import { consoleOrigin } from '../core/access/public-url.ts';
import { misconfigured } from '../core/errors.ts';
import type { Report } from '../core/events.ts';
import { withLogin } from '../core/polling/feed-login.ts';
import type { SecretByName } from '../core/ports.ts';
import { readSettings } from '../settings.ts';
import { packedFeeds } from './feeds-file.ts';
import { inboundSecrets } from './inbound-secrets.ts';
import { countMessages, queues } from './queues.ts';
import { activitiesIn, alertsIn, deliveriesIn, stores } from './stores.ts';
import { userAgentOf } from './user-agent.ts';

const needed = [
  'feedsTable',
  'ledgerTable',
  'feedsQueueUrl',
  'draftsQueueUrl',
  'feedsDeadLettersUrl',
  'draftsDeadLettersUrl',
  'consoleSecretId',
  'stackUrl',
  'cliStage',
  'feedsFile',
] as const;

/** The console reads no secret but its own. */
const noLogin: SecretByName = async () => {
  throw misconfigured(
    'inbound.not-here',
    'This feed needs a login, which the console on AWS may not read. Use the command preview.',
  );
};

/** The dependencies of the console, from its environment. Throws config `config.*`. */
export const consoleServices = (report: Report) => {
  const settings = readSettings(process.env, needed);
  const config = packedFeeds(settings.feedsFile);
  const { console } = config;
  const origin = consoleOrigin(config, settings.stackUrl);
  if (console === undefined || origin === null)
    throw misconfigured('config.no-console', 'feeds.yml has no console: add it, or remove this function.');
  const { countWakeUps, ...sending } = queues({ ...settings, enrichQueueUrl: undefined }); // its decisions ask no hook themselves
  const depths = {
    feeds: countMessages(settings.feedsQueueUrl),
    feedsDeadLetters: countMessages(settings.feedsDeadLettersUrl),
    drafts: countWakeUps,
    draftsDeadLetters: countMessages(settings.draftsDeadLettersUrl),
  };
  return {
    config,
    console,
    origin,
    stage: settings.cliStage,
    ...stores(settings, report),
    activities: activitiesIn(settings, report),
    alerts: alertsIn(settings, report),
    deliveries: deliveriesIn(settings),
    ...sending,
    depths,
    fetchFeed: withLogin(fetchFeeds({ now: Date.now, userAgent: userAgentOf(config) }), noLogin),
    ...readsFeeds(),
    secret: inboundSecrets({ inboundSecretId: settings.consoleSecretId }),
    openProvider: openidProvider(console.oidc),
    openSeal: jweSeal(Date.now),
    clock: Date.now,
  };
};

import { SQSClient } from '@aws-sdk/client-sqs';
import { sqsHideMessage, sqsSendDeliveries } from '../adapters/aws/deliveries-sqs.ts';
import { postEvent } from '../adapters/post-event.ts';
import { once } from '../core/once.ts';
import { readSettings } from '../settings.ts';
import { signStandardWebhook } from '../webhooks/sign-standard-webhook.ts';
import { clientTimeouts } from './aws-client-config.ts';
import { eventBusOf } from './event-bus.ts';
import { eventsOf } from './events-config.ts';
import { packedFeeds } from './feeds-file.ts';
import { inboundSecrets } from './inbound-secrets.ts';
import { userAgent } from './user-agent.ts';

const needed = [
  'deliveriesQueueUrl',
  'deliveriesDeadLettersUrl',
  'inboundSecretId',
  'cliData',
  'feedsFile',
] as const;

const sqsClient = once(() => new SQSClient(clientTimeouts));

/** The dependencies of deliver-events, from its environment. Throws config `config.*`. */
export const deliverEventsServices = () => {
  const settings = readSettings(process.env, needed);
  const events = eventsOf(packedFeeds(settings.feedsFile));
  const client = sqsClient();
  return {
    events,
    putEvents: eventBusOf(events, { isLocal: settings.cliData !== undefined }),
    postEvent: postEvent({ userAgent, allowPrivate: events.allowPrivate }),
    secret: inboundSecrets(settings),
    sign: signStandardWebhook,
    hideMessage: sqsHideMessage({ client, queueUrl: settings.deliveriesQueueUrl }),
    sendDeadLetters: sqsSendDeliveries({ client, queueUrl: settings.deliveriesDeadLettersUrl }),
    clock: Date.now,
    random: Math.random,
  };
};

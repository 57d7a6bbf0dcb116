import { SQSClient } from '@aws-sdk/client-sqs';
import { sqsSendDeliveries } from '../adapters/aws/deliveries-sqs.ts';
import { readChange } from '../adapters/aws/row-changes.ts';
import { once } from '../core/once.ts';
import { readSettings } from '../settings.ts';
import { clientTimeouts } from './aws-client-config.ts';
import { eventBusOf } from './event-bus.ts';
import { eventsOf } from './events-config.ts';
import { packedFeeds } from './feeds-file.ts';

const needed = ['deliveriesQueueUrl', 'stage', 'cliData', 'feedsFile'] as const;

const sqsClient = once(() => new SQSClient(clientTimeouts));

/** The dependencies of send-events, from its environment. Throws config `config.*`. */
export const sendEventsServices = () => {
  const { deliveriesQueueUrl, stage, cliData, feedsFile } = readSettings(process.env, needed);
  const events = eventsOf(packedFeeds(feedsFile));
  return {
    events,
    stage,
    readChange,
    putEvents: eventBusOf(events, { isLocal: cliData !== undefined }),
    sendDeliveries: sqsSendDeliveries({ client: sqsClient(), queueUrl: deliveriesQueueUrl }),
  };
};

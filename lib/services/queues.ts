import { SQSClient } from '@aws-sdk/client-sqs';
import { sqsCountWakeUps, sqsSendFeeds, sqsSendWakeUps } from '../adapters/aws/queues-sqs.ts';
import type { CountWakeUps, SendFeeds, SendWakeUps } from '../core/ports.ts';
import { type ClientTimeouts, clientsBy } from './aws-client-config.ts';

const sqsClient = clientsBy((patience) => new SQSClient(patience));

/** `enrichQueueUrl`: only where a feed has a hook. */
type Urls = { feedsQueueUrl: string; draftsQueueUrl: string; enrichQueueUrl: string | undefined };

/** For callers that only send wake-ups. */
export const wakeUps = (
  { draftsQueueUrl, enrichQueueUrl }: Omit<Urls, 'feedsQueueUrl'>,
  timeouts?: ClientTimeouts,
): SendWakeUps => sqsSendWakeUps({ client: sqsClient(timeouts), queueUrl: draftsQueueUrl, enrichQueueUrl });

/** The number of messages in a queue. */
export const countMessages = (queueUrl: string): CountWakeUps =>
  sqsCountWakeUps({ client: sqsClient(), queueUrl });

/** The queues, for sending and counting. */
export const queues = ({
  feedsQueueUrl,
  ...urls
}: Urls): { sendFeeds: SendFeeds; sendWakeUps: SendWakeUps; countWakeUps: CountWakeUps } => {
  const client = sqsClient();
  return {
    sendFeeds: sqsSendFeeds({ client, queueUrl: feedsQueueUrl }),
    sendWakeUps: wakeUps(urls),
    countWakeUps: sqsCountWakeUps({ client, queueUrl: urls.draftsQueueUrl }),
  };
};

import { SQSClient } from '@aws-sdk/client-sqs';
import { sqsCountWakeUps, sqsSendFeeds, sqsSendWakeUps } from '../adapters/aws/queues-sqs.ts';
import type { CountWakeUps, SendFeeds, SendWakeUps } from '../core/ports.ts';
import { type ClientTimeouts, clientsBy } from './aws-client-config.ts';

const sqsClient = clientsBy((patience) => new SQSClient(patience));

/** The drafts queue, for callers that only send wake-ups. */
export const wakeUps = (
  { draftsQueueUrl }: Pick<Urls, 'draftsQueueUrl'>,
  timeouts?: ClientTimeouts,
): SendWakeUps => sqsSendWakeUps({ client: sqsClient(timeouts), queueUrl: draftsQueueUrl });

type Urls = { feedsQueueUrl: string; draftsQueueUrl: string };

/** The number of messages in a queue. */
export const countMessages = (queueUrl: string): CountWakeUps =>
  sqsCountWakeUps({ client: sqsClient(), queueUrl });

/** The two queues, for sending and counting. */
export const queues = ({
  feedsQueueUrl,
  draftsQueueUrl,
}: Urls): { sendFeeds: SendFeeds; sendWakeUps: SendWakeUps; countWakeUps: CountWakeUps } => {
  const client = sqsClient();
  return {
    sendFeeds: sqsSendFeeds({ client, queueUrl: feedsQueueUrl }),
    sendWakeUps: sqsSendWakeUps({ client, queueUrl: draftsQueueUrl }),
    countWakeUps: sqsCountWakeUps({ client, queueUrl: draftsQueueUrl }),
  };
};

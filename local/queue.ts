import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';

/** An SQS queue as its consumer sees it. */
export type Queue = {
  /** How long a received message stays invisible. */
  visibilityMs: number;
  /** Receives up to `max` messages (at most 10) in Lambda's format; waits up to 20 s for the first. */
  receive: (max: number, signal: AbortSignal) => Promise<SQSRecord[]>;
  remove: (records: SQSRecord[]) => Promise<void>;
  /** The approximate number of visible messages. */
  visible: () => Promise<number>;
  /** The approximate number of visible and received messages. */
  depth: () => Promise<number>;
};

export async function openQueue(sqs: SQSClient, url: string): Promise<Queue> {
  const attributes = async (...names: QueueAttributeName[]) => {
    const response = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: names }));
    return names.map((name) => response.Attributes?.[name] ?? '');
  };
  const [visibility, arn = ''] = await attributes('VisibilityTimeout', 'QueueArn');

  return {
    visibilityMs: Number(visibility) * 1000,
    receive: async (max, signal) => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: max,
          WaitTimeSeconds: 20,
          MessageSystemAttributeNames: ['All'],
        }),
        { abortSignal: signal },
      );
      return Messages.map((message) => ({
        messageId: message.MessageId ?? '',
        receiptHandle: message.ReceiptHandle ?? '',
        body: message.Body ?? '',
        attributes: (message.Attributes ?? {}) as unknown as SQSRecord['attributes'],
        messageAttributes: {},
        md5OfBody: message.MD5OfBody ?? '',
        eventSource: 'aws:sqs',
        eventSourceARN: arn,
        awsRegion: arn.split(':')[3] ?? '',
      }));
    },
    remove: async (records) => {
      if (records.length === 0) return;
      const Entries = records.map(({ receiptHandle }, i) => ({ Id: `${i}`, ReceiptHandle: receiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
    },
    visible: async () => Number((await attributes('ApproximateNumberOfMessages'))[0]),
    depth: async () => {
      const counts = await attributes('ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible');
      return counts.reduce((sum, count) => sum + Number(count), 0);
    },
  };
}

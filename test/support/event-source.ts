import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import { lambdaContext } from './lambda-context.ts';

type Handler = (event: unknown, context: Context) => Promise<SQSBatchResponse | undefined>;

const take = async (client: SQSClient, QueueUrl: string, batchSize: number): Promise<Message[]> => {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: batchSize,
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
    }),
  );
  return Messages;
};

const eventOf = (messages: Message[]) => ({
  Records: messages.map(({ MessageId, Body, ReceiptHandle, Attributes }) => ({
    messageId: MessageId,
    body: Body,
    receiptHandle: ReceiptHandle,
    attributes: Attributes,
  })),
});

/** IDs of the messages to redeliver: all of them if the function died. */
const failedOf = async (handler: Handler, messages: Message[]): Promise<Set<string | undefined>> => {
  try {
    const response = await handler(eventOf(messages), lambdaContext());
    return new Set(response?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  } catch {
    return new Set(messages.map(({ MessageId }) => MessageId));
  }
};

/**
 * Works like an event source mapping until the queue is empty, but redelivers failed messages at once. Returns the
 * bodies of each batch.
 */
export const workOff = async (
  client: SQSClient,
  QueueUrl: string,
  handler: Handler,
  batchSize: number,
): Promise<string[][]> => {
  const batches: string[][] = [];
  for (;;) {
    const messages = await take(client, QueueUrl, batchSize);
    if (messages.length === 0) return batches;
    batches.push(messages.map(({ Body = '' }) => Body));
    const failed = await failedOf(handler, messages);
    for (const { MessageId, ReceiptHandle } of messages)
      await (failed.has(MessageId)
        ? client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }))
        : client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })));
  }
};

/** The bodies of all messages in a queue, which is empty afterwards. */
export const emptied = async (client: SQSClient, queueUrl: string): Promise<string[]> =>
  (await workOff(client, queueUrl, async () => ({ batchItemFailures: [] }), 10)).flat();

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
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    }),
  );
  return Messages;
};

const eventOf = (messages: Message[]) => ({
  Records: messages.map(({ MessageId, Body, Attributes }) => ({
    messageId: MessageId,
    body: Body,
    attributes: Attributes,
  })),
});

/** Ids of the messages that are to come again: all of them when the function died. */
const failedOf = async (handler: Handler, messages: Message[]): Promise<Set<string | undefined>> => {
  try {
    const answer = await handler(eventOf(messages), lambdaContext());
    return new Set(answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  } catch {
    return new Set(messages.map(({ MessageId }) => MessageId));
  }
};

/**
 * Does what an event source mapping does until the queue gives nothing more, but that what failed comes again at
 * once. Answers the bodies of each batch.
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

/** The bodies of all that lies in a queue; it is empty afterwards. */
export const emptied = async (client: SQSClient, queueUrl: string): Promise<string[]> =>
  (await workOff(client, queueUrl, async () => ({ batchItemFailures: [] }), 10)).flat();

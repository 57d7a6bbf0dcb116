import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { awsError } from './aws-error.ts';

type Redrive = { client: SQSClient; from: string; to: string };

const moveBatch = async ({ client, from, to }: Redrive): Promise<number> => {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl: from, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
  );
  for (const { Body, ReceiptHandle } of Messages) {
    await client.send(new SendMessageCommand({ QueueUrl: to, MessageBody: Body }));
    await client.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle }));
  }
  return Messages.length;
};

/**
 * Sends every message of a dead-letter queue again, as new ones; returns how many. One is removed only after it was
 * sent. Throws AppError `queue.*`: retryable `unreachable` and `throttled`, config `missing-queue` and `access-denied`.
 */
export const sqsRedrive =
  (redrive: Redrive): (() => Promise<number>) =>
  async () => {
    try {
      let moved = 0;
      for (let some = await moveBatch(redrive); some > 0; some = await moveBatch(redrive)) moved += some;
      return moved;
    } catch (error) {
      throw awsError('queue', 'queue', redrive.from, error);
    }
  };

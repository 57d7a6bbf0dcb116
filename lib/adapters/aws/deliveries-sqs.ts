import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import type { Delivery } from '../../core/change-events/delivery.ts';
import type { HideMessage, SendDeliveries } from '../../core/ports.ts';
import { awsError } from './aws-error.ts';
import { type SqsOptions, sendAll } from './queues-sqs.ts';

/** Sends deliveries; throws like `sqsSendFeeds`. */
export const sqsSendDeliveries = (options: SqsOptions): SendDeliveries => sendAll<Delivery>(options);

/** The message is visible again or removed, so that there is nothing to hide. */
const isOver = (error: unknown): boolean =>
  error instanceof Error && /MessageNotInflight|ReceiptHandleIsInvalid/.test(error.name);

/**
 * Hides a received message, unless its time is over or it was removed meanwhile. Throws AppError `queue.*`: retryable
 * `unreachable` and `throttled`, config `missing-queue` and `access-denied`.
 */
export const sqsHideMessage =
  ({ client, queueUrl }: SqsOptions): HideMessage =>
  async (receipt, ms) => {
    const VisibilityTimeout = Math.ceil(ms / 1000);
    const command = new ChangeMessageVisibilityCommand({
      QueueUrl: queueUrl,
      ReceiptHandle: receipt,
      VisibilityTimeout,
    });
    try {
      await client.send(command);
    } catch (error) {
      if (isOver(error)) return;
      throw awsError('queue', 'queue', queueUrl, error);
    }
  };

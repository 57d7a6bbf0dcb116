import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { SendMail } from '../../core/ports.ts';
import { awsError } from './aws-error.ts';

/**
 * Sends mail to the subscribers of an SNS topic. Throws AppError `alert.*`: config `missing-topic` and `access-denied`,
 * retryable `throttled` and `unreachable`.
 */
export const snsSendMail =
  ({ client, topicArn }: { client: Pick<SNSClient, 'send'>; topicArn: string }): SendMail =>
  async ({ subject, text }) => {
    try {
      await client.send(new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: text }));
    } catch (error) {
      throw awsError('alert', 'topic', topicArn, error);
    }
  };

import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { snsSendMail } from '../../../lib/adapters/aws/send-mail.ts';
import { ourAccess } from '../../../local/embedded/access.ts';
import { type EmbeddedSqs, startSqs } from '../../../local/embedded/sqs.ts';

// The SQS emulator also emulates SNS; a subscribed queue acts as the mailbox.
let emulator: EmbeddedSqs;
let client: SNSClient;
beforeAll(async () => {
  emulator = await startSqs();
  client = new SNSClient({ endpoint: emulator.endpoint, maxAttempts: 1, ...ourAccess() });
});
afterAll(async () => {
  client.destroy();
  await emulator.close();
});

const aTopic = async (): Promise<string> => {
  const { TopicArn } = await client.send(new CreateTopicCommand({ Name: 'Alarms' }));
  const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:FeedsQueue';
  await client.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  return TopicArn ?? '';
};

const received = async () => {
  const sqs = new SQSClient({ endpoint: emulator.endpoint, ...ourAccess() });
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: emulator.queueUrls.feeds }));
  sqs.destroy();
  return Messages?.map(({ Body }) => JSON.parse(Body ?? '{}'));
};

it('sends subject and text to the subscribers', async () => {
  const send = snsSendMail({ client, topicArn: await aTopic() });

  await send({ subject: 'rss-drafts prod: a feed', text: 'The feed cannot be read: Brücke 🌉\n' });

  expect(await received()).toMatchObject([
    { Subject: 'rss-drafts prod: a feed', Message: 'The feed cannot be read: Brücke 🌉\n' },
  ]);
});

it('reports a missing topic', async () => {
  const send = snsSendMail({ client, topicArn: 'arn:aws:sns:us-east-1:000000000000:Nowhere' });

  await expect(send({ subject: 's', text: 't' })).rejects.toMatchObject({
    kind: 'config',
    code: 'alert.missing-topic',
  });
});

it('reports a refused connection', async () => {
  const unreachable = new SNSClient({ endpoint: 'http://127.0.0.1:1', maxAttempts: 1, ...ourAccess() });
  const send = snsSendMail({ client: unreachable, topicArn: await aTopic() });

  await expect(send({ subject: 's', text: 't' })).rejects.toMatchObject({
    kind: 'retryable',
    code: 'alert.unreachable',
  });
});

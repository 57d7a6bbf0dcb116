import { setTimeout } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ourAccess } from '../../../local/embedded/access.ts';
import { type EmbeddedSqs, startSqs } from '../../../local/embedded/sqs.ts';

let sqs: EmbeddedSqs;
let client: SQSClient;
beforeEach(async () => {
  sqs = await startSqs();
  client = new SQSClient({ endpoint: sqs.endpoint, ...ourAccess() });
});
afterEach(async () => {
  client.destroy();
  await sqs.close();
});

test('the queues match infra/queues.yml, and their URLs resolve', async () => {
  const attributes = async (QueueUrl: string) =>
    (await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes;

  expect(sqs.queueUrls.drafts).toBe(`${sqs.endpoint}/000000000000/DraftsQueue`);
  expect(await attributes(sqs.queueUrls.feeds)).toMatchObject({ VisibilityTimeout: '360' });
  const drafts = await attributes(sqs.queueUrls.drafts);
  expect(drafts).toMatchObject({ VisibilityTimeout: '900', MessageRetentionPeriod: '86400' });
  expect(JSON.parse(drafts?.RedrivePolicy ?? '')).toEqual({
    deadLetterTargetArn: (await attributes(sqs.queueUrls.draftsDeadLetters))?.QueueArn,
    maxReceiveCount: 5,
  });
});

test('a message that fails five times becomes a dead letter', async () => {
  const { drafts, draftsDeadLetters } = sqs.queueUrls;
  await client.send(new SendMessageCommand({ QueueUrl: drafts, MessageBody: 'poison' }));

  for (let receive = 1; receive <= 5; receive += 1) {
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl: drafts }));
    const ReceiptHandle = Messages[0]?.ReceiptHandle;
    await client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: drafts, ReceiptHandle, VisibilityTimeout: 0 }),
    );
  }
  const sixth = await client.send(new ReceiveMessageCommand({ QueueUrl: drafts }));
  const dead = await client.send(new ReceiveMessageCommand({ QueueUrl: draftsDeadLetters }));

  expect(sixth.Messages ?? []).toEqual([]);
  expect(dead.Messages?.map(({ Body }) => Body)).toEqual(['poison']);
});

test('closes at once during a long poll', async () => {
  const impatient = new SQSClient({ endpoint: sqs.endpoint, ...ourAccess(), maxAttempts: 1 });
  const waiting = impatient
    .send(new ReceiveMessageCommand({ QueueUrl: sqs.queueUrls.feeds, WaitTimeSeconds: 20 }))
    .catch(() => 'cut off');
  await client.send(new ReceiveMessageCommand({ QueueUrl: sqs.queueUrls.feeds })); // by now the long poll has started

  await sqs.close();

  expect(await Promise.race([waiting, setTimeout(5_000, 'still waiting', { ref: false })])).toBe('cut off');
  sqs = await startSqs();
});

test('a busy port is reported in one sentence', async () => {
  const port = Number(new URL(sqs.endpoint).port);

  const second = startSqs({ port });

  await expect(second).rejects.toMatchObject({ kind: 'config', code: 'local.port-busy' });
  await expect(second).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use, so SQS cannot start`);
});

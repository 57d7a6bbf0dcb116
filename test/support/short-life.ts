// A process that works like Lambda, the schedule and the queues until it is killed. Its argument is the folder of the
// bundles, whose environment it shares. Its clock runs TIME_FACTOR times faster than real time, since EPOCH.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import { lambdaContext } from './lambda-context.ts';

const { EPOCH = '0', TIME_FACTOR = '1', FEEDS_QUEUE_URL = '', DRAFTS_QUEUE_URL = '' } = process.env;
const realNow = Date.now;
Date.now = () => Number(EPOCH) + (realNow() - Number(EPOCH)) * Number(TIME_FACTOR);

type Handler = (event: unknown, context: Context) => Promise<SQSBatchResponse | undefined>;

const require = createRequire(import.meta.url);
const handlerOf = (name: string): Handler => require(join(process.argv[2] ?? '', name, 'index.js')).handler;
const [poll, ingest, draft] = ['poll-feeds', 'ingest-feeds', 'create-draft'].map(handlerOf) as [
  Handler,
  Handler,
  Handler,
];
const sqs = new SQSClient({});
const context = lambdaContext({ remainingMs: 300_000 });

const eventOf = (messages: Message[]) => ({
  Records: messages.map(({ MessageId, Body, ReceiptHandle, Attributes }) => ({
    messageId: MessageId,
    body: Body,
    receiptHandle: ReceiptHandle,
    attributes: Attributes,
  })),
});

const work = async (QueueUrl: string, handler: Handler, batch: number) => {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: batch,
      VisibilityTimeout: 2,
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
    }),
  );
  if (Messages.length === 0) return;
  const failed = (await handler(eventOf(Messages), context))?.batchItemFailures.map(
    ({ itemIdentifier }) => itemIdentifier,
  );
  for (const { MessageId, ReceiptHandle } of Messages)
    if (!failed?.includes(MessageId ?? ''))
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
};

process.send?.('ready');
for (;;) {
  await poll({ scheduledTime: new Date(Date.now()).toISOString() }, context);
  await work(FEEDS_QUEUE_URL, ingest, 1);
  await work(DRAFTS_QUEUE_URL, draft, 10);
  await sleep(10);
}

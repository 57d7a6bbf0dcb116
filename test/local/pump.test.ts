import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Context, SQSEvent } from 'aws-lambda';
import { buildApp } from 'fauxqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { invoke } from '../../local/lambda-runtime.ts';
import { type Fault, type Mapping, type Pump, startPump } from '../../local/pump.ts';
import { openQueue } from '../../local/queue.ts';

const server = buildApp({ logger: false });
let sqs: SQSClient;
let base: string;
let queueUrl: string;
let deadUrl: string;
let count = 0;
let faults: Fault[];
let pump: Pump | undefined;

beforeAll(async () => {
  const endpoint = await server.listen({ host: '127.0.0.1', port: 0 });
  base = `${endpoint}/000000000000`;
  sqs = new SQSClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
});

afterAll(async () => {
  sqs.destroy();
  await server.close();
});

beforeEach(async () => {
  count += 1;
  faults = [];
  queueUrl = `${base}/work-${count}`;
  deadUrl = `${base}/dead-${count}`;
  await sqs.send(new CreateQueueCommand({ QueueName: `dead-${count}` }));
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:dead-${count}`,
    maxReceiveCount: 2,
  });
  const Attributes = { VisibilityTimeout: '1', RedrivePolicy };
  await sqs.send(new CreateQueueCommand({ QueueName: `work-${count}`, Attributes }));
});

afterEach(async () => {
  await pump?.close(2000);
});

type Handler = (event: SQSEvent, context: Context) => unknown;

const start = async (handler: Handler, options: Partial<Mapping> = {}, timeoutMs = 5000) => {
  const run = (event: SQSEvent) => invoke('work', handler, event, timeoutMs);
  const queue = await openQueue(sqs, queueUrl);
  pump = startPump({
    mappings: [{ queue, fn: 'work', run, batchSize: 10, concurrency: 1, ...options }],
    now: Date.now,
    onFault: (fault) => faults.push(fault),
  });
  return pump;
};

const send = async (...bodies: string[]) => {
  for (const MessageBody of bodies)
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
};

const visible = async (url: string) => {
  const AttributeNames = ['ApproximateNumberOfMessages' as const];
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames }));
  return Number(Attributes?.ApproximateNumberOfMessages);
};

const bodies = (event: SQSEvent) => event.Records.map(({ body }) => body);

describe('the pump', () => {
  test('delivers batches up to the batch size and deletes processed messages', async () => {
    await send('a', 'b', 'c');
    const batches: string[][] = [];

    const { untilIdle } = await start(async (event) => void batches.push(bodies(event)), { batchSize: 2 });
    await untilIdle();

    expect(batches).toEqual([['a', 'b'], ['c']]);
    expect(faults).toEqual([]);
    expect(await (await openQueue(sqs, queueUrl)).depth()).toBe(0);
  });

  test('calls the handler as Lambda would, with a context, event source and receive count', async () => {
    await send('a');
    let seen: unknown;

    const { untilIdle } = await start(async ({ Records: [record] }, context) => {
      seen = { left: context.getRemainingTimeInMillis(), record };
    });
    await untilIdle();

    expect(seen).toMatchObject({
      left: expect.toSatisfy((ms: number) => ms > 4000 && ms <= 5000),
      record: {
        body: 'a',
        eventSource: 'aws:sqs',
        eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:work-${count}`,
        attributes: { ApproximateReceiveCount: '1' },
      },
    });
  });

  test('redelivers only the failed records, with their receive count, when visible again', async () => {
    await send('good', 'bad');
    const deliveries: [string, string][] = [];
    const { promise: came, resolve } = Promise.withResolvers<void>();

    const { untilIdle } = await start(async ({ Records }) => {
      for (const { body, attributes } of Records) deliveries.push([body, attributes.ApproximateReceiveCount]);
      if (deliveries.length > 2) return resolve();
      const failed = Records.filter(({ body }) => body === 'bad');
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
    await untilIdle();
    const early = deliveries.length;
    await came;

    expect(early).toBe(2);
    expect(deliveries).toEqual([
      ['good', '1'],
      ['bad', '1'],
      ['bad', '2'],
    ]);
    expect(faults).toMatchObject([{ fn: 'work', messages: 1 }]);
  });

  test.each([
    ['throws', () => Promise.reject(new Error('broken'))],
    ['returns an invalid batch response', async () => ({ batchItemFailures: 'all' })],
    ['returns an unknown message ID', async () => ({ batchItemFailures: [{ itemIdentifier: 'other' }] })],
  ])('redelivers the whole batch when the handler %s', async (_, fail) => {
    await send('a', 'b');

    const { untilIdle } = await start(fail);
    await untilIdle();

    expect(faults.map(({ messages }) => messages).reduce((sum, n) => sum + n)).toBe(2);
    expect(await (await openQueue(sqs, queueUrl)).depth()).toBe(2);
  });

  test('moves a message to the dead-letter queue after its last receive', async () => {
    await send('a');
    let receives = 0;

    await start(async () => {
      receives += 1;
      throw new Error('broken');
    });
    await expect.poll(() => visible(deadUrl), { timeout: 8000 }).toBe(1);

    expect(receives).toBe(2);
    expect(faults).toHaveLength(2);
  });

  test('treats a handler that exceeds its time-out as failed', async () => {
    await send('a');

    const { untilIdle } = await start(() => new Promise(() => {}), {}, 20);
    await untilIdle();

    expect(faults).toMatchObject([{ messages: 1, error: { message: expect.stringContaining('20 ms') } }]);
  });

  test('processes batches concurrently up to the limit', async () => {
    await send('a', 'b', 'c', 'd');
    let atWork = 0;
    let most = 0;
    let partner = Promise.withResolvers<void>();

    const { untilIdle } = await start(
      async () => {
        atWork += 1;
        most = Math.max(most, atWork);
        const meet = partner;
        if (atWork === 2) {
          meet.resolve();
          partner = Promise.withResolvers();
        }
        await meet.promise;
        atWork -= 1;
      },
      { batchSize: 1, concurrency: 2 },
    );
    await untilIdle();

    expect(most).toBe(2);
  });

  test('is not idle while messages create others', async () => {
    await send('a');
    const seen: string[] = [];

    const { untilIdle } = await start(async (event) => {
      seen.push(...bodies(event));
      if (seen.length < 5) await send(`after ${bodies(event)}`);
    });
    await untilIdle();

    expect(seen).toHaveLength(5);
  });

  test('finishes current batches on close, and takes no more', async () => {
    await send('a');
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const ended: string[] = [];
    const { close } = await start(async (event) => {
      begin();
      await released;
      ended.push(...bodies(event));
    });
    await begun;

    const closed = close();
    release();
    await closed;
    await send('b');

    expect(ended).toEqual(['a']);
    expect(await visible(queueUrl)).toBe(1);
  });
});

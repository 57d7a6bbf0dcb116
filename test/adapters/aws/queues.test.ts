import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandOutput,
  type SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqsCountWakeUps, sqsSendFeeds, sqsSendWakeUps } from '../../../lib/adapters/aws/queues-sqs.ts';
import type { CountWakeUps, FeedsMessage, SendFeeds, SendWakeUps, WakeUp } from '../../../lib/core/ports.ts';
import { ourAccess } from '../../../local/embedded/access.ts';
import { createQueues, type EmbeddedSqs, startSqs } from '../../../local/embedded/sqs.ts';
import { fakeQueues } from '../../support/fake-stores.ts';

let sqs: EmbeddedSqs;
let client: SQSClient;
let made = 0;
beforeAll(async () => {
  sqs = await startSqs();
  client = new SQSClient({ endpoint: sqs.endpoint, ...ourAccess() });
});
afterAll(async () => {
  client.destroy();
  await sqs.close();
});

/** Takes all messages out of a queue, as its consumer would. */
const drain = async (QueueUrl: string): Promise<unknown[]> => {
  const bodies: unknown[] = [];
  for (;;) {
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
    const { Messages = [] }: ReceiveMessageCommandOutput = await client.send(receive);
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map(({ Body = '' }) => JSON.parse(Body)));
    const Entries = Messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
};

type Queues = {
  sendFeeds: SendFeeds;
  sendWakeUps: SendWakeUps;
  countWakeUps: CountWakeUps;
  takeFeeds: () => Promise<unknown[]>;
  takeWakeUps: () => Promise<unknown[]>;
};

const homes: { home: string; open: () => Promise<Queues> }[] = [
  {
    home: 'in memory',
    open: async () => {
      const queues = fakeQueues();
      return {
        ...queues,
        takeFeeds: async () => queues.feeds.splice(0),
        takeWakeUps: async () => queues.wakeUps.splice(0),
      };
    },
  },
  {
    home: 'in SQS',
    open: async () => {
      made += 1;
      const { feeds, drafts } = await createQueues(sqs.endpoint, `-${made}`);
      return {
        sendFeeds: sqsSendFeeds({ client, queueUrl: feeds }),
        sendWakeUps: sqsSendWakeUps({ client, queueUrl: drafts }),
        countWakeUps: sqsCountWakeUps({ client, queueUrl: drafts }),
        takeFeeds: () => drain(feeds),
        takeWakeUps: () => drain(drafts),
      };
    },
  },
];

const wakeUps = (count: number): WakeUp[] =>
  Array.from({ length: count }, (_, n) => ({ key: `k${String(n).padStart(3, '0')}`, brand: 144 }));

const byKey = (a: unknown, b: unknown): number => JSON.stringify(a).localeCompare(JSON.stringify(b));

describe.each(homes)('queues $home', ({ open }) => {
  test.each([0, 1, 9, 10, 11, 25])('accept %i wake-ups, each once', async (count) => {
    const queues = await open();

    await queues.sendWakeUps(wakeUps(count));

    expect((await queues.takeWakeUps()).sort(byKey)).toEqual(wakeUps(count));
  });

  test('deliver messages unchanged', async () => {
    const queues = await open();
    const messages: FeedsMessage[] = [{ feeds: ['a', 'größe'] }, { feeds: ['b'], manual: true }];
    const probe: WakeUp = { key: 'k', brand: 1, probe: 'brand/1' };

    await queues.sendFeeds(messages);
    await queues.sendWakeUps([probe]);

    expect((await queues.takeFeeds()).sort(byKey)).toEqual([...messages].sort(byKey));
    expect(await queues.takeWakeUps()).toEqual([probe]);
  });

  test('count the waiting wake-ups', async () => {
    const queues = await open();
    expect(await queues.countWakeUps()).toBe(0);

    await queues.sendWakeUps(wakeUps(12));

    expect(await queues.countWakeUps()).toBe(12);
  });
});

test('the SQS count includes messages in flight', async () => {
  made += 1;
  const { drafts } = await createQueues(sqs.endpoint, `-${made}`);
  await sqsSendWakeUps({ client, queueUrl: drafts })(wakeUps(3));

  await client.send(new ReceiveMessageCommand({ QueueUrl: drafts, MaxNumberOfMessages: 2 }));

  expect(await sqsCountWakeUps({ client, queueUrl: drafts })()).toBe(3);
});

type Refuse = (body: string, attempt: number) => boolean;

/** A client whose queue refuses some messages of a batch, which SQS reports in a successful response. */
const pickyClient = (refuse: Refuse) => {
  const batches: string[][] = [];
  const send = async ({ input }: SendMessageBatchCommand) => {
    const entries = input.Entries ?? [];
    batches.push(entries.map(({ MessageBody = '' }) => MessageBody));
    const isRefused = ({ MessageBody = '' }) => refuse(MessageBody, batches.length);
    const Failed = entries
      .filter(isRefused)
      .map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false }));
    const Successful = entries.filter((entry) => !isRefused(entry)).map(({ Id }) => ({ Id }));
    return { Failed, Successful };
  };
  return { batches, client: { send } as unknown as SQSClient };
};

describe('a queue that accepts a batch only partly', () => {
  const queueUrl = 'http://127.0.0.1/0/q';

  test('is sent only the refused messages again', async () => {
    const picky = pickyClient((body, attempt) => attempt === 1 && body.includes('k003'));
    const pauses: number[] = [];
    const pause = async (ms: number) => pauses.push(ms);

    await sqsSendWakeUps({ client: picky.client, queueUrl, pause })(wakeUps(5));

    expect(picky.batches.map((batch) => batch.length)).toEqual([5, 1]);
    expect(picky.batches[1]).toEqual([JSON.stringify(wakeUps(4)[3])]);
    expect(pauses).toEqual([50]);
  });

  test('is sent all other batches before any retry', async () => {
    const picky = pickyClient((body, attempt) => attempt <= 3 && body.includes('k003'));

    await sqsSendWakeUps({ client: picky.client, queueUrl, pause: async () => {} })(wakeUps(25));

    expect(picky.batches.map((batch) => batch.length)).toEqual([10, 10, 5, 1]);
  });

  test('is tried three times, then fails as retryable with the number of messages left', async () => {
    const picky = pickyClient((body) => /k00[36]/.test(body));
    const send = sqsSendWakeUps({ client: picky.client, queueUrl, pause: async () => {} });

    const sending = send(wakeUps(12));

    await expect(sending).rejects.toMatchObject({ kind: 'retryable', code: 'queue.partly-refused' });
    await expect(sending).rejects.toThrow(/did not take 2 of 12 messages in 3 tries/);
    expect(picky.batches.map((batch) => batch.length)).toEqual([10, 2, 2, 2]);
  });

  test('is never sent more bytes than a batch may have', async () => {
    const picky = pickyClient(() => false);
    const messages = Array.from({ length: 7 }, (_, n) => ({ feeds: [`${n}${'ß'.repeat(50_000)}`] }));

    await sqsSendFeeds({ client: picky.client, queueUrl })(messages);

    expect(picky.batches.map((batch) => batch.length)).toEqual([2, 2, 2, 1]);
    expect(picky.batches.flat()).toEqual(messages.map((message) => JSON.stringify(message)));
  });
});

describe('an SQS failure', () => {
  test('is config when the queue does not exist', async () => {
    const queueUrl = `${sqs.endpoint}/000000000000/nowhere`;

    await expect(sqsSendWakeUps({ client, queueUrl })(wakeUps(1))).rejects.toMatchObject({
      kind: 'config',
      code: 'queue.missing-queue',
    });
    await expect(sqsCountWakeUps({ client, queueUrl })()).rejects.toMatchObject({
      code: 'queue.missing-queue',
    });
  });

  test('is retryable when the connection is refused', async () => {
    const lost = new SQSClient({ endpoint: 'http://127.0.0.1:1', ...ourAccess(), maxAttempts: 1 });
    const queueUrl = 'http://127.0.0.1:1/000000000000/q';

    await expect(sqsSendWakeUps({ client: lost, queueUrl })(wakeUps(1))).rejects.toMatchObject({
      kind: 'retryable',
      code: 'queue.unreachable',
    });
  });
});

test('a feeds message with a delay is held back by SQS', async () => {
  made += 1;
  const { feeds: queueUrl } = await createQueues(sqs.endpoint, `-${made}`);
  const later: FeedsMessage = { feeds: ['b'], delaySeconds: 20 };

  await sqsSendFeeds({ client, queueUrl })([later, { feeds: ['a'] }]);

  expect(await drain(queueUrl)).toEqual([{ feeds: ['a'] }]);
  const AttributeNames = ['ApproximateNumberOfMessagesDelayed' as const];
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames }),
  );
  expect(Attributes).toEqual({ ApproximateNumberOfMessagesDelayed: '1' });
});

import type { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { sqsSendWakeUps } from '../lib/adapters/aws/queues-sqs.ts';
import { parseFeed } from '../lib/adapters/feeds/parse-feed.ts';
import { retryable } from '../lib/core/errors.ts';
import { WakeUp } from '../lib/core/polling/feed-message.ts';
import { ingestFeeds } from '../lib/jobs/ingest/ingest-feeds.ts';
import { queueHandler } from '../lib/lambda/queue-handler.ts';
import { story } from './support/entries.ts';
import { lambdaContext } from './support/lambda-context.ts';
import { takePrinted } from './support/printed.ts';
import { sqsEvent } from './support/sqs-event.ts';
import { world } from './support/world.ts';

// Each defect was found in the source code of a tool that is in use today. The title states the correct
// behavior.

const stories = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => story(to - i));
const texts = (w: ReturnType<typeof world>) => w.posts.map(({ post }) => post.text);

/** A world that has polled its feed once with these entries. */
const begun = async (entries = [story(1)], ...given: Parameters<typeof world>) => {
  const w = world(...given);
  w.publish(entries);
  await w.poll();
  return w;
};

describe('a defect found in other tools', () => {
  it('1a: an undated entry is drafted', async () => {
    const w = await begun([story(1, { published: '2026-01-01T00:00:00.000Z' })]);
    w.publish([story(2), story(1)]);

    await w.minutes(2);

    expect(texts(w)).toEqual(['Story 2']);
  });

  it('1b: a date in the future does not silence a feed', async () => {
    const w = await begun();
    w.publish([story(2, { published: '2090-01-01T00:00:00.000Z' }), story(1)]);
    await w.minutes(2);
    w.publish([story(3, { published: '2026-01-01T12:05:00.000Z' }), story(2), story(1)]);

    await w.minutes(2);

    expect(texts(w)).toEqual(['Story 2', 'Story 3']);
  });

  it('2: entries that a run had no time for are drafted later', async () => {
    const w = await begun();
    w.publish(stories(1, 40));
    let calls = 0;
    const short = { ...w.call, remainingMs: () => (++calls > 10 ? 0 : 30_000) };
    await expect(
      ingestFeeds(w.services)({ feeds: ['newsroom'], receiveCount: 1 }, short),
    ).rejects.toMatchObject({ kind: 'retryable' });

    await w.minutes(4);

    expect(texts(w)).toHaveLength(39);
  });

  it('3: deleting the last seen entry does not make the whole feed new', async () => {
    const w = await begun(stories(1, 10));
    w.publish(stories(1, 9));

    await w.minutes(2);

    expect(w.sent).toEqual([]);
  });

  it('4a: an entry dated before the last poll but listed after it is drafted', async () => {
    const old = story(0, { published: '2025-12-30T10:00:00.000Z' });
    const there = story(2, { published: '2025-12-31T10:00:00.000Z' });
    const w = await begun([there, old]);
    w.publish([there, story(1, { published: '2025-12-31T09:00:00.000Z' }), old]);

    await w.minutes(2);

    expect(texts(w)).toEqual(['Story 1']);
  });

  it('4b: an entry that failed is not stored as seen', async () => {
    let failing = false;
    const before = (name: string) => {
      if (failing && name === 'ledger.insert') throw retryable('store.throttled', 'busy');
    };
    const w = await begun([story(1)], [{}], { before });
    w.publish([story(2), story(1)]);
    failing = true;
    await w.poll().catch(() => {});
    failing = false;

    await w.minutes(2);

    expect(texts(w)).toEqual(['Story 2']);
  });

  it('5: IDs with a common prefix or the same last 64 characters stay distinct', async () => {
    const tail = '/'.padEnd(64, 'x');
    const ids = [`a${tail}`, `b${tail}`, 'https://www.example.com/post/12', 'https://www.example.com/post/1'];
    const w = await begun([]);
    w.publish(ids.map((id, i) => story(i, { id, link: null })));

    await w.minutes(2);

    expect(texts(w)).toHaveLength(4);
  });

  it('6: the feed row with its validators is saved after the entries', async () => {
    const saves: string[] = [];
    const w = await begun([story(1)], [{}], { before: (name) => void saves.push(name) });
    w.publish([story(2), story(1)]);
    saves.length = 0;

    await w.poll();

    const order = saves.filter((name) =>
      ['ledger.insert', 'queues.sendWakeUps', 'feeds.save'].includes(name),
    );
    expect(order).toEqual([
      ...['ledger.insert', 'ledger.insert', 'ledger.insert', 'ledger.insert'], // three pointers, then the entry
      ...['queues.sendWakeUps', 'feeds.save'],
    ]);
  });

  it('7: 25 messages are sent in batches of at most ten', async () => {
    const sizes: number[] = [];
    const send = async ({ input }: SendMessageBatchCommand) => {
      sizes.push(input.Entries?.length ?? 0);
      return { Successful: input.Entries?.map(({ Id }) => ({ Id })), Failed: [] };
    };
    const client = { send } as unknown as SQSClient;

    await sqsSendWakeUps({ client, queueUrl: 'http://127.0.0.1/q' })(
      stories(1, 25).map(({ id }) => ({ key: id ?? '', brand: 1 })),
    );

    expect(sizes.reduce((a, b) => a + b)).toBe(25);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
  });

  it('8: a message delivered again after its success makes no second draft', async () => {
    const w = await begun();
    w.publish([story(2), story(1)]);
    await w.poll();
    const [message] = w.stores.queues.wakeUps as [WakeUp];

    for (let i = 0; i < 5; i++) await w.work(message);

    expect(texts(w)).toEqual(['Story 2']);
  });

  it('9: the first entry on an initially empty feed is drafted', async () => {
    const w = await begun([]);
    w.publish([story(1)]);

    await w.minutes(2);

    expect(texts(w)).toEqual(['Story 1']);
  });

  it('10: an entry that stays in a long feed is not drafted again', async () => {
    const w = await begun(stories(1, 300));
    for (let n = 301; n < 320; n++) {
      w.publish([...stories(301, n), ...stories(1, 300)]);
      await w.minutes(1);
    }

    expect(new Set(texts(w)).size).toBe(19);
    expect(texts(w)).toHaveLength(19);
  });

  it('11: a 429 at the first poll does not reject the address', async () => {
    const w = world();
    w.publish(retryable('feed.throttled', 'asked to wait', { retryAfterMs: 60_000 }));
    await w.minutes(1);
    w.publish([story(1)]);
    await w.minutes(10);
    w.publish([story(2), story(1)]);

    await w.minutes(2);

    expect(texts(w)).toEqual(['Story 2']);
  });

  it('12: when one of two targets fails, only that one is repeated', async () => {
    const w = world([{}, { id: 'other', url: 'https://www.example.com/other.xml', brandId: 7 }]);
    await w.minutes(1);
    w.publish([story(1)]);
    w.publish([story(1)], 'other');
    await w.poll();
    const [first, second] = w.stores.queues.wakeUps as [WakeUp, WakeUp];
    await w.work(first);
    w.state.response = 'not-created';
    await w.work(second);
    w.state.response = 'created';

    await w.minutes(5);

    expect(w.posts.map(({ post }) => post.brand_id).sort()).toEqual([144, 7]);
  });

  it('13: an RSS root without a channel is parsed or refused with a code', async () => {
    const document = {
      bytes: Buffer.from('<rss version="2.0"></rss>'),
      contentType: 'text/xml',
      url: 'https://www.example.com/feed',
    };

    const read = await parseFeed(document).then(
      ({ entries }) => entries,
      (error: unknown) => error,
    );

    if (!Array.isArray(read))
      expect(read).toMatchObject({
        name: 'AppError',
        kind: 'permanent',
        code: expect.stringMatching(/^feed\./),
      });
  });

  it('14: a refused token opens the circuit and keeps the entry queued', async () => {
    const w = await begun();
    w.publish([story(2), story(1)]);
    await w.poll();
    w.state.response = 'unauthorized';

    await w.deliverWakeUps();

    expect(w.reported('circuit.opened')).toMatchObject([{ scope: 'all', reason: 'unauthorized' }]);
    expect(w.rowTitled('Story 2')?.state).toBe('queued');
  });

  it('14: a job that throws is reported to the queue as failed', async () => {
    const failing = async () => {
      throw new Error('a bug');
    };
    takePrinted();
    onTestFinished(() => void vi.restoreAllMocks());
    const handler = queueHandler(
      WakeUp,
      () => failing,
      () => ({}),
    );

    const { batchItemFailures } = await handler(sqsEvent([{ key: 'a', brand: 1 }]), lambdaContext());

    expect(batchItemFailures).toHaveLength(1);
  });
});

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

// Each of these was read in the source of a tool that people use for this today. None of them is to happen here.

const stories = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => story(to - i));
const texts = (w: ReturnType<typeof world>) => w.posts.map(({ post }) => post.text);

/** A world that has polled its feed once, with these entries there. */
const begun = async (entries = [story(1)], ...given: Parameters<typeof world>) => {
  const w = world(...given);
  w.publish(entries);
  await w.poll();
  return w;
};

describe('a defect that others have and we do not', () => {
  it('1a: undated entries never fire', async () => {
    const w = await begun([story(1, { published: '2026-01-01T00:00:00.000Z' })]);
    w.publish([story(2), story(1)]);

    await w.minutes(2);

    expect(texts(w)).toEqual(['Story 2']);
  });

  it('1b: one date in the future silences a feed', async () => {
    const w = await begun();
    w.publish([story(2, { published: '2090-01-01T00:00:00.000Z' }), story(1)]);
    await w.minutes(2);
    w.publish([story(3, { published: '2026-01-01T12:05:00.000Z' }), story(2), story(1)]);

    await w.minutes(2);

    expect(texts(w)).toEqual(['Story 2', 'Story 3']);
  });

  it('2: what a run has no time for is recorded as seen and never comes', async () => {
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

  it('3: when the last seen entry is deleted upstream, the whole feed counts as new', async () => {
    const w = await begun(stories(1, 10));
    w.publish(stories(1, 9));

    await w.minutes(2);

    expect(w.sent).toEqual([]);
  });

  it('4a: an entry listed after the poll but dated before it is lost', async () => {
    const old = story(0, { published: '2025-12-30T10:00:00.000Z' });
    const there = story(2, { published: '2025-12-31T10:00:00.000Z' });
    const w = await begun([there, old]);
    w.publish([there, story(1, { published: '2025-12-31T09:00:00.000Z' }), old]);

    await w.minutes(2);

    expect(texts(w)).toEqual(['Story 1']);
  });

  it('4b: an entry that failed is stored as seen', async () => {
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

  it('5: ids that share their last 64 characters, or of which one begins like the other, are taken for one', async () => {
    const tail = '/'.padEnd(64, 'x');
    const ids = [`a${tail}`, `b${tail}`, 'https://www.example.com/post/12', 'https://www.example.com/post/1'];
    const w = await begun([]);
    w.publish(ids.map((id, i) => story(i, { id, link: null })));

    await w.minutes(2);

    expect(texts(w)).toHaveLength(4);
  });

  it('6: the validators are saved before the entries are, and the next polls say "not modified"', async () => {
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

  it('7: a batch of 25 messages is refused whole, logged, and the entries recorded as done', async () => {
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

  it('8: a message that comes again after its success is worked on again', async () => {
    const w = await begun();
    w.publish([story(2), story(1)]);
    await w.poll();
    const [message] = w.stores.queues.wakeUps as [WakeUp];

    for (let i = 0; i < 5; i++) await w.work(message);

    expect(texts(w)).toEqual(['Story 2']);
  });

  it('9: an empty feed at the first poll makes its first real entry part of the baseline', async () => {
    const w = await begun([]);
    w.publish([story(1)]);

    await w.minutes(2);

    expect(texts(w)).toEqual(['Story 1']);
  });

  it('10: the list of what was seen is shorter than an entry’s stay in the feed, and it is posted again', async () => {
    const w = await begun(stories(1, 300));
    for (let n = 301; n < 320; n++) {
      w.publish([...stories(301, n), ...stories(1, 300)]);
      await w.minutes(1);
    }

    expect(new Set(texts(w)).size).toBe(19);
    expect(texts(w)).toHaveLength(19);
  });

  it('11: a 429 at the first poll counts as a wrong address', async () => {
    const w = world();
    w.publish(retryable('feed.throttled', 'asked to wait', { retryAfterMs: 60_000 }));
    await w.minutes(1);
    w.publish([story(1)]);
    await w.minutes(10);
    w.publish([story(2), story(1)]);

    await w.minutes(2);

    expect(texts(w)).toEqual(['Story 2']);
  });

  it('12: one of two targets fails, and both are repeated', async () => {
    const w = world([{}, { id: 'other', url: 'https://www.example.com/other.xml', brandId: 7 }]);
    await w.minutes(1);
    w.publish([story(1)]);
    w.publish([story(1)], 'other');
    await w.poll();
    const [first, second] = w.stores.queues.wakeUps as [WakeUp, WakeUp];
    await w.work(first);
    w.state.answer = 'not-created';
    await w.work(second);
    w.state.answer = 'created';

    await w.minutes(5);

    expect(w.posts.map(({ post }) => post.brand_id).sort()).toEqual([144, 7]);
  });

  it('13: an RSS root without a channel ends in a bare TypeError', async () => {
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

  it('14: a refused token turns into a successful run without an alarm', async () => {
    const w = await begun();
    w.publish([story(2), story(1)]);
    await w.poll();
    w.state.answer = 'unauthorized';

    await w.deliverWakeUps();

    expect(w.reported('circuit.opened')).toMatchObject([{ scope: 'all', reason: 'unauthorized' }]);
    expect(w.rowTitled('Story 2')?.state).toBe('queued');
  });

  it('14: and a job that throws is told to the queue as failed', async () => {
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

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchFeeds } from '../../lib/adapters/feeds/fetch-feed.ts';
import { readsFeeds } from '../../lib/adapters/feeds/parse-feed.ts';
import { type Limits, taskRunner } from '../../lib/adapters/feeds/worker/run-task.ts';
import type { FeedConfig } from '../../lib/core/config/config.ts';
import { rssOf } from '../support/embedded-world.ts';
import { story } from '../support/entries.ts';
import { hookWorld } from '../support/hook-world.ts';
import { hostileDocument } from '../support/hostile-documents.ts';
import { type LocalPublisher, localPublisher } from '../support/local-publisher.ts';

const good = ['newsroom', 'journal', 'shop'];
const stories = Array.from({ length: 40 }, (_, n) => story(n));
const endless =
  '{% for a in (1..9999) %}{% for b in (1..9999) %}{{ title | upcase }}{% endfor %}{% endfor %}';

const sentOf = (document: Uint8Array | string) => ({
  bytes: Buffer.from(document),
  contentType: null,
  url: 'https://publisher.example/feed',
});

/** A third of the time this machine needs for the document, including the start of the thread. */
const tooLittleFor = async (document: Uint8Array): Promise<number> => {
  const started = performance.now();
  await readsFeeds(taskRunner({ deadlineMs: 60_000, maxHeapMb: 384 })).identifyFeed(sentOf(document));
  return Math.round((performance.now() - started) / 3);
};

const slow = () => hostileDocument('a base just short enough for many links', 9_900_000);

type Case = {
  document: () => Uint8Array | string;
  limits: () => Promise<Limits>;
  feed?: Partial<FeedConfig>;
};

const cases: [name: string, code: string, message: RegExp, Case][] = [
  [
    'takes too long to read',
    'feed.too-slow',
    /^Reading the document took longer than the allowed \d+ ms\.$/,
    {
      document: slow,
      limits: async () => ({ deadlineMs: await tooLittleFor(slow()), maxHeapMb: 384 }),
    },
  ],
  [
    'takes too much memory to read',
    'feed.too-large',
    /^Reading the document needed more than the allowed 32 MB of memory\.$/,
    {
      document: () => hostileDocument('every known field many times', 8_000_000),
      limits: async () => ({ deadlineMs: 60_000, maxHeapMb: 32 }),
    },
  ],
  [
    'takes too long to render',
    'feed.too-slow',
    /^Rendering the posts of its entries took longer than the allowed 3000 ms\.$/,
    {
      document: () => rssOf(stories),
      limits: async () => ({ deadlineMs: 3_000, maxHeapMb: 384 }),
      feed: { caption: endless },
    },
  ],
];

let publisher: LocalPublisher;
let served: Uint8Array | string;
beforeEach(async () => {
  publisher = await localPublisher(({ url }, response) =>
    response
      .writeHead(200, { 'content-type': 'application/rss+xml' })
      .end(url === '/heavy' ? served : rssOf([story(`of ${url}`)])),
  );
});
afterEach(() => publisher[Symbol.asyncDispose]());

/** One message with a heavy feed and good ones, and a webhook delivery while the heavy one is processed. */
const pollAll = async ({ document, limits, feed }: Case) => {
  served = document();
  const at = (id: string) => ({ id, url: `${publisher.origin}/${id}`, allowPrivate: true });
  const w = hookWorld(undefined, [{ ...at('heavy'), ...feed }, ...good.map(at)]);
  const reads = readsFeeds(taskRunner(await limits()));
  const fetchFeed = fetchFeeds({ now: w.services.clock, userAgent: 'rss-drafts-test' });
  Object.assign(w.services, { ...reads, fetchFeed });
  await reads.identifyFeed(sentOf(rssOf(stories))); // starts the thread

  const polled = w.poll();
  const answer = await w.deliver({ id: 'cms-1', title: 'Meanwhile', link: 'https://www.example.com/1' });
  const failedBefore = w.reported('poll.failed').length;
  await polled;
  return { w, answer, failedBefore };
};

describe('a document that', () => {
  it.each(cases)('%s is recorded as a failure of its feed only', async (_, code, message, one) => {
    const { w, answer, failedBefore } = await pollAll(one);

    const rows = w.stores.feedStore.memory.feeds;
    expect(rows.get('heavy')).toMatchObject({
      trouble: { code, message: expect.stringMatching(message), failures: 1 },
      facts: null,
    });
    for (const id of good) expect(rows.get(id)).toMatchObject({ trouble: null, counts: { seen: 1 } });
    expect([answer.outcome, failedBefore]).toEqual(['queued', 0]);
    expect(w.rows().filter(({ feed }) => feed === 'heavy')).toEqual([]);
  });
});

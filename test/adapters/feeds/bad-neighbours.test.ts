import { createServer as createSocketServer } from 'node:net';
import zlib from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { fetchFeeds } from '../../../lib/adapters/feeds/fetch-feed.ts';
import { parseFeed, readsFeeds } from '../../../lib/adapters/feeds/parse-feed.ts';
import { ingestFeeds } from '../../../lib/jobs/ingest/ingest-feeds.ts';
import { localPublisher } from '../../support/local-publisher.ts';
import { world } from '../../support/world.ts';

const GOOD =
  '<rss version="2.0"><channel><title>F</title><item><guid>1</guid><title>One</title></item></channel></rss>';
const PATIENCE_MS = 3_000;

const closers: AsyncDisposable[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((one) => one[Symbol.asyncDispose]()));
});

type Response = Parameters<typeof localPublisher>[0];
/** Each on its own port, which makes it its own host. */
const at = async (answer: Response): Promise<string> => {
  const publisher = await localPublisher(answer);
  closers.push(publisher);
  return `${publisher.origin}/feed`;
};

const closedPort = async (): Promise<string> => {
  const server = createSocketServer();
  const port = await new Promise<number>((done) =>
    server.listen(0, '127.0.0.1', () => done((server.address() as { port: number }).port)),
  );
  await new Promise((done) => server.close(done));
  return `http://127.0.0.1:${port}/feed`;
};

const junk = `<rss><channel>${'<item><title>junk &lt;b&gt; </title></item>'.repeat(80_000)}`;
const bomb = zlib.gzipSync(Buffer.alloc(60_000_000, 'x'));

const bad = async (): Promise<Record<string, string>> => ({
  silent: await at(() => {}),
  dripping: await at((_, response) => {
    response.writeHead(200, { 'content-type': 'application/rss+xml' });
    const drip = setInterval(() => response.write(' '), 20);
    response.once('close', () => clearInterval(drip));
  }),
  refused: await closedPort(),
  forbidden: 'http://169.254.169.254/latest/meta-data',
  oversized: await at((_, response) => response.end(Buffer.alloc(12_000_000, 'x'))),
  bomb: await at((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)),
  heavy: await at((_, response) => response.end(junk)),
  page: await at((_, response) => response.end('<!doctype html><title>Not here</title>')),
  broken: await at((_, response) => response.writeHead(500).end()),
  looping: await at((request, response) => response.writeHead(302, { location: request.url }).end()),
});

/** Polls these feeds in one message; returns when each was done, in milliseconds from the start. */
const pollAll = async (urls: Record<string, string>) => {
  const w = world(Object.entries(urls).map(([id, url]) => ({ id, url, allowPrivate: true })));
  const doneAt = new Map<string, number>();
  const services = {
    ...w.services,
    ...readsFeeds(),
    fetchFeed: (request: Parameters<ReturnType<typeof fetchFeeds>>[0]) =>
      fetchFeeds({ now: Date.now, userAgent: 'rss-drafts-test' })({ ...request, deadlineMs: PATIENCE_MS }),
  };
  const start = performance.now();
  const call = {
    remainingMs: () => 30_000,
    report: (reported: Parameters<typeof w.call.report>[0]) => {
      if ('feed' in reported && reported.event.startsWith('poll.'))
        doneAt.set(reported.feed, performance.now() - start);
    },
  };
  await ingestFeeds(services)({ feeds: Object.keys(urls), receiveCount: 1 }, call);
  return { doneAt, took: performance.now() - start, rows: w.stores.feedStore.memory.feeds };
};

describe('feeds that cannot be read', () => {
  it('do not affect the other feeds in their message', async () => {
    const good = Object.fromEntries(
      await Promise.all(
        Array.from({ length: 5 }, async (_, n) => [
          `good-${n}`,
          await at((_, response) => response.end(GOOD)),
        ]),
      ),
    );
    const bads = await bad();
    await parseFeed({ bytes: Buffer.from(GOOD), contentType: null, url: '' }); // starts the worker thread

    const { doneAt, took, rows } = await pollAll({ ...bads, ...good });

    for (const id of Object.keys(good)) {
      expect(rows.get(id)).toMatchObject({ trouble: null, counts: { seen: 1 } });
      expect(doneAt.get(id)).toBeLessThan(PATIENCE_MS / 2); // while the slow ones are still pending
    }
    expect(took).toBeGreaterThan(PATIENCE_MS - 50);
    expect(
      Object.fromEntries(Object.keys(bads).map((id) => [id, rows.get(id)?.trouble?.code ?? null])),
    ).toEqual({
      silent: 'feed.timeout',
      dripping: 'feed.timeout',
      refused: 'feed.unreachable',
      forbidden: 'feed.refused',
      oversized: 'feed.too-large',
      bomb: 'feed.too-large',
      heavy: null,
      page: 'feed.html-page',
      broken: 'feed.server-error',
      looping: 'feed.redirect',
    });
  });

  it('delay another feed on their host by no more than their timeout', async () => {
    const silent = await at((request, response) => void (request.url === '/good' && response.end(GOOD)));

    const { doneAt, rows } = await pollAll({ silent, good: silent.replace('/feed', '/good') });

    expect(rows.get('good')).toMatchObject({ trouble: null });
    expect(doneAt.get('good')).toBeLessThan(PATIENCE_MS + 1_000);
  });
});

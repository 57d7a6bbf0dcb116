import type { RequestListener } from 'node:http';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { fetchFeeds } from '../../../lib/adapters/feeds/fetch-feed.ts';
import type { FetchResponse } from '../../../lib/core/ports.ts';
import { localPublisher } from '../../support/local-publisher.ts';
import { ask, OPTIONS } from './fetch-here.ts';

describe('a timeout', () => {
  const drip = (response: { write: (text: string) => boolean; destroyed: boolean }) => {
    const timer = setInterval(() => (response.destroyed ? clearInterval(timer) : response.write('x')), 10);
  };
  const timed = async (fetching: Promise<FetchResponse>) => {
    const since = performance.now();
    const failure = await fetching.then(
      () => new Error('none'),
      (error) => error,
    );
    return { failure, tookMs: performance.now() - since };
  };

  it.each<[string, string, RequestListener]>([
    ['a silent server', 'to respond', () => {}],
    [
      'headers that trickle',
      'to respond',
      ({ socket }) => socket.write('HTTP/1.1 200 OK\r\nX: ', () => drip(socket)),
    ],
  ])('ends the wait for %s', async (_name, what, answer) => {
    await using publisher = await localPublisher(answer);
    const fetchFeed = fetchFeeds({ ...OPTIONS, headersMs: 100 });

    const { failure, tookMs } = await timed(fetchFeed(ask(publisher.origin)));

    expect(failure).toMatchObject({ kind: 'retryable', code: 'feed.timeout' });
    expect(failure.message).toBe(`${publisher.host} took more than 100 ms ${what}`);
    expect(tookMs).toBeLessThan(2_000);
  });

  it('ends the wait for a body that trickles', async () => {
    await using publisher = await localPublisher((_request, response) => {
      response.writeHead(200);
      drip(response);
    });

    const { failure, tookMs } = await timed(fetchFeeds(OPTIONS)(ask(publisher.origin, { deadlineMs: 150 })));

    expect(failure).toMatchObject({ kind: 'retryable', code: 'feed.timeout' });
    expect(failure.message).toContain('150 ms in all');
    expect(tookMs).toBeLessThan(2_000);
  });

  it('covers all redirects together', async () => {
    await using publisher = await localPublisher((_request, response) => {
      setTimeout(() => response.writeHead(302, { location: '/' }).end(), 80);
    });

    const { failure } = await timed(fetchFeeds(OPTIONS)(ask(publisher.origin, { deadlineMs: 150 })));

    expect(failure).toMatchObject({ code: 'feed.timeout' });
    expect(publisher.visits.length).toBeLessThanOrEqual(2);
  });

  it('ends the wait for a resolver that never responds', async () => {
    const fetchFeed = fetchFeeds({ ...OPTIONS, connectMs: 100, lookup: () => {} });

    const { failure, tookMs } = await timed(fetchFeed(ask('http://feeds.test/')));

    expect(failure).toMatchObject({ kind: 'retryable', code: 'feed.timeout' });
    expect(failure.message).toContain('to connect');
    expect(tookMs).toBeLessThan(2_000);
  });

  it('ends the wait for a TLS handshake that never completes', async () => {
    const sockets = new Set<net.Socket>();
    const silent = net.createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as net.AddressInfo;
    const fetchFeed = fetchFeeds({ ...OPTIONS, connectMs: 100 });

    const { failure } = await timed(fetchFeed(ask(`https://127.0.0.1:${port}/`)));
    for (const socket of sockets) socket.destroy();
    silent.close();

    expect(failure).toMatchObject({ kind: 'retryable', code: 'feed.timeout' });
    expect(failure.message).toContain('to connect');
  });

  it('leaves no connection open, whatever the result', async () => {
    const keptOpen = (answer: string) => `HTTP/1.1 ${answer}\r\nConnection: keep-alive\r\n`;
    await using publisher = await localPublisher(({ url, socket }, response) => {
      if (url === '/304') socket.write(`${keptOpen('304 Not Modified')}\r\n`);
      else if (url === '/whole') socket.write(`${keptOpen('200 OK')}Content-Length: 6\r\n\r\n<rss/>`);
      else if (url === '/404') response.writeHead(404).write('for ever');
      else if (url === '/nowhere') response.writeHead(302).write('for ever');
      else response.writeHead(200, { 'content-length': '999999999' }).write('for ever');
    });

    const validators = { etag: '"1"', lastModified: null };
    for (const path of ['/304', '/whole', '/404', '/nowhere', '/large'])
      await fetchFeeds(OPTIONS)(ask(`${publisher.origin}${path}`, { deadlineMs: 60_000, validators })).catch(
        () => {},
      );
    const closed = publisher.visits.map(
      ({ socket }) => socket.destroyed || new Promise((resolve) => socket.once('close', () => resolve(true))),
    );

    expect(await Promise.all(closed)).toEqual([true, true, true, true, true]);
  });
});

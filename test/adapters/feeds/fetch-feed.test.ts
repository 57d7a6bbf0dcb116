import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { localPublisher } from '../../support/local-publisher.ts';
import { always, ask, fetchFeed, NOW, USER_AGENT } from './fetch-here.ts';

describe('fetchFeeds, a document', () => {
  it('returns the bytes, the content type, and the validators for the next request', async () => {
    await using publisher = await localPublisher(
      always(
        200,
        { 'content-type': 'text/xml; charset=x', etag: '"1"', 'last-modified': 'Some Day' },
        '<rss/>',
      ),
    );

    const answer = await fetchFeed(ask(`${publisher.origin}/feed?a=b`));

    expect(answer).toEqual({
      kind: 'document',
      bytes: Buffer.from('<rss/>'),
      contentType: 'text/xml; charset=x',
      url: `${publisher.origin}/feed?a=b`,
      validators: { etag: '"1"', lastModified: 'Some Day' },
      hints: { freshUntil: null },
    });
    expect(publisher.visits[0]?.url).toBe('/feed?a=b');
  });

  it.each([
    ['max-age', { 'cache-control': 'max-age=600' }],
    ['Expires', { expires: new Date(NOW + 600_000).toUTCString(), date: new Date(NOW).toUTCString() }],
  ])('returns its freshness from %s, also when unchanged', async (_name, headers) => {
    await using publisher = await localPublisher((request, response) => {
      response.writeHead(request.headers['if-none-match'] ? 304 : 200, headers).end();
    });

    const first = await fetchFeed(ask(publisher.origin));
    const second = await fetchFeed(
      ask(publisher.origin, { validators: { etag: '"1"', lastModified: null } }),
    );

    expect(first).toMatchObject({ kind: 'document', hints: { freshUntil: NOW + 600_000 } });
    expect(second).toMatchObject({ kind: 'unchanged', hints: { freshUntil: NOW + 600_000 } });
  });

  it('returns the WebSub hub of its Link headers', async () => {
    const link = '</feed>; rel="self", </hub>; rel=hub';
    await using publisher = await localPublisher(always(200, { link }, '<rss/>'));

    const answer = await fetchFeed(ask(`${publisher.origin}/feed`));

    expect(answer).toMatchObject({ hints: { hub: `${publisher.origin}/hub` } });
  });

  it('is requested with the user agent and accepted formats, and nothing else', async () => {
    await using publisher = await localPublisher(always(200, { 'set-cookie': 'id=1' }));

    await fetchFeed(ask(publisher.origin));
    await fetchFeed(ask(publisher.origin));

    for (const { headers } of publisher.visits)
      expect(headers).toEqual({
        host: publisher.host,
        'user-agent': USER_AGENT,
        accept: expect.stringMatching(
          /application\/atom\+xml.*application\/rss\+xml.*application\/feed\+json/,
        ),
        'accept-encoding': 'br, zstd, gzip, deflate',
        connection: 'close',
      });
  });

  it.each([
    ['status 202, used by some bot protection', 202],
    ['status 203, used by transforming proxies', 203],
    ['status 226, a delta with entries', 226],
  ])('may come with %s', async (_name, status) => {
    await using publisher = await localPublisher(always(status, {}, '<rss/>'));

    await expect(fetchFeed(ask(publisher.origin))).resolves.toMatchObject({ kind: 'document' });
  });
});

describe('fetchFeeds, validators', () => {
  it.each([
    ['a weak one', 'W/"abc"', 'Sat, 01 Aug 2026 10:00:00 GMT'],
    ['one without quotes', 'abc', 'yesterday'],
    [
      'one with bytes beyond ASCII',
      Buffer.from('"é—ü"').toString('latin1'),
      'Sam., 1 aoû 2026'.replace('û', '\xfb'),
    ],
    ['one with blanks inside', '"a  b"', 'Sat,  01 Aug 2026 10:00:00  GMT'],
    ['one with the suffix of a compressing proxy', '"abc-gzip"', 'Sat, 01 Aug 2026 10:00:00 +0000'],
  ])('are returned byte for byte: %s', async (_name, etag, lastModified) => {
    await using publisher = await localPublisher((request, response) => {
      const isKnown =
        request.headers['if-none-match'] === etag && request.headers['if-modified-since'] === lastModified;
      response.writeHead(isKnown ? 304 : 200, { etag, 'last-modified': lastModified }).end();
    });

    const first = await fetchFeed(ask(publisher.origin));
    const validators = first.kind === 'document' ? first.validators : null;
    const second = await fetchFeed(ask(publisher.origin, { validators }));

    expect(validators).toEqual({ etag, lastModified });
    expect(second.kind).toBe('unchanged');
  });

  it('are left out when a forced refresh bypasses caches', async () => {
    await using publisher = await localPublisher(always(200));

    await fetchFeed(ask(publisher.origin, { validators: { etag: '"1"', lastModified: 'x' }, noCache: true }));

    expect(publisher.visits[0]?.headers).toMatchObject({ 'cache-control': 'no-cache' });
    expect(publisher.visits[0]?.headers).not.toHaveProperty('if-none-match');
    expect(publisher.visits[0]?.headers).not.toHaveProperty('if-modified-since');
  });

  it('that are not valid in a header are left out', async () => {
    await using publisher = await localPublisher(always(200));

    await fetchFeed(ask(publisher.origin, { validators: { etag: '"1"\r\nx: y', lastModified: '' } }));

    expect(publisher.visits[0]?.headers).not.toHaveProperty('if-none-match');
    expect(publisher.visits[0]?.headers).not.toHaveProperty('if-modified-since');
    expect(publisher.visits[0]?.headers).not.toHaveProperty('x');
  });

  it('are required for a 304; without them it is a server error', async () => {
    await using publisher = await localPublisher(always(304));

    await expect(fetchFeed(ask(publisher.origin))).rejects.toMatchObject({
      kind: 'retryable',
      code: 'feed.unasked-304',
    });
  });
});

describe('fetchFeeds, gzip', () => {
  it('is detected whether or not it is declared', async () => {
    await using publisher = await localPublisher(({ url }, response) => {
      if (url === '/labelled') response.writeHead(200, { 'content-encoding': 'gzip' }).end('<rss/>');
      else response.writeHead(200, { 'content-type': 'application/x-gzip' }).end(gzipSync('<rss/>'));
    });

    const labelled = await fetchFeed(ask(`${publisher.origin}/labelled`));
    const unlabelled = await fetchFeed(ask(`${publisher.origin}/feed.xml.gz`));

    expect([labelled, unlabelled]).toMatchObject([
      { bytes: Buffer.from('<rss/>') },
      { bytes: Buffer.from('<rss/>') },
    ]);
  });
});

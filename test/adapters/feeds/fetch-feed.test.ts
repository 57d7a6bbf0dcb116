import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fetchFeeds } from '../../../lib/adapters/feeds/fetch-feed.ts';
import type { FetchRequest } from '../../../lib/core/ports.ts';
import { localPublisher } from '../../support/local-publisher.ts';

const NOW = Date.UTC(2026, 7, 1, 10, 20);
const USER_AGENT = 'rss-drafts/0.0.0 (+https://example.org/about)';

const fetchFeed = fetchFeeds({ now: () => NOW, userAgent: USER_AGENT });
const ask = (url: string, more: Partial<FetchRequest> = {}): FetchRequest => ({
  url,
  validators: null,
  allowPrivate: true,
  deadlineMs: 5_000,
  ...more,
});

const always =
  (status: number, headers: Record<string, string> = {}, body = ''): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };

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

describe('fetchFeeds, responses without a document', () => {
  it.each([
    [400, 'permanent', 'feed.unexpected-status'],
    [401, 'permanent', 'feed.unauthorized'],
    [403, 'permanent', 'feed.forbidden'],
    [404, 'permanent', 'feed.not-found'],
    [408, 'retryable', 'feed.server-error'],
    [410, 'permanent', 'feed.gone'],
    [418, 'permanent', 'feed.unexpected-status'],
    [425, 'retryable', 'feed.server-error'],
    [429, 'retryable', 'feed.throttled'],
    [500, 'retryable', 'feed.server-error'],
    [502, 'retryable', 'feed.server-error'],
    [503, 'retryable', 'feed.unavailable'],
    [522, 'retryable', 'feed.server-error'],
    [204, 'permanent', 'feed.unexpected-status'],
    [206, 'permanent', 'feed.unexpected-status'],
    [300, 'permanent', 'feed.unexpected-status'],
  ])('%i is %s %s, and the message names host and status', async (status, kind, code) => {
    await using publisher = await localPublisher(always(status));

    const failure = await fetchFeed(ask(`${publisher.origin}/secret-path?key=secret`)).catch(
      (error) => error,
    );

    expect(failure).toMatchObject({ kind, code });
    expect(failure.message).toContain(publisher.host);
    expect(failure.message).toContain(String(status));
    expect(failure.message).not.toContain('secret');
  });

  it.each([
    [429, '120', 120_000],
    [429, new Date(NOW + 120_000).toUTCString(), 120_000],
    [503, '120', 120_000],
    [503, new Date(NOW + 120_000).toUTCString(), 120_000],
    [429, null, 3_600_000],
    [503, null, 900_000],
    [429, 'soon', 3_600_000],
  ])('%i with Retry-After: %s sets a wait of %d ms', async (status, retryAfter, retryAfterMs) => {
    const date = new Date(NOW).toUTCString();
    await using publisher = await localPublisher(
      always(status, { date, ...(retryAfter !== null && { 'retry-after': retryAfter }) }),
    );

    await expect(fetchFeed(ask(publisher.origin))).rejects.toMatchObject({ retryAfterMs });
  });
});

describe('fetchFeeds, bot protection', () => {
  const page = '<!DOCTYPE html><html><head><meta http-equiv="refresh" content="0;/c"></head></html>';

  it.each<[string, number, Record<string, string>, string]>([
    ['[31] 202 marked by AWS WAF', 202, { 'x-amzn-waf-action': 'challenge' }, ''],
    ['[31] 202 without a body', 202, {}, ' \n'],
    ['202 with a page', 202, { 'sg-captcha': 'challenge' }, page],
    ['405 marked by AWS WAF', 405, { 'x-amzn-waf-action': 'captcha' }, page],
    ['403 marked by Cloudflare', 403, { 'cf-mitigated': 'challenge' }, page],
    ['503 marked by Cloudflare', 503, { 'cf-mitigated': 'challenge' }, page],
    ['200 marked by Cloudflare, with a page', 200, { 'cf-mitigated': 'challenge' }, page],
  ])('is feed.challenge: %s', async (_name, status, headers, body) => {
    await using publisher = await localPublisher(always(status, headers, body));

    const failure = await fetchFeed(ask(publisher.origin)).catch((error) => error);

    expect(failure).toMatchObject({ kind: 'permanent', code: 'feed.challenge' });
    expect(failure.message).toContain(`returned ${status}`);
  });

  it('with a Retry-After is feed.throttled for that time', async () => {
    await using publisher = await localPublisher(
      always(429, { 'cf-mitigated': 'challenge', 'retry-after': '60' }),
    );

    const pause = { code: 'feed.throttled', retryAfterMs: 60_000 };
    await expect(fetchFeed(ask(publisher.origin))).rejects.toMatchObject(pause);
  });

  it.each<[string, number, Record<string, string>, string]>([
    ['[31] 202 with a feed', 202, {}, '<?xml version="1.0"?><rss/>'],
    ['202 with a JSON feed', 202, {}, '{"version":"https://jsonfeed.org/version/1.1"}'],
    ['a mark on a feed', 200, { 'cf-mitigated': 'challenge' }, '\ufeff<rss/>'],
    ['200 with a page, which the parser reports', 200, {}, page],
  ])('is not assumed for %s', async (_name, status, headers, body) => {
    await using publisher = await localPublisher(always(status, headers, body));

    await expect(fetchFeed(ask(publisher.origin))).resolves.toMatchObject({ bytes: Buffer.from(body) });
  });
});

describe('fetchFeeds, redirects', () => {
  const chain = (...answers: [number, string][]): RequestListener => {
    return ({ url }, response) => {
      const [status, location] = answers[Number(url?.slice(1))] ?? [200, ''];
      response.writeHead(status, location ? { location } : {}).end(location ? 'moved' : '<rss/>');
    };
  };

  it.each<[string, [number, string][], string | undefined]>([
    ['none', [], undefined],
    ['one permanent', [[301, '/1']], '/1'],
    [
      'two permanent',
      [
        [308, '/1'],
        [301, '/2'],
      ],
      '/2',
    ],
    [
      'a permanent one before a temporary one',
      [
        [301, '/1'],
        [302, '/2'],
      ],
      '/1',
    ],
    [
      'a temporary one before a permanent one',
      [
        [307, '/1'],
        [301, '/2'],
      ],
      undefined,
    ],
    ['a See Other', [[303, '/1']], undefined],
  ])('report the permanent address: %s', async (_name, answers, permanentPath) => {
    await using publisher = await localPublisher(chain(...answers));

    const answer = await fetchFeed(ask(`${publisher.origin}/0`));

    expect(answer).toMatchObject({ kind: 'document', url: `${publisher.origin}/${answers.length}` });
    expect(answer.permanentUrl).toBe(permanentPath && `${publisher.origin}${permanentPath}`);
  });

  it('are followed five times but not six', async () => {
    const hops = [1, 2, 3, 4, 5, 6].map((next): [number, string] => [302, `/${next}`]);
    await using five = await localPublisher(chain(...hops.slice(0, 5)));
    await using six = await localPublisher(chain(...hops));

    await expect(fetchFeed(ask(`${five.origin}/0`))).resolves.toMatchObject({ kind: 'document' });
    await expect(fetchFeed(ask(`${six.origin}/0`))).rejects.toMatchObject({
      kind: 'permanent',
      code: 'feed.redirect',
    });
    expect(six.visits).toHaveLength(6);
  });

  it('that loop until a cookie is set are feed.wants-cookie after two visits', async () => {
    await using publisher = await localPublisher(({ url }, response) => {
      const location = url === '/check' ? '/feed' : '/check';
      response.writeHead(302, { location, 'set-cookie': 'seen=1; Path=/' }).end();
    });
    await using itself = await localPublisher(always(307, { location: '/', 'set-cookie': 'a=b' }));

    const code = 'feed.wants-cookie';
    await expect(fetchFeed(ask(`${publisher.origin}/feed`))).rejects.toMatchObject({
      kind: 'permanent',
      code,
    });
    await expect(fetchFeed(ask(itself.origin))).rejects.toMatchObject({ kind: 'permanent', code });
    expect(itself.visits).toHaveLength(2);
  });

  it('that loop once are followed even if a cookie was set', async () => {
    await using publisher = await localPublisher(({ url }, response) => {
      const isFirst = publisher.visits.length === 1;
      if (isFirst) response.writeHead(302, { location: url, 'set-cookie': 'seen=1' }).end();
      else response.end('<rss/>');
    });

    await expect(fetchFeed(ask(publisher.origin))).resolves.toMatchObject({ kind: 'document' });
  });

  it.each([
    ['no Location', {}],
    ['an invalid one', { location: 'http://' }],
  ])('without a valid target fail: %s', async (_name, headers) => {
    await using publisher = await localPublisher(always(302, headers as Record<string, string>));

    await expect(fetchFeed(ask(publisher.origin))).rejects.toMatchObject({ code: 'feed.redirect' });
  });

  it('may contain unescaped UTF-8', async () => {
    const location = Buffer.from('/flux/été').toString('latin1');
    await using publisher = await localPublisher(({ url }, response) => {
      response.writeHead(url === '/' ? 302 : 200, { location }).end();
    });

    await fetchFeed(ask(publisher.origin));

    expect(publisher.visits[1]?.url).toBe('/flux/%C3%A9t%C3%A9');
  });

  it('may lead to an unchanged document', async () => {
    await using publisher = await localPublisher(({ url }, response) => {
      response.writeHead(url === '/' ? 301 : 304, { location: '/feed' }).end();
    });

    const answer = await fetchFeed(
      ask(publisher.origin, { validators: { etag: '"1"', lastModified: null } }),
    );

    expect(answer).toMatchObject({ kind: 'unchanged', permanentUrl: `${publisher.origin}/feed` });
  });

  it('are followed without waiting for the body', async () => {
    await using publisher = await localPublisher(({ url }, response) => {
      response.writeHead(url === '/' ? 302 : 304, { location: '/feed', 'content-length': '100' });
      response.flushHeaders(); // and never a body
    });

    const answer = await fetchFeed(
      ask(publisher.origin, { validators: { etag: '"1"', lastModified: null } }),
    );

    expect(answer.kind).toBe('unchanged');
  });

  it('close the connection first, so that a host has one connection at a time', async () => {
    await using publisher = await localPublisher(({ url }, response) => {
      const first = publisher.visits[0]?.socket;
      if (url === '/') response.writeHead(302, { location: '/feed' }).write('for ever');
      else if (first?.destroyed) response.end('<rss/>');
      else first?.once('close', () => response.end('<rss/>'));
    });

    await expect(fetchFeed(ask(publisher.origin))).resolves.toMatchObject({ bytes: Buffer.from('<rss/>') });
  });
});

describe('fetchFeeds, credentials', () => {
  const headers = { authorization: 'Bearer secret', 'x-api-key': 'secret' };

  it("are sent to the feed's origin but not to origins it redirects to", async () => {
    await using elsewhere = await localPublisher((_request, response) => {
      response.writeHead(302, { location: `${home.origin}/back` }).end();
    });
    await using home = await localPublisher(({ url }, response) => {
      if (url === '/') response.writeHead(302, { location: `${elsewhere.origin}/` }).end();
      else response.end('<rss/>');
    });

    await fetchFeed(ask(home.origin, { headers }));

    expect(home.visits.map((visit) => visit.headers.authorization)).toEqual([
      'Bearer secret',
      'Bearer secret',
    ]);
    expect(elsewhere.visits[0]?.rawHeaders.join()).not.toContain('secret');
  });

  it('in the address are sent as Basic authentication and not returned', async () => {
    await using publisher = await localPublisher(always(200, {}, '<rss/>'));

    const answer = await fetchFeed(ask(`http://me%40home:p%C3%A4ss@${publisher.host}/`));

    const pair = Buffer.from('me@home:päss').toString('base64');
    expect(publisher.visits[0]?.headers.authorization).toBe(`Basic ${pair}`);
    expect(answer).toMatchObject({ url: `${publisher.origin}/` });
  });

  it('in the address may contain a lone percent sign', async () => {
    await using publisher = await localPublisher(always(200));

    await fetchFeed(ask(`http://me:100%@${publisher.host}/`));

    const pair = Buffer.from('me:100%').toString('base64');
    expect(publisher.visits[0]?.headers.authorization).toBe(`Basic ${pair}`);
  });

  it('that are not valid in a header are a config error and not printed', async () => {
    const failure = await fetchFeed(
      ask('http://127.0.0.1:9999/', { headers: { 'x-key': 'sec\nret' } }),
    ).catch((error) => error);

    expect(failure).toMatchObject({ kind: 'config', code: 'feed.headers' });
    expect(failure.message).not.toContain('ret');
  });

  it('that a redirect adds to an address are not sent', async () => {
    await using publisher = await localPublisher(({ url }, response) => {
      response.writeHead(url === '/' ? 301 : 200, { location: `http://a:b@${publisher.host}/feed` }).end();
    });

    const answer = await fetchFeed(ask(publisher.origin));

    expect(publisher.visits[1]?.headers).not.toHaveProperty('authorization');
    expect(answer).toMatchObject({
      url: `${publisher.origin}/feed`,
      permanentUrl: `${publisher.origin}/feed`,
    });
  });

  it('cannot replace the user agent or the accepted encodings', async () => {
    await using publisher = await localPublisher(always(200));

    await fetchFeed(
      ask(publisher.origin, { headers: { 'user-agent': 'Mozilla', 'accept-encoding': 'identity' } }),
    );

    expect(publisher.visits[0]?.headers['user-agent']).toBe(USER_AGENT);
    expect(publisher.visits[0]?.headers['accept-encoding']).toContain('gzip');
  });
});

describe('fetchFeeds, unreachable hosts', () => {
  it.each([
    ['a closed port', 'ECONNREFUSED', 'refuses connections'],
    ['a name that does not exist', 'ENOTFOUND', 'does not exist'],
    ['a temporary resolver failure', 'EAI_AGAIN', 'cannot be resolved now'],
    ['an unknown error', 'EWHATEVER', 'EWHATEVER'],
  ])('%s is feed.unreachable, with its cause', async (_name, code, words) => {
    const cause = Object.assign(new Error('no'), { code });
    const failing = fetchFeeds({
      now: () => NOW,
      userAgent: USER_AGENT,
      lookup: (_hostname, _options, callback) => callback(cause, [], 4),
    });

    const failure = await failing(ask('http://feeds.test/')).catch((error) => error);

    expect(failure).toMatchObject({ kind: 'retryable', code: 'feed.unreachable', cause });
    expect(failure.message).toContain(words);
    expect(failure.message).toContain('feeds.test');
  });

  it('a server that closes without a response is feed.unreachable', async () => {
    await using publisher = await localPublisher((request) => request.socket.destroy());

    await expect(fetchFeed(ask(publisher.origin))).rejects.toMatchObject({ code: 'feed.unreachable' });
  });

  it('a server that does not speak HTTP is feed.unreachable, with that reason', async () => {
    await using publisher = await localPublisher((request) => request.socket.end('SSH-2.0-OpenSSH\r\n'));

    const failure = await fetchFeed(ask(publisher.origin)).catch((error) => error);

    expect(failure).toMatchObject({ kind: 'retryable', code: 'feed.unreachable' });
    expect(failure.message).toContain('not HTTP');
  });

  it('an invalid address is permanent', async () => {
    await expect(fetchFeed(ask('feeds.example/rss'))).rejects.toMatchObject({ code: 'feed.address' });
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

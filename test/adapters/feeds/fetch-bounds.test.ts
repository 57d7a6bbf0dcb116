import type { RequestListener } from 'node:http';
import net from 'node:net';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fetchFeeds } from '../../../lib/adapters/feeds/fetch-feed.ts';
import { exchangeFailure, tlsReason } from '../../../lib/adapters/feeds/http/failures.ts';
import type { FetchRequest, FetchResponse } from '../../../lib/core/ports.ts';
import { localPublisher } from '../../support/local-publisher.ts';
import { selfSigned } from '../../support/self-signed.ts';

const OPTIONS = { now: () => 0, userAgent: 'rss-drafts/0.0.0 (+https://example.org/about)' };
const MAX_BYTES = 1024 * 1024;

const ask = (url: string, more: Partial<FetchRequest> = {}): FetchRequest => ({
  url,
  validators: null,
  allowPrivate: true,
  deadlineMs: 5_000,
  ...more,
});

const CODERS: Record<string, (bytes: Uint8Array) => Buffer> = {
  gzip: zlib.gzipSync,
  'x-gzip': zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: (bytes) => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } }),
  zstd: zlib.zstdCompressSync,
};

/** Encodes in the order of a `Content-Encoding` header: the first coding is applied first. */
const encode = (bytes: Buffer, codings: string): Buffer =>
  codings.split(', ').reduce((encoded, coding) => CODERS[coding.toLowerCase()]?.(encoded) ?? encoded, bytes);

const sends =
  (body: Uint8Array, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(200, headers).end(body);
  };

describe('a compressed document', () => {
  const fetchFeed = fetchFeeds(OPTIONS);
  const document = Buffer.from(`<rss>${'<item/>'.repeat(1_000)}</rss>`);

  it.each([
    'gzip',
    'x-gzip',
    'deflate',
    'br',
    'zstd',
    'GZIP',
    'gzip, br',
    'br, gzip',
    'zstd, gzip, br',
    'gzip, gzip',
  ])('is read: %s', async (coding) => {
    const body = encode(document, coding);
    await using publisher = await localPublisher(sends(body, { 'content-encoding': coding }));

    const answer = await fetchFeed(ask(publisher.origin));

    expect(body.length).toBeLessThan(document.length);
    expect(answer).toMatchObject({ kind: 'document', bytes: document });
  });

  it.each([
    ['deflate without its wrapper', zlib.deflateRawSync(document), 'deflate'],
    [
      'gzip of several members',
      Buffer.concat([zlib.gzipSync(document.subarray(0, 9)), zlib.gzipSync(document.subarray(9))]),
      'gzip',
    ],
    ['gzip with trailing zeros', Buffer.concat([zlib.gzipSync(document), Buffer.alloc(9)]), 'gzip'],
    ['gzip twice, declared once', zlib.gzipSync(zlib.gzipSync(document)), 'gzip'],
    ['identity', document, 'identity'],
  ])('is read despite being irregular: %s', async (_name, body, coding) => {
    await using publisher = await localPublisher(sends(body, { 'content-encoding': coding }));

    await expect(fetchFeed(ask(publisher.origin))).resolves.toMatchObject({ bytes: document });
  });

  it.each(['gzip', 'deflate', 'br', 'zstd'])('may be empty: %s', async (coding) => {
    await using publisher = await localPublisher(sends(Buffer.alloc(0), { 'content-encoding': coding }));

    await expect(fetchFeed(ask(publisher.origin))).resolves.toMatchObject({ bytes: Buffer.alloc(0) });
  });

  it.each(['gzip', 'deflate', 'br', 'zstd', 'gzip, br'])(
    'that is cut off fails as feed.truncated: %s',
    async (coding) => {
      const body = encode(document, coding);
      await using publisher = await localPublisher(
        sends(body.subarray(0, body.length - 12), { 'content-encoding': coding }),
      );

      await expect(fetchFeed(ask(publisher.origin))).rejects.toMatchObject({
        kind: 'retryable',
        code: 'feed.truncated',
      });
    },
  );

  it.each(['deflate', 'br', 'zstd'])(
    'that is not what it declares fails as feed.encoding: %s',
    async (coding) => {
      await using publisher = await localPublisher(sends(document, { 'content-encoding': coding }));

      await expect(fetchFeed(ask(publisher.origin))).rejects.toMatchObject({ code: 'feed.encoding' });
    },
  );

  it('encoded more than three times fails as feed.encoding', async () => {
    await using publisher = await localPublisher(
      sends(document, { 'content-encoding': 'gzip, gzip, gzip, gzip' }),
    );

    await expect(fetchFeed(ask(publisher.origin))).rejects.toMatchObject({
      kind: 'permanent',
      code: 'feed.encoding',
    });
  });

  it.each(['aws-chunked', 'none', 'utf-8', 'UTF-8', 'binary', 'exi', 'constructor', '', ',', 'a,b,c,d,e'])(
    'with an unknown coding is read as it is: %j',
    async (coding) => {
      await using publisher = await localPublisher(sends(document, { 'content-encoding': coding }));

      await expect(fetchFeed(ask(publisher.origin))).resolves.toMatchObject({ bytes: document });
    },
  );

  it('with a known and an unknown coding is decoded with the known one', async () => {
    const body = encode(document, 'gzip');
    await using publisher = await localPublisher(sends(body, { 'content-encoding': 'aws-chunked, gzip' }));

    await expect(fetchFeed(ask(publisher.origin))).resolves.toMatchObject({ bytes: document });
  });
});

describe('a decompression bomb', () => {
  const fetchFeed = fetchFeeds({ ...OPTIONS, maxBytes: MAX_BYTES });
  const nothing = Buffer.alloc(16 * MAX_BYTES);
  const TOO_LARGE = { kind: 'permanent', code: 'feed.too-large' };

  it.each(['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip', 'gzip, br', 'zstd, zstd'])(
    'is not expanded beyond the limit: %s',
    async (coding) => {
      const body = encode(nothing, coding);
      await using publisher = await localPublisher(sends(body, { 'content-encoding': coding }));
      const before = process.memoryUsage().arrayBuffers;

      await expect(fetchFeed(ask(publisher.origin))).rejects.toMatchObject(TOO_LARGE);

      expect(body.length).toBeLessThan(MAX_BYTES);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * MAX_BYTES);
    },
  );

  it.each(['gzip', 'gzip, gzip'])(
    'in undeclared gzip is not expanded beyond the limit: %s',
    async (coding) => {
      await using publisher = await localPublisher(sends(encode(nothing, coding)));

      await expect(fetchFeed(ask(publisher.origin))).rejects.toMatchObject(TOO_LARGE);
    },
  );

  it('is not downloaded at all when its declared length is too large', async () => {
    await using publisher = await localPublisher((_request, response) => {
      response.writeHead(200, { 'content-length': String(MAX_BYTES + 1) });
      response.flushHeaders(); // and never a body
    });

    await expect(fetchFeed(ask(publisher.origin))).rejects.toMatchObject(TOO_LARGE);
  });

  it('without an end is cut off at the limit', async () => {
    let sent = 0;
    await using publisher = await localPublisher((_request, response) => {
      const chunk = Buffer.alloc(64 * 1024);
      const more = () => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
        sent += chunk.length;
      };
      response.on('drain', more);
      more();
    });

    await expect(fetchFeed(ask(publisher.origin))).rejects.toMatchObject(TOO_LARGE);
    expect(sent).toBeLessThan(32 * MAX_BYTES);
  });

  it('of exactly the limit is a document', async () => {
    await using publisher = await localPublisher(
      sends(encode(nothing.subarray(0, MAX_BYTES), 'gzip'), { 'content-encoding': 'gzip' }),
    );

    await expect(fetchFeed(ask(publisher.origin))).resolves.toMatchObject({ kind: 'document' });
  });

  it('cannot make zstd allocate a larger window than HTTP allows', async () => {
    const hugeWindow = zlib.zstdCompressSync(Buffer.alloc(1_000), {
      params: { [zlib.constants.ZSTD_c_windowLog]: 27, [zlib.constants.ZSTD_c_contentSizeFlag]: 0 },
    });
    const streamed = Buffer.from(hugeWindow);
    streamed[4] = 0; // not a single segment …
    streamed[5] = (27 - 10) << 3; // … and a window of 128 MB
    await using publisher = await localPublisher(sends(streamed, { 'content-encoding': 'zstd' }));

    await expect(fetchFeed(ask(publisher.origin))).rejects.toMatchObject({ code: 'feed.encoding' });
  });
});

describe('an incomplete document', () => {
  const fetchFeed = fetchFeeds(OPTIONS);
  const raw = async (answer: string) => localPublisher(({ socket }) => socket.end(answer, 'latin1'));

  it.each([
    ['shorter than its Content-Length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>'],
    ['without its last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n'],
  ])('fails as feed.truncated: %s', async (_name, answer) => {
    await using publisher = await raw(answer);

    await expect(fetchFeed(ask(publisher.origin))).rejects.toMatchObject({
      kind: 'retryable',
      code: 'feed.truncated',
    });
  });

  it('counts as complete when the connection ends it and no length was declared', async () => {
    await using publisher = await raw('HTTP/1.0 200 OK\r\n\r\n<rss/>');

    await expect(fetchFeed(ask(publisher.origin))).resolves.toMatchObject({ bytes: Buffer.from('<rss/>') });
  });
});

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
    ['a silent server', 'to answer', () => {}],
    [
      'headers that trickle',
      'to answer',
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

describe('TLS', () => {
  const year = (from: number, to: number) => ({
    from: new Date(`${from}-01-01`),
    to: new Date(`${to}-01-01`),
  });
  const good = selfSigned({ host: '127.0.0.1', ...year(2020, 2049) });

  it.each([
    ['self-signed', good, undefined],
    ['expired', selfSigned({ host: '127.0.0.1', ...year(2020, 2021) }), 'trusted'],
    ['not valid yet', selfSigned({ host: '127.0.0.1', ...year(2048, 2049) }), 'trusted'],
    ['another host name', selfSigned({ host: 'other.test', ...year(2020, 2049) }), 'trusted'],
  ])('failures state what is wrong with the certificate: %s', async (words, certificate, trust) => {
    await using publisher = await localPublisher((_request, response) => response.end('<rss/>'), certificate);
    const fetchFeed = fetchFeeds({ ...OPTIONS, ...(trust && { ca: certificate.cert }) });

    const failure = await fetchFeed(ask(publisher.origin)).catch((error) => error);

    expect(failure).toMatchObject({ kind: 'retryable', code: 'feed.tls' });
    expect(failure.message).toContain(words);
    expect(failure.message).toContain(publisher.host);
    expect(publisher.visits).toEqual([]);
  });

  it('failures state that the port does not speak TLS', async () => {
    await using publisher = await localPublisher((_request, response) => response.end('<rss/>'));

    const failure = await fetchFeeds(OPTIONS)(ask(`https://${publisher.host}/`)).catch((error) => error);

    expect(failure).toMatchObject({ kind: 'retryable', code: 'feed.tls' });
    expect(failure.message).toContain('does not speak TLS');
  });

  it('is not dropped permanently by a redirect to http', async () => {
    await using plain = await localPublisher((_request, response) => response.end('<rss/>'));
    await using safe = await localPublisher(
      (_request, response) => response.writeHead(301, { location: `${plain.origin}/feed` }).end(),
      good,
    );

    const answer = await fetchFeeds({ ...OPTIONS, ca: good.cert })(ask(safe.origin));

    expect(answer).toMatchObject({ kind: 'document', url: `${plain.origin}/feed` });
    expect(answer.permanentUrl).toBeUndefined();
  });

  it('is adopted permanently by a redirect from http', async () => {
    await using safe = await localPublisher((_request, response) => response.end('<rss/>'), good);
    await using plain = await localPublisher((_request, response) =>
      response.writeHead(301, { location: `${safe.origin}/feed` }).end(),
    );

    const answer = await fetchFeeds({ ...OPTIONS, ca: good.cert })(ask(plain.origin));

    expect(answer.permanentUrl).toBe(`${safe.origin}/feed`);
  });

  it('works with a valid certificate', async () => {
    await using publisher = await localPublisher((_request, response) => response.end('<rss/>'), good);
    const fetchFeed = fetchFeeds({ ...OPTIONS, ca: good.cert });

    await expect(fetchFeed(ask(publisher.origin))).resolves.toMatchObject({ kind: 'document' });
  });

  it.each([
    ['CERT_HAS_EXPIRED', 'its certificate has expired'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'the handshake failed (ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION)'],
    ['ECONNRESET', null],
  ])('maps %s to the reason: %s', (code, reason) => {
    expect(tlsReason(code)).toBe(reason);
  });
});

describe('an error during the exchange', () => {
  const bug = new TypeError("Cannot read properties of undefined (reading 'x')");

  it.each([bug, new RangeError('Invalid array length'), new ReferenceError('x is not defined')])(
    'is rethrown unchanged if it is our own bug: %s',
    (error) => {
      expect(exchangeFailure(error, 'www.example.com')).toBe(error);
    },
  );

  it.each(['ECONNRESET', 'HPE_INVALID_CONSTANT', 'ENOTFOUND', ''])(
    'counts as unreachable if it comes from the host: %s',
    (code) => {
      const error = Object.assign(new Error('socket hang up'), { code });

      expect(exchangeFailure(error, 'www.example.com')).toMatchObject({ code: 'feed.unreachable' });
    },
  );

  it('is thrown by the fetch unchanged if it is a bug', async () => {
    await using publisher = await localPublisher((_request, response) => response.end('<rss/>'));
    const fetchFeed = fetchFeeds({
      ...OPTIONS,
      now: () => {
        throw bug;
      },
    });

    await expect(fetchFeed(ask(publisher.origin))).rejects.toBe(bug);
  });
});

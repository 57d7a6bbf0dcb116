import type { RequestListener } from 'node:http';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fetchFeeds } from '../../../lib/adapters/feeds/fetch-feed.ts';
import { localPublisher } from '../../support/local-publisher.ts';
import { ask, OPTIONS } from './fetch-here.ts';

const MAX_BYTES = 1024 * 1024;

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

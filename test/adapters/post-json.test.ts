import type { RequestListener } from 'node:http';
import type { LookupFunction } from 'node:net';
import { json } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { postJson } from '../../lib/adapters/post-json.ts';
import { localPublisher } from '../support/local-publisher.ts';
import { selfSigned } from '../support/self-signed.ts';

const userAgent = 'rss-drafts/0.0.0';
const here = postJson({ userAgent, allowPrivate: true, timeoutMs: 2_000 });
const out = postJson({ userAgent, allowPrivate: false, timeoutMs: 2_000 });

const secretPath = '/services/T0/B0/a-secret-path';
const failureOf = (sent: Promise<void>): Promise<{ code: string; message: string }> =>
  sent.then(
    () => ({ code: 'none: it was taken', message: '' }),
    (error) => error,
  );

const responding = (answer: RequestListener) => localPublisher(answer);
const withStatus = (status: number, headers = {}) =>
  responding((request, response) => {
    request.resume();
    response.writeHead(status, headers).end('no, and here is a long reason');
  });

describe('posting an alert', () => {
  it.each([200, 202, 204])('sends JSON and succeeds with status %i', async (status) => {
    const bodies: unknown[] = [];
    await using channel = await responding(async (request, response) => {
      bodies.push(await json(request));
      response.writeHead(status).end();
    });

    await here({ name: 'team', url: ` ${channel.origin}${secretPath}?sig=1\n` }, { text: 'Brücke 🌉' });

    expect(bodies).toEqual([{ text: 'Brücke 🌉' }]);
    expect(channel.visits[0]).toMatchObject({ method: 'POST', url: `${secretPath}?sig=1` });
    expect(channel.visits[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': userAgent,
    });
  });

  it('over TLS requires a trusted certificate', async () => {
    const tls = selfSigned({ host: '127.0.0.1', from: new Date('2020-01-01'), to: new Date('2049-01-01') });
    await using channel = await localPublisher((_, response) => response.writeHead(200).end(), tls);
    const url = `${channel.origin}${secretPath}`;
    const trusting = postJson({ userAgent, allowPrivate: true, ca: tls.cert });

    expect(await failureOf(trusting({ name: 'team', url }, {}))).toMatchObject({
      code: 'none: it was taken',
    });
    expect(await failureOf(here({ name: 'team', url }, {}))).toMatchObject({ code: 'alert.unreachable' });
  });

  it.each([
    [400, 'alert.not-taken', 'config'],
    [403, 'alert.not-taken', 'config'],
    [404, 'alert.not-taken', 'config'],
    [429, 'alert.not-now', 'retryable'],
    [500, 'alert.not-now', 'retryable'],
    [503, 'alert.not-now', 'retryable'],
  ])('with response %i fails as %s', async (status, code, kind) => {
    await using channel = await withStatus(status);

    const failure = await failureOf(here({ name: 'team', url: `${channel.origin}${secretPath}` }, {}));

    expect(failure).toMatchObject({ code, kind });
    expect(failure.message).toContain(channel.host);
  });

  it('does not follow a redirect', async () => {
    await using other = await withStatus(200);
    await using channel = await withStatus(307, { location: other.origin });

    const failure = await failureOf(here({ name: 'team', url: channel.origin }, {}));

    expect(failure).toMatchObject({ code: 'alert.not-taken' });
    expect(other.visits).toEqual([]);
  });

  it('times out', async () => {
    await using channel = await responding(() => {});
    const hasty = postJson({ userAgent, allowPrivate: true, timeoutMs: 50 });

    expect(await failureOf(hasty({ name: 'team', url: channel.origin }, {}))).toMatchObject({
      kind: 'retryable',
      code: 'alert.unreachable',
    });
  });

  it('fails as retryable on a closed port or a cut connection', async () => {
    const gone = await withStatus(200);
    await gone[Symbol.asyncDispose]();
    await using cut = await responding((request) => request.socket.destroy());

    for (const { origin } of [gone, cut])
      expect(await failureOf(here({ name: 'team', url: origin }, {}))).toMatchObject({
        code: 'alert.unreachable',
      });
  });
});

describe('a private address', () => {
  it.each(['http://127.0.0.1', 'http://[::1]', 'http://10.0.0.1', 'http://localhost', 'http://0x7f.1'])(
    'is refused by default: %s',
    async (origin) => {
      await using channel = await withStatus(200);

      const failure = await failureOf(
        out({ name: 'team', url: `${origin}:${channel.port}${secretPath}` }, {}),
      );

      expect(failure).toMatchObject({ kind: 'config', code: 'alert.refused-address' });
      expect(channel.visits).toEqual([]);
    },
  );

  it('is refused when a name resolves to it', async () => {
    await using channel = await withStatus(200);
    const lookup: LookupFunction = (_, options, callback) =>
      options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4);
    const rebound = postJson({ userAgent, allowPrivate: false, lookup });

    const failure = await failureOf(
      rebound({ name: 'team', url: `http://hooks.example.com:${channel.port}/` }, {}),
    );

    expect(failure).toMatchObject({ code: 'alert.refused-address' });
    expect(channel.visits).toEqual([]);
  });

  it.each(['http://169.254.169.254/', 'http://[fd00:ec2::254]/', 'file:///etc/passwd'])(
    'of a cloud, or a non-web address, is always refused: %s',
    async (url) => {
      expect(await failureOf(here({ name: 'team', url }, {}))).toMatchObject({
        code: 'alert.refused-address',
      });
    },
  );
});

describe('an error message', () => {
  it('contains no more of an address than its host', async () => {
    await using refusing = await withStatus(404);
    await using failing = await withStatus(500);
    const urls = [
      `${refusing.origin}${secretPath}`,
      `${failing.origin}${secretPath}`,
      `http://10.0.0.1${secretPath}`,
      `http://127.0.0.1:1${secretPath}`,
      `a-secret-path`,
    ];

    for (const url of urls) {
      const failures = [
        await failureOf(here({ name: 'team', url }, {})),
        await failureOf(out({ name: 'team', url }, {})),
      ];
      for (const failure of failures) {
        expect(failure.code).toMatch(/^alert\./);
        expect(JSON.stringify([failure, failure.message])).not.toContain('a-secret-path');
      }
    }
  }, 15_000);
});

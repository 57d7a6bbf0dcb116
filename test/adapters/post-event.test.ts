import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postEvent } from '../../lib/adapters/post-event.ts';
import { signStandardWebhook } from '../../lib/webhooks/sign-standard-webhook.ts';
import { aChangeEvent } from '../support/change-events.ts';

const received: { headers: IncomingMessage['headers']; body: string; path: string }[] = [];
const server = createServer(async (request, response) => {
  received.push({ headers: request.headers, body: await text(request), path: request.url ?? '' });
  const status = Number(/\d{3}/.exec(request.url ?? '')?.[0] ?? 200);
  response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end('a long body');
});
let origin: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const post = postEvent({ userAgent: 'tests', allowPrivate: true, timeoutMs: 2_000 });
const event = aChangeEvent();
const body = JSON.stringify(event);
const [secret, other] = ['whsec_bXktc2VjcmV0LW9mLXRoaXMtdGVzdA==', 'bXktbmV4dC1zZWNyZXQtb2YtdGVzdA=='];

describe('an event for a web address', () => {
  it.each([
    ['its secret', [secret], secret],
    ['the new secret while it is rotated', [secret, other], other],
    ['the old secret while it is rotated', [secret, other], secret],
  ])('is verified by the library of Standard Webhooks with %s', async (_, secrets, used) => {
    received.length = 0;
    const headers = signStandardWebhook({ id: event.id, body, at: Date.now() }, secrets);

    await post(`${origin}/events?team=a`, body, headers);

    const [request] = received;
    expect(request?.path).toBe('/events?team=a');
    expect(request?.headers).toMatchObject({ 'webhook-id': event.id, 'content-type': 'application/json' });
    const verified = new Webhook(used).verify(
      request?.body ?? '',
      request?.headers as Record<string, string>,
    );
    expect(verified).toEqual(event);
  });

  it('is refused by a receiver when its body was changed', () => {
    const headers = signStandardWebhook({ id: event.id, body, at: Date.now() }, [secret]);

    expect(() => new Webhook(secret).verify(body.replace('queued', 'drafted'), headers)).toThrow();
  });

  it.each([
    [204, null],
    [302, 'event.not-taken'],
    [400, 'event.not-taken'],
    [410, 'event.not-taken'],
    [429, 'event.not-taken'],
    [500, 'event.not-taken'],
  ])('that gets %d: %s', async (status, code) => {
    received.length = 0;
    const outcome = post(`${origin}/${status}`, body, {});

    if (code === null) await outcome;
    else await expect(outcome).rejects.toMatchObject({ kind: 'retryable', code });
    expect(received.map(({ path }) => path)).toEqual([`/${status}`]); // no redirect is followed
  });

  it.each([
    'http://127.0.0.1:9',
    'https://10.1.2.3/',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/',
  ])('never reaches a private address: %s', async (address) => {
    const guarded = postEvent({ userAgent: 'tests', allowPrivate: false });

    await expect(guarded(address, body, {})).rejects.toMatchObject({ code: 'event.refused-address' });
  });

  it('never reaches a name that leads to a private address, and shows only the host', async () => {
    const guarded = postEvent({
      userAgent: 'tests',
      allowPrivate: false,
      lookup: ((_name: string, _options: object, done: (error: null, found: object[]) => void) =>
        done(null, [{ address: '10.0.0.7', family: 4 }])) as never,
    });

    await expect(guarded('https://events.example.com/a-key', body, {})).rejects.toMatchObject({
      code: 'event.refused-address',
      message: expect.not.stringContaining('a-key'),
    });
  });

  it('that gets no response is sent again', async () => {
    const nobody = postEvent({ userAgent: 'tests', allowPrivate: true, timeoutMs: 1_000 });

    await expect(nobody('http://127.0.0.1:1/', body, {})).rejects.toMatchObject({
      kind: 'retryable',
      code: expect.stringMatching(/event\.(unreachable|refused-address)/),
    });
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { misconfigured } from '../../lib/core/errors.ts';
import { type PageReply, type PageRequest, pageHandler } from '../../lib/lambda/page-handler.ts';
import { lambdaContext } from '../support/lambda-context.ts';
import { type Printed, takePrinted } from '../support/printed.ts';

let printed: Printed;
beforeEach(() => {
  printed = takePrinted();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const event = {
  rawPath: '/move',
  rawQueryString: 'a=1',
  cookies: ['__Host-one=1', 'two=2'],
  headers: { Host: 'abc.example', 'Content-Type': 'text/plain' },
  requestContext: { http: { method: 'post' } },
  body: Buffer.from('ä=1').toString('base64'),
  isBase64Encoded: true,
};
const ok: PageReply = { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>ö' };
const answer = (reply: (request: PageRequest) => Promise<PageReply>, given: unknown = event) =>
  pageHandler(() => reply)(given, lambdaContext());

describe('a page on AWS', () => {
  it('gets the request with its cookies in one header, as a browser sent them', async () => {
    const requests: PageRequest[] = [];
    await answer(async (request) => {
      requests.push(request);
      return ok;
    });

    const [request] = requests;
    expect(request).toMatchObject({
      method: 'POST',
      target: '/move?a=1',
      headers: { host: 'abc.example', 'content-type': 'text/plain', cookie: '__Host-one=1; two=2' },
    });
    expect(Buffer.from((await request?.read(10)) ?? []).toString()).toBe('ä=1');
    expect(await request?.read(3)).toBe(null);
  });

  it('is text as it is, with cookies in a list of their own', async () => {
    expect(await answer(async () => ({ ...ok, cookies: ['a=1; Path=/', 'b=2; Path=/'] }))).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'text/html' },
      cookies: ['a=1; Path=/', 'b=2; Path=/'],
      body: '<p>ö',
      isBase64Encoded: false,
    });
  });

  it('is base64 when it is bytes, and refused when Lambda could not pass it on', async () => {
    const bytes = (length: number) => answer(async () => ({ ...ok, body: new Uint8Array(length) }));

    expect(await bytes(3)).toMatchObject({ statusCode: 200, body: 'AAAA', isBase64Encoded: true });
    expect(await bytes(4_000_001)).toMatchObject({ statusCode: 404 });
  });

  it.each([
    ['an unexpected error', () => Promise.reject(new Error('a bug')), event],
    ['a wrong configuration', () => Promise.reject(misconfigured('config.x', 'it is wrong')), event],
    ['an event of another kind', async () => ok, { Records: [] }],
  ])('is 503 after %s, which is logged', async (_, reply, given) => {
    expect(await answer(reply, given)).toMatchObject({
      statusCode: 503,
      headers: { 'cache-control': 'no-store' },
    });
    expect(printed.logs()).toMatchObject([{ level: 'ERROR' }]);
  });

  it('is counted when it is a 4xx, for the alarm of webhooks', async () => {
    await answer(async () => ({ ...ok, status: 403 }));
    await answer(async () => ok);

    expect(printed.metrics()).toEqual([{ ConsoleRefused: 1 }]);
  });

  it('logs visits as events', async () => {
    await pageHandler(({ reportVisit }) => async () => {
      reportVisit({ event: 'console.refused', subject: 'u1', claims: ['email', 'sub'] });
      return ok;
    })(event, lambdaContext());

    expect(printed.logs()).toMatchObject([
      { level: 'WARN', message: 'console.refused', data: { subject: 'u1', claims: ['email', 'sub'] } },
    ]);
  });
});

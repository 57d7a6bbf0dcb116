import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { misconfigured, permanent, retryable } from '../../lib/core/errors.ts';
import type { Invocation } from '../../lib/core/ports.ts';
import type { Received, WebhookRequest } from '../../lib/core/webhooks/webhook.ts';
import { httpHandler, responseMarginMs } from '../../lib/lambda/http-handler.ts';
import { telemetry } from '../../lib/lambda/telemetry.ts';
import { httpEvent } from '../../local/http-event.ts';
import { lambdaContext } from '../support/lambda-context.ts';
import { type Printed, takePrinted } from '../support/printed.ts';
import { requestOf } from '../webhooks/delivery.ts';

type Delivered = { source: string | null; request: WebhookRequest };
type Work = (delivered: Delivered, invocation: Invocation) => Promise<Received>;

const handle = (work: Work) =>
  httpHandler(
    (job: Work) => job,
    () => work,
  );

const queued: Received = { outcome: 'queued', entry: 'guid-a' };
const request = requestOf('{"title":"in the body"}', {
  headers: { 'content-type': 'application/json', 'x-signature': 'in-a-header' },
  query: { token: 'in-the-query' },
});

/** The response to an event, and what the job receives. */
const deliveredBy = async (event: unknown) => {
  const all: Delivered[] = [];
  const response = await handle(async (delivered) => {
    all.push(delivered);
    return queued;
  })(event, lambdaContext());
  return { answer: response, delivered: all[0] };
};

const responseTo = (error: unknown, event: unknown = httpEvent(request)) =>
  handle(() => Promise.reject(error))(event, lambdaContext());

describe('httpHandler', () => {
  let printed: Printed;
  beforeEach(() => {
    printed = takePrinted();
  });
  afterEach(() => {
    telemetry().flush();
    vi.restoreAllMocks();
  });

  it('responds 200 with the outcome as JSON', async () => {
    const { answer: response } = await deliveredBy(httpEvent(request));

    expect(response).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"outcome":"queued","entry":"guid-a"}',
    });
  });

  it.each([true, false])('passes on the request unchanged (base64: %s) with its source', async (base64) => {
    const { delivered } = await deliveredBy(httpEvent(request, { base64 }));

    expect(delivered?.source).toBe('blog');
    expect(delivered?.request).toMatchObject({ method: 'POST', path: '/hooks/blog', query: request.query });
    expect(Buffer.from(delivered?.request.bytes ?? [])).toEqual(Buffer.from(request.bytes));
  });

  it('accepts a function URL event, which has no route and may have no body', async () => {
    const { delivered } = await deliveredBy({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/hooks/blog',
      rawQueryString: '',
      headers: {},
      requestContext: { http: { method: 'POST', path: '/hooks/blog' }, domainName: 'x.lambda-url.on.aws' },
      isBase64Encoded: false,
    });

    expect(delivered?.source).toBe('blog');
    expect(delivered?.request.bytes).toHaveLength(0);
  });

  it.each([
    [permanent('webhook.unreadable', 'no'), 400, 'unreadable'],
    [permanent('webhook.media-ids', 'no'), 400, 'unreadable'],
    [permanent('signature.missing', 'no'), 401, 'not authentic'],
    [permanent('signature.mismatch', 'no'), 401, 'not authentic'],
    [permanent('signature.stale', 'no'), 401, 'not authentic'],
    [permanent('webhook.unknown-source', 'no'), 404, 'no such webhook'],
    [permanent('webhook.too-large', 'no'), 413, 'too large'],
    [permanent('store.too-large', 'no'), 413, 'too large'],
    [misconfigured('signature.no-secret', 'no'), 500, 'out of order'],
    [misconfigured('config.environment', 'no'), 500, 'out of order'],
    [retryable('store.throttled', 'no'), 503, 'try again later'],
    [new Error('a bug'), 503, 'try again later'],
  ])('responds to %s with %i', async (error, status, word) => {
    const response = await responseTo(error);

    expect(response).toMatchObject({ statusCode: status, body: JSON.stringify({ error: word }) });
    expect(response.headers).toMatchObject({ 'content-type': 'application/json' });
  });

  it.each([
    [retryable('store.throttled', 'no', { retryAfterMs: 1_500 }), '2'],
    [retryable('store.throttled', 'no', { retryAfterMs: 0 }), '1'],
    [retryable('store.throttled', 'no'), '30'],
  ])('sends Retry-After: %s', async (error, seconds) => {
    expect((await responseTo(error)).headers).toMatchObject({ 'retry-after': seconds });
  });

  it('sends Retry-After only for temporary errors', async () => {
    expect((await responseTo(misconfigured('a.b', 'no'))).headers).not.toHaveProperty('retry-after');
  });

  it.each([
    ['GET', '/hooks/blog'],
    ['POST', '/'],
    ['POST', '/hooks/'],
    ['POST', '/hooks/a/b'],
    ['POST', '/hooks/%2e%2e'],
    ['POST', '/hooks/BLOG'],
  ])('passes a null source for %s %s', async (method, path) => {
    const { delivered } = await deliveredBy(httpEvent({ ...request, method, path }));

    expect(delivered?.source).toBeNull();
  });

  it.each([
    ['a body of more than 6 MB', httpEvent(requestOf(new Uint8Array(6 * 1024 * 1024 + 1))), 413],
    ['another kind of event', { Records: [] }, 400],
    ['null', null, 400],
  ])('rejects %s without calling the job', async (_, event, status) => {
    const { answer: response, delivered } = await deliveredBy(event);

    expect(response.statusCode).toBe(status);
    expect(delivered).toBeUndefined();
  });

  it("reports a rejection as a warning, with the webhook's ID only if it exists", async () => {
    await responseTo(permanent('signature.mismatch', 'No secret fits.'));
    await responseTo(permanent('webhook.unknown-source', 'There is none.'));

    const logs = printed.logs();
    expect(logs).toMatchObject([
      { level: 'WARN', message: 'webhook.refused' },
      { level: 'WARN', message: 'webhook.refused' },
    ]);
    expect(logs.map(({ data }) => data)).toEqual([
      { source: 'blog', status: 401, code: 'signature.mismatch', message: 'No secret fits.' },
      { source: null, status: 404, code: 'webhook.unknown-source', message: 'There is none.' },
    ]);
    expect(printed.metrics()).toEqual([{ WebhooksRefused: 1 }, { WebhooksRefused: 1 }]);
  });

  it('logs our own errors once and counts them for the alarms', async () => {
    await responseTo(misconfigured('signature.no-secret', 'It is missing.'));
    await responseTo(new Error('a bug'));

    expect(printed.logs().map(({ message }) => message)).toEqual([
      'webhook.failed',
      'signature.no-secret',
      'webhook.failed',
      'unexpected',
    ]);
    expect(printed.metrics()).toEqual([
      { WebhooksFailed: 1, ErrorsConfig: 1 },
      { WebhooksFailed: 1, ErrorsUnexpected: 1 },
    ]);
  });

  it('responds 503 in time when the job does not finish', async () => {
    const never = () => new Promise<never>(() => {});

    const response = await handle(never)(
      httpEvent(request),
      lambdaContext({ remainingMs: responseMarginMs + 10 }),
    );

    expect(response.statusCode).toBe(503);
    expect(printed.logs().map(({ message }) => message)).toEqual(['webhook.failed', 'lambda.timed-out']);
    expect(printed.metrics()).toEqual([{ WebhooksFailed: 1 }]);
  });

  it('logs nothing from the request except its webhook', async () => {
    for (const error of [permanent('a.b', 'no'), misconfigured('a.b', 'no'), new Error('a bug')])
      await responseTo(error);
    await responseTo(
      permanent('webhook.unknown-source', 'no'),
      httpEvent({ ...request, path: '/hooks/in-the-path' }),
    );

    expect(printed.text()).not.toMatch(/in[ -](the|a)[ -](body|header|query|path)/);
  });
});

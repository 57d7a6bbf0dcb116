import { afterEach, describe, expect, it } from 'vitest';
import { fixedToken } from '../../../lib/adapters/aws/token.ts';
import { dashRequests } from '../../../lib/adapters/dash-social/dash-requests.ts';
import { dashSocial } from '../../../lib/adapters/dash-social/dash-social.ts';
import { dashUrls } from '../../../lib/core/dash/dash-call.ts';
import type { SendDash } from '../../../lib/core/dash/dash-response.ts';
import { misconfigured } from '../../../lib/core/errors.ts';
import type { TokenSource } from '../../../lib/core/ports.ts';
import { postBody } from '../../../lib/core/posts/post-body.ts';
import type { TikTokPost } from '../../../lib/core/posts/tiktok-post.ts';
import type { FaultInput } from '../../../local/sandbox/faults.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../local/sandbox/start-sandbox.ts';

const now = Date.parse('2026-03-01T00:00:10Z');
const clock = () => now;
const post: TikTokPost = {
  brand_id: 144,
  status: 'DRAFT',
  auto_publish: false,
  creation_source: 'RSS_FEED',
  text: 'Grüße 😀',
};
const may = { canStillSend: () => true };
const rate = { limit: 1_000, remaining: 999, resetAt: Date.parse('2026-03-01T00:01:00Z') };
const sandboxes: Sandbox[] = [];

afterEach(async () => {
  await Promise.all(sandboxes.splice(0).map((sandbox) => sandbox.close()));
});

const open = async (options: Partial<SandboxOptions> = {}) => {
  const sandbox = await startSandbox({ token: 'secret', brands: [144], clock, ...options });
  sandboxes.push(sandbox);
  return sandbox;
};

const client = (baseUrl: string, token: TokenSource = fixedToken('secret'), mayList = true) =>
  dashSocial({
    mayList,
    send: dashRequests({ clock, connectTimeoutMs: 500, responseTimeoutMs: 150 }),
    token,
    clock,
    baseUrl,
  });

/** A token rotated on the other side: `old` until it is read again. */
const rotated = (next: string | Error) => {
  const calls = { current: 0, refreshed: 0 };
  let token = 'old';
  const source: TokenSource = {
    current: async () => {
      calls.current += 1;
      return token;
    },
    refreshed: async () => {
      calls.refreshed += 1;
      if (next instanceof Error) throw next;
      token = next;
      return token;
    },
  };
  return { source, calls };
};

describe('creating a post', () => {
  it('sends it once, unchanged, and returns its ID', async () => {
    const sandbox = await open();

    const outcome = await client(sandbox.url).create(post, may);

    expect(outcome).toEqual({ kind: 'created', postId: 1001, rate });
    expect(sandbox.posts().map(({ raw }) => raw)).toEqual([postBody(post)]);
    expect(sandbox.posts().map(({ raw }) => JSON.parse(raw))).toEqual([post]);
  });

  it("returns the API's message and errors when rejected", async () => {
    const { url } = await open();

    const outcome = await client(url).create({ ...post, media_ids: [1, 2] }, may);

    expect(outcome).toEqual({
      kind: 'rejected',
      status: 422,
      message: 'The post has errors.',
      errors: { media_ids: ['Longer than maximum length 1.'] },
      rate,
    });
  });

  it('is forbidden for a brand that the token may not use', async () => {
    const { url } = await open();

    expect(await client(url).create({ ...post, brand_id: 145 }, may)).toEqual({ kind: 'forbidden', rate });
  });

  it('is throttled until the window ends', async () => {
    const { url } = await open({ rateLimit: 1 });
    const dash = client(url);
    await dash.create(post, may);

    const outcome = await dash.create(post, may);

    expect(outcome).toEqual({
      kind: 'throttled',
      until: rate.resetAt,
      rate: { ...rate, limit: 1, remaining: 0 },
    });
  });

  const failures: { fault: FaultInput; outcome: object; kept: number }[] = [
    { fault: { kind: 'error-500' }, outcome: { kind: 'uncertain', code: 'dash.failed', rate }, kept: 0 },
    {
      fault: { kind: 'error-500', commit: true },
      outcome: { kind: 'uncertain', code: 'dash.failed', rate },
      kept: 1,
    },
    { fault: { kind: 'unavailable-503' }, outcome: { kind: 'uncertain', code: 'dash.failed' }, kept: 0 },
    {
      fault: { kind: 'throttled-429', ms: 5_000 },
      outcome: { kind: 'throttled', until: now + 5_000 },
      kept: 0,
    },
    {
      fault: { kind: 'proxy-404' },
      outcome: { kind: 'not-created', code: 'dash.refused', rate: null },
      kept: 0,
    },
    { fault: { kind: 'too-large' }, outcome: { kind: 'not-created', code: 'dash.refused' }, kept: 0 },
    { fault: { kind: 'hang' }, outcome: { kind: 'uncertain', code: 'dash.timeout' }, kept: 0 },
    { fault: { kind: 'hang', commit: true }, outcome: { kind: 'uncertain', code: 'dash.timeout' }, kept: 1 },
    { fault: { kind: 'commit-and-drop' }, outcome: { kind: 'uncertain', code: 'dash.cut-off' }, kept: 1 },
    { fault: { kind: 'drop' }, outcome: { kind: 'uncertain', code: 'dash.cut-off' }, kept: 0 },
    { fault: { kind: 'slow', ms: 20 }, outcome: { kind: 'created', postId: 1001 }, kept: 1 },
    { fault: { kind: 'slow', ms: 1_000 }, outcome: { kind: 'uncertain', code: 'dash.timeout' }, kept: 0 },
    { fault: { kind: 'garbled' }, outcome: { kind: 'created', postId: null }, kept: 1 },
    { fault: { kind: 'unauthorized-401' }, outcome: { kind: 'unauthorized', rate }, kept: 0 },
    { fault: { kind: 'forbidden-403' }, outcome: { kind: 'forbidden', rate }, kept: 0 },
  ];

  it.each(failures)('results in $outcome for the sandbox fault $fault', async ({ fault, outcome, kept }) => {
    const sandbox = await open();
    sandbox.fail(fault);

    const found = await client(sandbox.url).create(post, may);

    expect(found).toMatchObject(outcome);
    expect(JSON.stringify(found)).not.toContain('secret');
    expect(sandbox.posts()).toHaveLength(kept);
    expect(sandbox.requests()).toHaveLength(1);
  });

  it('does not send a post that may no longer be sent', async () => {
    const sandbox = await open();

    const outcome = await client(sandbox.url).create(post, { canStillSend: () => false });

    expect(outcome).toEqual({ kind: 'not-sent' });
    expect(sandbox.requests()).toEqual([]);
  });
});

describe('a refused token', () => {
  it('is read again once, and the post is sent once more', async () => {
    const sandbox = await open({ token: 'new' });
    const { source, calls } = rotated('new');

    const outcome = await client(sandbox.url, source).create(post, may);

    expect(outcome).toMatchObject({ kind: 'created', postId: 1001 });
    expect(calls).toEqual({ current: 1, refreshed: 1 });
    expect(sandbox.requests().map(({ status }) => status)).toEqual([401, 201]);
  });

  it('is not tried again when unchanged', async () => {
    const sandbox = await open({ token: 'new' });

    const outcome = await client(sandbox.url, rotated('old').source).create(post, may);

    expect(outcome.kind).toBe('unauthorized');
    expect(sandbox.requests()).toHaveLength(1);
  });

  it('is not tried a third time after being refused again', async () => {
    const sandbox = await open({ token: 'newest' });

    const outcome = await client(sandbox.url, rotated('new').source).create(post, may);

    expect(outcome.kind).toBe('unauthorized');
    expect(sandbox.requests()).toHaveLength(2);
  });

  it('stays unauthorized and creates nothing when it cannot be read again', async () => {
    const { url } = await open({ token: 'new' });

    const outcome = await client(url, rotated(misconfigured('token.unreadable', 'x')).source).create(
      post,
      may,
    );

    expect(outcome.kind).toBe('unauthorized');
  });

  it('does not send the second request when it may no longer be sent', async () => {
    const sandbox = await open({ token: 'new' });
    const responses = [true, false];

    const outcome = await client(sandbox.url, rotated('new').source).create(post, {
      canStillSend: () => responses.shift() ?? false,
    });

    expect(outcome).toEqual({ kind: 'not-sent' });
    expect(sandbox.requests()).toHaveLength(1);
  });

  it('throws before sending anything when it cannot be read at all', async () => {
    const sandbox = await open();
    const token: TokenSource = {
      current: () => Promise.reject(misconfigured('token.missing', 'There is none')),
      refreshed: () => Promise.reject(new Error('never asked')),
    };

    await expect(client(sandbox.url, token).create(post, may)).rejects.toMatchObject({
      kind: 'config',
      code: 'token.missing',
    });

    expect(sandbox.requests()).toEqual([]);
  });
});

describe('a token repeated in a response', () => {
  const tokens = ['old/to+ken', 'new/to+ken'] as const;
  const inUrls = (body: string) =>
    tokens.reduce((text, one) => text.replaceAll(one, encodeURIComponent(one)), body);
  it.each([
    ['as it is', (body: string) => body],
    ['in an address', inUrls],
    ['with escaped slashes', (body: string) => body.replaceAll('/', String.raw`\/`)],
  ])('is kept out of the outcome: %s', async (_, written) => {
    const refusal = {
      code: 422,
      message: `Not with ${tokens.join(' or ')}`,
      errors: { authorization: tokens.map((one) => `Bearer ${one}`) },
      status: 'Unprocessable Entity',
    };
    const body = written(JSON.stringify(refusal));
    const send: SendDash = async ({ token }) => ({
      kind: 'response',
      response: { status: token === tokens[0] ? 401 : 422, headers: {}, body },
    });
    const token: TokenSource = { current: async () => tokens[0], refreshed: async () => tokens[1] };

    const outcome = await dashSocial({ send, token, clock }).create(post, may);

    expect(outcome).toMatchObject({
      kind: 'rejected',
      message: 'Not with [token] or [token]',
      errors: { authorization: ['Bearer [token]', 'Bearer [token]'] },
    });
  });
});

describe('the probe', () => {
  it('finds the service up and creates nothing', async () => {
    const sandbox = await open();

    const outcome = await client(sandbox.url).probe();

    expect(outcome).toEqual({ kind: 'up' });
    expect(sandbox.requests().map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([
      'GET /api/self 200',
      'GET /tiktok/scheduled_posts?limit=1 200',
    ]);
    expect(sandbox.posts()).toEqual([]);
  });

  it.each([
    ['the list is not served', { mayList: true }],
    ['the list may not be requested', { mayList: false }],
  ])('sends an empty post, creating nothing, when %s', async (_, { mayList }) => {
    const sandbox = await open();
    sandbox.fail({ kind: 'proxy-404', on: 'list' });

    const outcome = await client(sandbox.url, fixedToken('secret'), mayList).probe();

    expect(outcome).toEqual({ kind: 'up' });
    expect(sandbox.requests().at(-1)).toMatchObject({ method: 'POST', status: 422 });
    expect(sandbox.requests()).toHaveLength(mayList ? 3 : 2);
    expect(sandbox.posts()).toEqual([]);
  });

  const probes: { fault: FaultInput; code: string | null }[] = [
    { fault: { kind: 'error-500', on: 'list' }, code: 'dash.failed' },
    { fault: { kind: 'error-500', on: 'self' }, code: 'dash.failed' },
    { fault: { kind: 'unavailable-503', on: 'all' }, code: 'dash.failed' },
    { fault: { kind: 'throttled-429', on: 'list' }, code: 'dash.throttled' },
    { fault: { kind: 'unauthorized-401', on: 'self' }, code: 'dash.unauthorized' },
    { fault: { kind: 'unauthorized-401', on: 'list' }, code: 'dash.unauthorized' },
    { fault: { kind: 'hang', on: 'list' }, code: 'dash.timeout' },
    { fault: { kind: 'drop', on: 'self' }, code: 'dash.cut-off' },
    { fault: { kind: 'forbidden-403', on: 'list' }, code: null },
    { fault: { kind: 'proxy-404', on: 'list' }, code: null },
    { fault: { kind: 'proxy-404', on: 'self' }, code: null },
    { fault: { kind: 'too-large', on: 'list' }, code: null },
  ];

  it.each([
    ['error-500', 'dash.failed'],
    ['throttled-429', 'dash.throttled'],
    ['unauthorized-401', 'dash.unauthorized'],
    ['forbidden-403', 'dash.forbidden'],
    ['hang', 'dash.timeout'],
  ] as const)(
    'reports how the empty post failed when the list may not be requested: %s',
    async (kind, code) => {
      const sandbox = await open();
      sandbox.fail({ kind });

      const outcome = await client(sandbox.url, fixedToken('secret'), false).probe();

      expect(outcome).toMatchObject({ kind: 'down', code });
    },
  );

  it.each(probes)('reports $code for the sandbox fault $fault', async ({ fault, code }) => {
    const sandbox = await open();
    sandbox.fail(fault);

    const outcome = await client(sandbox.url).probe();

    expect(outcome).toMatchObject(code === null ? { kind: 'up' } : { kind: 'down', code });
  });

  it('reads a rotated token again', async () => {
    const { url } = await open({ token: 'new' });

    expect(await client(url, rotated('new').source).probe()).toEqual({ kind: 'up' });
  });

  it('reports why there is no token', async () => {
    const { url } = await open();
    const none = () => Promise.reject(misconfigured('token.missing', 'There is none'));

    expect(await client(url, { current: none, refreshed: none }).probe()).toEqual({
      kind: 'down',
      code: 'token.missing',
      message: 'There is none',
    });
  });
});

it('uses the Dash Social URLs by default', () => {
  expect(dashUrls()).toEqual({
    posts: 'https://scheduler.dashsocial.com/tiktok/scheduled_posts',
    self: 'https://auth.dashsocial.com/api/self',
  });
  expect(dashUrls('http://127.0.0.1:1/x/')).toEqual({
    posts: 'http://127.0.0.1:1/x/tiktok/scheduled_posts',
    self: 'http://127.0.0.1:1/x/api/self',
  });
});

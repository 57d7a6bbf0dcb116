import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../../local/sandbox/faults.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../local/sandbox/start-sandbox.ts';

const start = Date.parse('2026-03-01T00:00:10Z');
const draft = {
  brand_id: 144,
  status: 'DRAFT',
  auto_publish: false,
  text: 'Hello',
  creation_source: 'RSS_FEED',
};
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const open = async (options: Partial<SandboxOptions> = {}): Promise<Sandbox> => {
  const sandbox = await startSandbox({ token: 'secret', brands: [144, 145], clock: () => start, ...options });
  cleanups.push(sandbox.close);
  return sandbox;
};

const ask = async (sandbox: Sandbox, method: string, path: string, body?: unknown, token = 'secret') => {
  const response = await fetch(`${sandbox.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, connection: 'close' },
    signal: AbortSignal.timeout(2_000),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const type = response.headers.get('content-type');
  return {
    status: response.status,
    headers: response.headers,
    body: type === 'application/json' ? JSON.parse(text) : text,
  };
};

const create = (sandbox: Sandbox, body: unknown = draft, token?: string) =>
  ask(sandbox, 'POST', '/tiktok/scheduled_posts', body, token);

describe('a new post', () => {
  it('is returned with its fields and an ID, and stored exactly as sent', async () => {
    const sandbox = await open();
    const raw = JSON.stringify(draft, null, 2);

    const answer = await create(sandbox, raw);

    expect(answer).toMatchObject({
      status: 201,
      body: { ...draft, id: 1001, created_at: '2026-03-01T00:00:10.000Z' },
    });
    expect(sandbox.posts()).toEqual([
      { id: 1001, brand: 144, receivedAt: start, updatedAt: start, raw, post: draft },
    ]);
  });

  it('gets consecutive IDs', async () => {
    const sandbox = await open();

    await create(sandbox);
    await create(sandbox);

    expect(sandbox.posts().map(({ id }) => id)).toEqual([1001, 1002]);
  });

  it('is accepted in the form of the API reference’s curl example, without a status', async () => {
    const sandbox = await open({ clock: () => Date.parse('2023-11-01T00:00:00Z') });
    const { creation_source, status, ...rest } = draft;

    const answer = await create(sandbox, {
      ...rest,
      auto_publish: true,
      media_ids: [1],
      timestamp: '2023-11-07T05:31:56Z',
      title: null,
    });

    expect(answer).toMatchObject({ status: 201, body: { status: 'SCHEDULED', has_scheduled_time: true } });
  });

  it('is refused with 422 and the errors of each field', async () => {
    const sandbox = await open();

    const answer = await create(sandbox, { ...draft, brand_id: -1, media_ids: [1, 2], what: 1 });

    expect(answer).toMatchObject({
      status: 422,
      body: {
        code: 422,
        status: 'Unprocessable Entity',
        message: 'The post has errors.',
        errors: {
          brand_id: ['Must be greater than or equal to 0.'],
          media_ids: ['Longer than maximum length 1.'],
          what: ['Unknown field.'],
        },
      },
    });
    expect(sandbox.posts()).toEqual([]);
  });

  it('that is empty is refused', async () => {
    expect(await create(await open(), {})).toMatchObject({
      status: 422,
      body: { errors: { brand_id: expect.anything() } },
    });
  });

  it('that is not JSON is refused with 400', async () => {
    expect(await create(await open(), '{')).toMatchObject({ status: 400, body: { code: 400 } });
  });

  it('with a wrong token is refused with 401', async () => {
    expect(await create(await open(), draft, 'wrong')).toMatchObject({ status: 401, body: { code: 401 } });
  });

  it('for a brand the token may not use is refused with 403', async () => {
    expect(await create(await open(), { ...draft, brand_id: 146 })).toMatchObject({
      status: 403,
      body: { code: 403 },
    });
  });
});

describe('a stored post', () => {
  it('can be read and changed, except for its brand', async () => {
    const sandbox = await open();
    await create(sandbox, { ...draft, duplicate_to_brand_ids: [145] });

    const changed = await ask(sandbox, 'PATCH', '/tiktok/scheduled_posts/1001', { text: 'Changed' });
    const refused = await ask(sandbox, 'PATCH', '/tiktok/scheduled_posts/1001', { brand_id: 145, text: 5 });
    const got = await ask(sandbox, 'GET', '/tiktok/scheduled_posts/1001');

    expect(changed).toMatchObject({ status: 200, body: { id: 1001, text: 'Changed' } });
    expect(refused).toMatchObject({
      status: 422,
      body: { errors: { brand_id: ['Unknown field.'], text: ['Not a valid string.'] } },
    });
    expect(got.body).toEqual(changed.body);
    expect(got.body).not.toHaveProperty('duplicate_to_brand_ids');
    expect(await ask(sandbox, 'GET', '/tiktok/scheduled_posts/9')).toMatchObject({
      status: 404,
      body: { code: 404 },
    });
  });

  it('cannot be changed to an invalid post', async () => {
    const sandbox = await open();
    await create(sandbox);

    const answer = await ask(sandbox, 'PATCH', '/tiktok/scheduled_posts/1001', { status: 'SCHEDULED' });

    expect(Object.keys(answer.body.errors)).toEqual(['auto_publish', 'media_ids', 'timestamp']);
  });

  it('is listed by brand, newest first, in pages', async () => {
    const sandbox = await open();
    for (const brand_id of [144, 145, 144, 144]) await create(sandbox, { ...draft, brand_id });

    const first = await ask(sandbox, 'GET', '/tiktok/scheduled_posts?brand_id=144&limit=2');
    const second = await ask(sandbox, 'GET', first.body.paging.next.replace(sandbox.url, ''));

    expect(first.body.data.map(({ id }: { id: number }) => id)).toEqual([1004, 1003]);
    expect(first.body.paging).toEqual({
      count: 3,
      previous: null,
      next: `${sandbox.url}/tiktok/scheduled_posts?brand_id=144&limit=2&offset=2`,
    });
    expect(second.body.data.map(({ id }: { id: number }) => id)).toEqual([1001]);
    expect(second.body.paging).toMatchObject({ next: null, previous: expect.stringContaining('offset=0') });
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'offset=-1'])('cannot be listed with %s', async (query) => {
    expect(await ask(await open(), 'GET', `/tiktok/scheduled_posts?${query}`)).toMatchObject({ status: 422 });
  });
});

describe('the state file', () => {
  it('restores posts and changes after a restart, and continues the IDs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
    cleanups.push(() => rmSync(folder, { recursive: true }));
    const stateFile = join(folder, 'deep', 'posts.jsonl');
    const first = await open({ stateFile });
    await create(first);
    await ask(first, 'PATCH', '/tiktok/scheduled_posts/1001', { text: 'Changed' });
    await first.close();
    cleanups.pop();
    appendFileSync(stateFile, '{"id":1002,"half a li'); // as left by a process killed while writing

    const second = await open({ stateFile });
    await create(second);
    await second.close();
    cleanups.pop();
    const third = await open({ stateFile });

    expect(third.posts().map(({ id, post }) => [id, post.text])).toEqual([
      [1001, 'Changed'],
      [1002, 'Hello'],
    ]);
    expect(third.posts()[0]?.raw).toBe(JSON.stringify(draft));
  });
});

describe('the rate limit', () => {
  it('is reported in three headers and the date, in UNIX seconds', async () => {
    const { headers } = await create(await open());

    expect(headers.get('x-ratelimit-limit')).toBe('1000');
    expect(headers.get('x-ratelimit-remaining')).toBe('999');
    expect(headers.get('x-ratelimit-reset')).toBe(String(Date.parse('2026-03-01T00:01:00Z') / 1_000));
    expect(headers.get('date')).toBe('Sun, 01 Mar 2026 00:00:10 GMT');
  });

  it('responds 429 until the window ends', async () => {
    let now = start;
    const sandbox = await open({ rateLimit: 2, clock: () => now });

    const before = [await create(sandbox), await ask(sandbox, 'GET', '/api/self'), await create(sandbox)];
    now = Date.parse('2026-03-01T00:01:00Z');
    const after = await create(sandbox);

    expect(before.map(({ status }) => status)).toEqual([201, 200, 429]);
    expect(before[2]?.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(after.status).toBe(201);
    expect(sandbox.posts()).toHaveLength(2);
  });
});

it('returns the token’s brands', async () => {
  expect(await ask(await open(), 'GET', '/api/self')).toMatchObject({
    status: 200,
    body: { accessible_brands: [144, 145], brands: [{ id: 144 }, { id: 145 }], organization: { id: 1 } },
  });
});

describe('simulated failures', () => {
  const responses: { fault: FaultInput; status: number; kept: number; proxy?: boolean }[] = [
    { fault: { kind: 'error-500' }, status: 500, kept: 0 },
    { fault: { kind: 'error-500', commit: true }, status: 500, kept: 1 },
    { fault: { kind: 'unavailable-503' }, status: 503, kept: 0 },
    { fault: { kind: 'throttled-429' }, status: 429, kept: 0 },
    { fault: { kind: 'proxy-404' }, status: 404, kept: 0, proxy: true },
    { fault: { kind: 'too-large' }, status: 413, kept: 0, proxy: true },
    { fault: { kind: 'garbled' }, status: 200, kept: 1 },
    { fault: { kind: 'unauthorized-401' }, status: 401, kept: 0 },
    { fault: { kind: 'forbidden-403' }, status: 403, kept: 0 },
    { fault: { kind: 'slow', ms: 20 }, status: 201, kept: 1 },
  ];

  it.each(responses)(
    '$fault responds $status and stores $kept',
    async ({ fault, status, kept, proxy = false }) => {
      const sandbox = await open();
      sandbox.fail({ ...fault, times: 1 });

      const answer = await create(sandbox);

      expect(answer.status).toBe(status);
      expect(sandbox.posts()).toHaveLength(kept);
      expect(answer.headers.has('x-ratelimit-limit')).toBe(!proxy);
      expect(sandbox.requests()).toMatchObject([
        { fault: fault.kind, status, brand: 144, raw: JSON.stringify(draft) },
      ]);
      expect((await create(sandbox)).status).toBe(201);
    },
  );

  it.each([
    { kind: 'commit-and-drop', kept: 1 },
    { kind: 'drop', kept: 0 },
  ] as const)('$kind closes the connection and stores $kept', async ({ kind, kept }) => {
    const sandbox = await open();
    sandbox.fail({ kind });

    await expect(create(sandbox)).rejects.toThrow('fetch failed');

    expect(sandbox.posts()).toHaveLength(kept);
    expect(sandbox.requests()).toMatchObject([{ fault: kind, status: null }]);
  });

  it('hang never responds, and does not block closing', async () => {
    const sandbox = await open();
    sandbox.fail({ kind: 'hang' });
    const url = `${sandbox.url}/tiktok/scheduled_posts`;

    await expect(fetch(url, { method: 'POST', body: '{}', signal: AbortSignal.timeout(50) })).rejects.toThrow(
      'timeout',
    );
  });

  it('report when the 429 ends', async () => {
    const sandbox = await open();
    sandbox.fail({ kind: 'throttled-429', ms: 5_000 });

    const { headers } = await create(sandbox);

    expect(headers.get('x-ratelimit-reset')).toBe(String(start / 1_000 + 5));
    expect(headers.get('x-ratelimit-remaining')).toBe('0');
  });

  it('apply only to the given brand, calls and number of times', async () => {
    const sandbox = await open();
    sandbox.fail({ kind: 'error-500', times: 2, brand: 145 });
    sandbox.fail({ kind: 'unavailable-503', times: 1, on: 'self' });

    const statuses = [];
    for (const brand_id of [144, 145, 144, 145, 145])
      statuses.push((await create(sandbox, { ...draft, brand_id })).status);
    for (const _ of [1, 2]) statuses.push((await ask(sandbox, 'GET', '/api/self')).status);

    expect(statuses).toEqual([201, 500, 201, 500, 201, 503, 200]);
  });

  it('stop when cleared', async () => {
    const sandbox = await open();
    sandbox.fail({ kind: 'error-500' });
    const during = await create(sandbox);

    sandbox.clearFaults();

    expect([during.status, (await create(sandbox)).status]).toEqual([500, 201]);
  });
});

describe('the sandbox API', () => {
  it('sets and clears failures, and refuses unknown kinds', async () => {
    const sandbox = await open();

    await ask(sandbox, 'POST', '/_sandbox/faults', [{ kind: 'error-500', times: 1 }, { kind: 'proxy-404' }]);
    const statuses = [(await create(sandbox)).status, (await create(sandbox)).status];
    await ask(sandbox, 'DELETE', '/_sandbox/faults');
    statuses.push((await create(sandbox)).status);

    expect(statuses).toEqual([500, 404, 201]);
    expect(await ask(sandbox, 'POST', '/_sandbox/faults', { kind: 'earthquake' })).toMatchObject({
      status: 400,
    });
  });

  it('returns what was received, and deletes it', async () => {
    const sandbox = await open();
    await create(sandbox);

    const posts = await ask(sandbox, 'GET', '/_sandbox/posts');
    const requests = await ask(sandbox, 'GET', '/_sandbox/requests');
    await ask(sandbox, 'DELETE', '/_sandbox/posts');

    expect(posts.body).toMatchObject([{ id: 1001, post: draft }]);
    expect(requests.body).toMatchObject([
      { method: 'POST', path: '/tiktok/scheduled_posts', at: start, status: 201 },
    ]);
    expect(sandbox.posts()).toEqual([]);
  });

  it('changes the token', async () => {
    const sandbox = await open();

    await ask(sandbox, 'PUT', '/_sandbox/tokens', ['new']);

    expect([(await create(sandbox)).status, (await create(sandbox, draft, 'new')).status]).toEqual([
      401, 201,
    ]);
  });
});

it('a busy port fails with the system’s error', async () => {
  const { url } = await open();

  await expect(open({ port: Number(new URL(url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

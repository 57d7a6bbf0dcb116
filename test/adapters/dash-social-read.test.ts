import { afterEach, describe, expect, it } from 'vitest';
import { dashRequests } from '../../lib/adapters/dash-requests.ts';
import { dashSocial } from '../../lib/adapters/dash-social.ts';
import { dashSocialRead } from '../../lib/adapters/dash-social-read.ts';
import { fixedToken } from '../../lib/adapters/token.ts';
import type { SendDash } from '../../lib/core/dash-answer.ts';
import { type Sandbox, startSandbox } from '../../local/sandbox/start-sandbox.ts';

const clock = () => Date.parse('2026-03-01T00:00:10Z');
const token = fixedToken('secret');
const send = dashRequests({ clock, answerTimeoutMs: 500 });
const sandboxes: Sandbox[] = [];

afterEach(async () => {
  await Promise.all(sandboxes.splice(0).map((sandbox) => sandbox.close()));
});

const open = async () => {
  const sandbox = await startSandbox({ token: 'secret', brands: [144, 145], clock });
  sandboxes.push(sandbox);
  return { sandbox, read: dashSocialRead({ send, token, baseUrl: sandbox.url }) };
};

const fill = async (baseUrl: string, count: number) => {
  const dash = dashSocial({ send, token, clock, baseUrl });
  for (let post = 0; post < count; post += 1)
    await dash.create(
      {
        brand_id: 144,
        status: 'DRAFT',
        auto_publish: false,
        creation_source: 'RSS_FEED',
        text: `Post ${post}`,
      },
      { mayLeave: () => true },
    );
};

const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};

const answering =
  (status: number, body: unknown): SendDash =>
  async () => ({
    kind: 'answer',
    answer: { status, headers: {}, body: JSON.stringify(body) },
  });

it('tells which brands the token may use', async () => {
  const { read } = await open();

  expect(await read.accessibleBrands()).toEqual([144, 145]);
});

describe('the posts of a brand', () => {
  it('come newest first, over pages', async () => {
    const { sandbox, read } = await open();
    await fill(sandbox.url, 51);

    const posts = await all(read.posts(144));

    expect(posts.map(({ id }) => id)).toEqual(Array.from({ length: 51 }, (_, index) => 1051 - index));
    expect(posts[0]).toEqual({ id: 1051, text: 'Post 50', source: 'RSS_FEED', createdAt: clock() });
  });

  it('are asked for only as far as they are taken', async () => {
    const { sandbox, read } = await open();
    await fill(sandbox.url, 51);

    for await (const _ of read.posts(144)) break;

    expect(sandbox.requests().filter(({ method }) => method === 'GET')).toHaveLength(1);
  });

  it('may be none', async () => {
    const { read } = await open();

    expect(await all(read.posts(145))).toEqual([]);
  });

  it('may tell little of themselves', async () => {
    const read = dashSocialRead({
      send: answering(200, { data: [{ id: 5, text: 7, created_at: 'x' }] }),
      token,
    });

    expect(await all(read.posts(144))).toEqual([{ id: 5, text: null, source: null, createdAt: null }]);
  });

  it('are not followed for ever', async () => {
    const read = dashSocialRead({
      send: answering(200, { data: [{ id: 5 }], paging: { next: 'x' } }),
      token,
    });

    expect(await all(read.posts(144))).toHaveLength(20);
  });

  it.each([
    { status: 200, body: {}, kind: 'permanent', code: 'dash.unknown-call' },
    { status: 404, body: {}, kind: 'permanent', code: 'dash.unknown-call' },
    { status: 302, body: {}, kind: 'permanent', code: 'dash.unknown-call' },
    { status: 401, body: {}, kind: 'config', code: 'dash.unauthorized' },
    { status: 403, body: {}, kind: 'config', code: 'dash.forbidden' },
    { status: 429, body: {}, kind: 'retryable', code: 'dash.failed' },
    { status: 503, body: {}, kind: 'retryable', code: 'dash.failed' },
  ])('are $code by an answer of $status', async ({ status, body, kind, code }) => {
    const read = dashSocialRead({ send: answering(status, body), token });

    await expect(all(read.posts(144))).rejects.toMatchObject({ kind, code });
  });

  it('are out of reach when nobody answers', async () => {
    const { sandbox, read } = await open();
    sandbox.fail({ kind: 'drop', on: 'all' });

    await expect(all(read.posts(144))).rejects.toMatchObject({
      kind: 'retryable',
      code: 'dash.unreachable',
    });
  });
});

import { describe, expect, it, onTestFinished } from 'vitest';
import { fixedToken } from '../../../lib/adapters/aws/token.ts';
import { dashRecentPosts } from '../../../lib/adapters/dash-social/dash-recent-posts.ts';
import { dashRequests } from '../../../lib/adapters/dash-social/dash-requests.ts';
import type { DashResponse } from '../../../lib/core/dash/dash-response.ts';
import { startSandbox } from '../../../local/sandbox/start-sandbox.ts';
import { postOf } from '../../support/entries.ts';

const token = fixedToken('a-token-for-tests');
const clock = () => Date.UTC(2026, 0, 2);
/** An old draft that no list below contains, so everything that may be read is read. */
const latest = { brand: 144, postId: 77, at: 1_000_000 };

describe('recent posts from the sandbox', () => {
  const open = async () => {
    const sandbox = await startSandbox({ token: 'a-token-for-tests', brands: [144, 7], clock });
    onTestFinished(sandbox.close);
    const send = dashRequests({ clock, responseTimeoutMs: 500 });
    const post = (body: object) =>
      fetch(`${sandbox.url}/tiktok/scheduled_posts`, {
        method: 'POST',
        headers: { authorization: 'Bearer a-token-for-tests', 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    return { sandbox, post, list: dashRecentPosts({ send, token, baseUrl: sandbox.url }) };
  };

  it('include every RSS post for the brand, across all pages', async () => {
    const { post, list } = await open();
    for (let i = 0; i < 120; i++) await post(postOf(`Story ${i}`));
    await post({ ...postOf('Of another brand'), brand_id: 7 });
    await post({ brand_id: 144, status: 'DRAFT', text: 'Made by hand' });

    const found = await list({ brand: 144, since: 0, latest });

    expect(found.kind).toBe('listed');
    const texts = found.kind === 'listed' ? found.posts.map(({ text }) => text) : [];
    expect(new Set(texts)).toEqual(new Set(Array.from({ length: 120 }, (_, i) => `Story ${i}`)));
  });

  it('stop at a page that is entirely older than requested', async () => {
    const { sandbox, post, list } = await open();
    for (let i = 0; i < 120; i++) await post(postOf(`Story ${i}`));

    const recent = { brand: 144, postId: 1_120, at: clock() };
    await list({ brand: 144, since: clock() + 60_000, latest: recent });

    expect(sandbox.requests().filter(({ method }) => method === 'GET')).toHaveLength(1);
  });

  it('continue past that page until the latest draft is seen', async () => {
    const { post, list } = await open();
    for (let i = 0; i < 120; i++) await post(postOf(`Story ${i}`));

    const old = { brand: 144, postId: 1_001, at: clock() };
    const found = await list({ brand: 144, since: clock() + 60_000, latest: old });

    expect(found).toMatchObject({ reachesBefore: true });
    expect(found.kind === 'listed' && found.posts.some(({ id }) => id === 1_001)).toBe(true);
  });

  it.each([
    ['inconclusive after a missing list', 'proxy-404', 'inconclusive'],
    ['unavailable after an error of the server', 'error-500', 'unavailable'],
    ['unavailable after a dropped connection', 'drop', 'unavailable'],
  ] as const)('are %s', async (_, kind, expected) => {
    const { sandbox, list } = await open();
    sandbox.fail({ kind, on: 'all' });

    expect(await list({ brand: 144, since: 0, latest })).toMatchObject({ kind: expected });
  });
});

describe('an unexpected list', () => {
  const responding = (...responses: Partial<DashResponse>[]) => {
    const rest = [...responses];
    return dashRecentPosts({
      token,
      send: async () => {
        const { status = 200, body = '{"data":[]}' } = rest.shift() ?? {};
        return { kind: 'response', response: { status, headers: {}, body } };
      },
    });
  };
  const page = (data: object[], paging?: object) => ({
    body: JSON.stringify({ data, ...(paging && { paging }) }),
  });
  const one = { id: 1, text: 'Story', creation_source: 'RSS_FEED', created_at: '2026-01-02T00:00:00Z' };

  it.each([
    ['not found', { status: 404, body: 'no such page' }],
    ['not JSON', { body: '<html>' }],
    ['of an unknown shape', { body: '{"items":[]}' }],
  ])('that is %s is inconclusive', async (_, response) => {
    expect(await responding(response)({ brand: 144, since: 0, latest })).toMatchObject({
      kind: 'inconclusive',
      code: 'dash.no-list',
    });
  });

  it.each([401, 403, 408, 429, 500, 503])('is unavailable after a %i', async (status) => {
    expect(await responding({ status })({ brand: 144, since: 0, latest })).toMatchObject({
      kind: 'unavailable',
      message: `the request for the list of posts returned ${status}`,
    });
  });

  it('without paging is read until a page is empty', async () => {
    const found = await responding(page([one]), page([{ ...one, id: 2 }]))({ brand: 144, since: 0, latest });

    expect(found).toMatchObject({ kind: 'listed', posts: [{ id: 1 }, { id: 2 }] });
  });

  const at = (id: number, time: string) => ({ ...one, id, created_at: time });
  const older = [at(3, '2026-01-01T10:00:00Z'), at(2, '2026-01-01T09:00:00Z')];
  const since = Date.parse('2026-01-01T12:00:00Z');
  it.each([
    ['of which one is entirely older', [page(older)], true],
    [
      'of which one is partly older and read again from there',
      [page([at(9, '2026-01-02T00:00:00Z'), ...older]), page(older)],
      true,
    ],
    ['that mix older and newer posts to the end', [page([...older, at(9, '2026-01-02T00:00:00Z')])], false],
    ['that are all newer', [page([at(9, '2026-01-02T00:00:00Z')])], false],
    ['without times', [page([{ ...one, created_at: null }])], false],
    ['that are empty', [page([])], false],
  ])('in pages %s reports whether it goes back far enough', async (_, responses, reachesBefore) => {
    const found = await responding(...responses)({ brand: 144, since, latest });

    expect(found).toMatchObject({ kind: 'listed', reachesBefore });
  });

  it("requests a page's older part by its offset", async () => {
    const asked: string[] = [];
    const list = dashRecentPosts({
      token,
      send: async ({ url }) => {
        asked.push(new URL(url).searchParams.get('offset') ?? '');
        const data = asked.length === 1 ? [at(9, '2026-01-02T00:00:00Z'), ...older] : older;
        return { kind: 'response', response: { status: 200, headers: {}, ...page(data, { next: null }) } };
      },
    });

    await list({ brand: 144, since, latest });

    expect(asked).toEqual(['0', '1']);
  });

  it('without an end is inconclusive', async () => {
    const endless = dashRecentPosts({
      token,
      send: async () => ({
        kind: 'response',
        response: { status: 200, headers: {}, ...page([one], { next: 'more' }) },
      }),
    });

    expect(await endless({ brand: 144, since: 0, latest })).toMatchObject({
      kind: 'inconclusive',
      code: 'dash.long-list',
    });
  });
});

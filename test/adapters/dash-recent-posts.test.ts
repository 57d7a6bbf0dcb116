import { describe, expect, it, onTestFinished } from 'vitest';
import { dashRecentPosts } from '../../lib/adapters/dash-recent-posts.ts';
import { dashRequests } from '../../lib/adapters/dash-requests.ts';
import { fixedToken } from '../../lib/adapters/token.ts';
import type { DashAnswer } from '../../lib/core/dash-answer.ts';
import { startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { postOf } from '../support/entries.ts';

const token = fixedToken('a-token-for-tests');
const clock = () => Date.UTC(2026, 0, 2);

describe('against the sandbox', () => {
  const open = async () => {
    const sandbox = await startSandbox({ token: 'a-token-for-tests', brands: [144, 7], clock });
    onTestFinished(sandbox.close);
    const send = dashRequests({ clock, answerTimeoutMs: 500 });
    const post = (body: object) =>
      fetch(`${sandbox.url}/tiktok/scheduled_posts`, {
        method: 'POST',
        headers: { authorization: 'Bearer a-token-for-tests', 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    return { sandbox, post, list: dashRecentPosts({ send, token, baseUrl: sandbox.url }) };
  };

  it('tells of every RSS post of the brand, over as many pages as it takes', async () => {
    const { post, list } = await open();
    for (let i = 0; i < 120; i++) await post(postOf(`Story ${i}`));
    await post({ ...postOf('Of another brand'), brand_id: 7 });
    await post({ brand_id: 144, status: 'DRAFT', text: 'Made by hand' });

    const found = await list({ brand: 144, since: 0 });

    expect(found.kind).toBe('listed');
    const texts = found.kind === 'listed' ? found.posts.map(({ text }) => text) : [];
    expect(new Set(texts)).toEqual(new Set(Array.from({ length: 120 }, (_, i) => `Story ${i}`)));
  });

  it('reads no further than a page that lies wholly before the time asked for', async () => {
    const { sandbox, post, list } = await open();
    for (let i = 0; i < 120; i++) await post(postOf(`Story ${i}`));

    await list({ brand: 144, since: clock() + 60_000 });

    expect(sandbox.requests().filter(({ method }) => method === 'GET')).toHaveLength(1);
  });

  it.each([
    ['a list that is not there', 'proxy-404'],
    ['a failing server', 'error-500'],
    ['a server that hangs up', 'drop'],
  ] as const)('cannot tell from %s', async (_, kind) => {
    const { sandbox, list } = await open();
    sandbox.fail({ kind, on: 'all' });

    expect(await list({ brand: 144, since: 0 })).toMatchObject({ kind: 'cannot-tell' });
  });
});

describe('a list of another making', () => {
  const answering = (...answers: Partial<DashAnswer>[]) => {
    const rest = [...answers];
    return dashRecentPosts({
      token,
      send: async () => {
        const { status = 200, body = '{"data":[]}' } = rest.shift() ?? {};
        return { kind: 'answer', answer: { status, headers: {}, body } };
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
    ['of another shape', { body: '{"items":[]}' }],
    ['forbidden', { status: 403 }],
  ])('that is %s says nothing', async (_, answer) => {
    expect(await answering(answer)({ brand: 144, since: 0 })).toMatchObject({
      kind: 'cannot-tell',
      code: 'dash.no-list',
    });
  });

  it('without paging is read until a page is empty', async () => {
    const found = await answering(page([one]), page([{ ...one, id: 2 }]))({ brand: 144, since: 0 });

    expect(found).toMatchObject({ kind: 'listed', posts: [{ id: 1 }, { id: 2 }] });
  });

  it('without an end says nothing', async () => {
    const endless = dashRecentPosts({
      token,
      send: async () => ({
        kind: 'answer',
        answer: { status: 200, headers: {}, ...page([one], { next: 'more' }) },
      }),
    });

    expect(await endless({ brand: 144, since: 0 })).toMatchObject({
      kind: 'cannot-tell',
      code: 'dash.long-list',
    });
  });
});

import { describe, expect, it, onTestFinished } from 'vitest';
import { fixedToken } from '../../../lib/adapters/aws/token.ts';
import { dashCampaigns } from '../../../lib/adapters/dash-social/dash-campaigns.ts';
import { dashRequests } from '../../../lib/adapters/dash-social/dash-requests.ts';
import type { DashRequest, SendDash } from '../../../lib/core/dash/dash-response.ts';
import { startSandbox } from '../../../local/sandbox/start-sandbox.ts';

const clock = () => Date.parse('2026-03-01T00:00:10Z');
const token = fixedToken('secret');
const send = dashRequests({ clock, responseTimeoutMs: 1_500 });
const range = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

const open = async (campaigns: Record<number, number[]> = {}) => {
  const sandbox = await startSandbox({ token: 'secret', brands: [144], campaigns, clock });
  onTestFinished(sandbox.close);
  return { sandbox, campaigns: dashCampaigns({ send, token, baseUrl: sandbox.url }) };
};

/** Responds with one body after another, and records the requests. */
const responding = (...bodies: unknown[]) => {
  const requests: DashRequest[] = [];
  const respond: SendDash = async (request) => {
    requests.push(request);
    const body = JSON.stringify(bodies[requests.length - 1] ?? bodies.at(-1));
    return { kind: 'response', response: { status: 200, headers: {}, body } };
  };
  return { requests, campaigns: dashCampaigns({ send: respond, token }) };
};

describe('the campaigns of a brand', () => {
  it('are read page by page', async () => {
    const { campaigns } = await open({ 144: range(45) });

    const found = await campaigns(144);

    expect(found.map(({ id }) => id)).toEqual(range(45));
    expect(found[0]).toEqual({ id: 1, name: 'Campaign 1', starts: '2026-01-01', ends: null });
  });

  it('are none for a brand without any', async () => {
    const { campaigns } = await open();

    expect(await campaigns(144)).toEqual([]);
  });

  it('are not listed for a brand that the token may not use', async () => {
    const { campaigns } = await open();

    await expect(campaigns(9)).rejects.toMatchObject({ kind: 'config', code: 'dash.forbidden' });
  });

  it('may have no name, and other fields', async () => {
    const { campaigns } = responding({ data: [{ id: 5, color: 'red', name: null }] });

    expect(await campaigns(144)).toEqual([{ id: 5, name: null, starts: null, ends: null }]);
  });

  it('are requested from the Library only, whatever the address of the next page', async () => {
    const next = 'https://elsewhere.example/steal?offset=1';
    const { campaigns, requests } = responding(
      { data: [{ id: 1 }], paging: { next } },
      { data: [{ id: 2 }], paging: { next: null } },
    );

    await campaigns(144);

    expect(requests.map(({ url }) => url)).toEqual([
      'https://library-backend.dashsocial.com/brands/144/campaigns',
      'https://library-backend.dashsocial.com/brands/144/campaigns?offset=1',
    ]);
  });

  it('end after fifty pages', async () => {
    const { campaigns } = responding({ data: [{ id: 1 }], paging: { next: 'https://x.example/?offset=1' } });

    await expect(campaigns(144)).rejects.toMatchObject({ kind: 'permanent', code: 'dash.long-list' });
  });

  it.each([[{}], [{ data: [{ name: 'without ID' }] }], [[]]])(
    'fail for the unknown shape %j',
    async (body) => {
      await expect(responding(body).campaigns(144)).rejects.toMatchObject({ code: 'dash.unknown-call' });
    },
  );

  it.each([
    ['error-500', 'dash.failed'],
    ['throttled-429', 'dash.failed'],
    ['unauthorized-401', 'dash.unauthorized'],
    ['proxy-404', 'dash.unknown-call'],
    ['drop', 'dash.unreachable'],
    ['hang', 'dash.unreachable'],
  ] as const)('fail for %s as %s', async (kind, code) => {
    const { sandbox, campaigns } = await open({ 144: [1] });
    sandbox.fail({ kind, on: 'library' });

    await expect(campaigns(144)).rejects.toMatchObject({ code });
  });

  it('are read at an address of the Library’s own', async () => {
    const { requests } = responding({ data: [] });
    const respond: SendDash = async (request) => {
      requests.push(request);
      return { kind: 'response', response: { status: 200, headers: {}, body: '{"data":[]}' } };
    };
    const baseUrl = 'https://all.example';

    await dashCampaigns({ send: respond, token, baseUrl, libraryUrl: 'https://library.example/' })(7);
    await dashCampaigns({ send: respond, token, baseUrl })(7);

    expect(requests.map(({ url }) => url)).toEqual([
      'https://library.example/brands/7/campaigns',
      'https://all.example/brands/7/campaigns',
    ]);
  });
});

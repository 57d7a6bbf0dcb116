import { expect, it, onTestFinished } from 'vitest';
import { fixedToken } from '../../../lib/adapters/aws/token.ts';
import { dashBrands } from '../../../lib/adapters/dash-social/dash-brands.ts';
import { dashRequests } from '../../../lib/adapters/dash-social/dash-requests.ts';
import type { SendDash } from '../../../lib/core/dash/dash-response.ts';
import { startSandbox } from '../../../local/sandbox/start-sandbox.ts';

const clock = () => Date.parse('2026-03-01T00:00:10Z');
const token = fixedToken('secret');
const send = dashRequests({ clock, responseTimeoutMs: 500 });

const open = async () => {
  const sandbox = await startSandbox({ token: 'secret', brands: [144, 145], clock });
  onTestFinished(sandbox.close);
  return { sandbox, brands: dashBrands({ send, token, baseUrl: sandbox.url }) };
};

const responding =
  (status: number, body: unknown): SendDash =>
  async () => ({ kind: 'response', response: { status, headers: {}, body: JSON.stringify(body) } });

it('returns the brands that the token may use', async () => {
  const { brands } = await open();

  expect(await brands()).toEqual([
    { id: 144, name: 'Brand 144' },
    { id: 145, name: 'Brand 145' },
  ]);
});

it.each([
  ['no list of brands', { accessible_brands: [5] }],
  ['a brand of another shape', { accessible_brands: [5], brands: [{ id: 'x' }, 7, { id: 6, name: 'Six' }] }],
  ['a list of another shape', { accessible_brands: [5], brands: { 5: 'Five' } }],
])('returns brands without names for %s', async (_, body) => {
  const brands = dashBrands({ send: responding(200, body), token });

  expect(await brands()).toEqual([{ id: 5, name: null }]);
});

it.each([
  { status: 200, body: {}, kind: 'permanent', code: 'dash.unknown-call' },
  { status: 404, body: {}, kind: 'permanent', code: 'dash.unknown-call' },
  { status: 302, body: {}, kind: 'permanent', code: 'dash.unknown-call' },
  { status: 401, body: {}, kind: 'config', code: 'dash.unauthorized' },
  { status: 403, body: {}, kind: 'config', code: 'dash.forbidden' },
  { status: 429, body: {}, kind: 'retryable', code: 'dash.failed' },
  { status: 503, body: {}, kind: 'retryable', code: 'dash.failed' },
])('fails as $code for status $status', async ({ status, body, kind, code }) => {
  await expect(dashBrands({ send: responding(status, body), token })()).rejects.toMatchObject({ kind, code });
});

it('fails as unreachable when there is no response', async () => {
  const { sandbox, brands } = await open();
  sandbox.fail({ kind: 'drop', on: 'all' });

  await expect(brands()).rejects.toMatchObject({ kind: 'retryable', code: 'dash.unreachable' });
});

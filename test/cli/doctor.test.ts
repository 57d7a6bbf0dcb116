import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../cli/finding.ts';
import type { Target } from '../../cli/target.ts';
import { misconfigured, retryable } from '../../lib/core/errors.ts';
import type { LatestDraft } from '../../lib/core/posts/find-draft.ts';
import { withNotes } from '../../lib/core/webhooks/deliveries.ts';
import type { DeliveryNote } from '../../lib/core/webhooks/deliveries-row.ts';
import { ourAccess } from '../../local/embedded/access.ts';
import { type EmbeddedSecrets, startSecrets } from '../../local/embedded/secrets.ts';
import { type Sandbox, startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { cliOver, configOf, fakeTarget } from '../support/cli.ts';
import { feedOf, postOf } from '../support/entries.ts';
import { webhookOf } from '../support/hook-world.ts';

const now = Date.parse('2026-11-01T12:00:00Z');
const clock = () => now;
const webhooks = [webhookOf({ secretNames: ['ghost'] })];

let sandbox: Sandbox;
let secrets: EmbeddedSecrets;
let client: SecretsManagerClient;

beforeEach(async () => {
  sandbox = await startSandbox({ token: 'a-token', brands: [144], clock });
  secrets = await startSecrets({ values: { dash: 'a-token', inbound: '{"ghost":"its-value"}' } });
  client = new SecretsManagerClient({ endpoint: secrets.endpoint, ...ourAccess() });
});
afterEach(async () => {
  client.destroy();
  await Promise.all([sandbox.close(), secrets.close()]);
});

const wellPlace = async (given: Partial<Target> = {}) => {
  const target = fakeTarget({
    config: () => ({ ...configOf(), webhooks }),
    vault: { client, dashSecretId: 'dash', inboundSecretId: 'inbound' },
    dashUrl: sandbox.url,
    ...given,
  });
  await target.feedStore.saveTick({ rev: 1, lastTick: now - 30_000, brands: [] });
  return target;
};

const onProd = { where: { stage: 'prod' } };

const doctor = async (target: Target, line = 'doctor') => {
  const { code, out } = await cliOver(target)(`${line} --json`, { clock });
  const { ok, checks }: { ok: boolean; checks: Finding[] } = JSON.parse(out);
  return { code, ok, out, of: (check: string) => checks.find((one) => one.check === check), checks };
};

describe('doctor', () => {
  it('finds all well, shows no value of a secret, and creates nothing', async () => {
    const { code, ok, out, checks } = await doctor(await wellPlace());

    expect(checks.filter(({ state }) => state !== 'ok')).toMatchObject([
      { check: 'list of posts', state: 'skipped', says: expect.stringContaining('no draft of this brand') },
      { check: 'webhook blog', state: 'skipped', says: 'no delivery has come yet' },
    ]);
    expect(checks.map(({ check }) => check)).toEqual([
      'feeds.yml',
      'feeds table',
      'ledger table',
      'queues',
      'dead letters',
      'schedule',
      'duplicates',
      'token',
      'brands',
      'list of posts',
      'clock',
      'secret ghost',
      'webhook blog',
    ]);
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    expect(out).not.toMatch(/a-token|its-value/);
    expect(sandbox.requests().filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('says what to do when the token is refused, and ends with 1', async () => {
    sandbox.setTokens(['another']);

    const { code, of } = await doctor(await wellPlace());

    expect(code).toBe(1);
    expect(of('token')).toMatchObject({
      state: 'failed',
      says: 'Dash Social refuses the token: store a new one',
      todo: 'stop npm start, and start it with another one in DASH_SOCIAL_TOKEN',
    });
    expect((await doctor(await wellPlace(onProd), 'doctor --stage prod')).of('token')?.todo).toContain(
      'secret set dash-token --stage prod',
    );
    expect(of('clock')).toMatchObject({ state: 'ok' });
    expect(of('list of posts')).toBeUndefined();
  });

  it('names the brands that the token may not use', async () => {
    const feeds = [feedOf(), feedOf({ id: 'b', brandId: 7 }), feedOf({ id: 'c', brandId: 9 })];

    const { of } = await doctor(await wellPlace({ config: () => configOf(feeds) }));

    expect(of('brands')).toMatchObject({
      state: 'failed',
      says: 'the token may not use 7, 9; it may use 144',
      todo: expect.stringContaining('brand_id'),
    });
  });

  it('shows whether auto can look posts up', async () => {
    const place = (lookUp: boolean, latest: LatestDraft | null) =>
      wellPlace({
        config: () => ({ ...configOf(), dash: { lookUp, ratePerMinute: 1_000 } }),
        latestDrafts: { read: async () => latest, note: async () => {} },
      });
    const look = async (lookUp: boolean, latest: LatestDraft | null) =>
      (await doctor(await place(lookUp, latest))).of('list of posts');
    await fetch(`${sandbox.url}/tiktok/scheduled_posts`, {
      method: 'POST',
      headers: { authorization: `Bearer a-token`, 'content-type': 'application/json' },
      body: JSON.stringify(postOf('Story 1')),
    });
    const [made] = sandbox.posts();
    const known = { brand: 144, postId: made?.id ?? 0, at: made?.receivedAt ?? 0 };

    expect(await look(false, null)).toMatchObject({
      state: 'skipped',
      says: expect.stringContaining('forbids'),
    });
    expect(await look(true, null)).toMatchObject({
      state: 'skipped',
      says: expect.stringContaining('no draft of'),
    });
    expect(await look(true, { ...known, postId: 5 })).toMatchObject({
      state: 'failed',
      says: expect.stringContaining('does not show'),
      todo: expect.stringContaining('look_up: false'),
    });
    expect(await look(true, known)).toMatchObject({
      state: 'ok',
      says: expect.stringContaining('auto looks'),
    });
  });

  it('finds a secret that feeds.yml names and nobody stored, and says how to on this stage', async () => {
    secrets.put('inbound', '{"ghost":""}');

    const { of } = await doctor(await wellPlace(onProd), 'doctor --stage prod');

    expect(of('secret ghost')).toMatchObject({
      state: 'failed',
      says: 'it is missing or empty, and webhook blog needs it',
      todo: 'npm run -s cli -- secret set ghost --stage prod',
    });
  });

  it('says how to store the first secret where there is none at all', async () => {
    const vault = { client, dashSecretId: 'dash', inboundSecretId: 'nothing-yet' };

    const { of } = await doctor(await wellPlace({ ...onProd, vault }), 'doctor --stage prod');

    expect(of('secrets')).toMatchObject({
      state: 'failed',
      todo: 'npm run -s cli -- secret set ghost --stage prod',
    });
  });

  it('finds a clock that is wrong, by the time that Dash Social tells', async () => {
    const target = await wellPlace();

    const { out } = await cliOver(target)('doctor --json', { clock: () => now + 120_000 });

    expect(JSON.parse(out).checks).toContainEqual(
      expect.objectContaining({
        check: 'clock',
        state: 'failed',
        says: 'this machine is 2 min ahead of Dash Social',
      }),
    );
  });

  it.each([
    ['never came', null, 'last tick never: nothing is polled'],
    ['came long ago', now - 600_000, 'last tick 10 min ago: nothing is polled'],
  ])('finds a schedule that %s', async (_, lastTick, says) => {
    const target = fakeTarget();
    if (lastTick !== null) await target.feedStore.saveTick({ rev: 1, lastTick, brands: [] });

    expect((await doctor(target)).of('schedule')).toMatchObject({ state: 'failed', says });
  });

  it('finds dead letters', async () => {
    const queueDepths = async () => ({ feeds: 0, drafts: 0, feedsDeadLetters: 2, draftsDeadLetters: 0 });

    const { of } = await doctor(await wellPlace({ queueDepths }));

    expect(of('dead letters')).toMatchObject({ state: 'failed', says: expect.stringMatching(/^2 of feeds/) });
  });

  it('makes the other checks when one cannot be made', async () => {
    const broken = await wellPlace({
      config: () => {
        throw misconfigured('config.invalid', 'feeds.yml:3:1: url is missing');
      },
    });
    broken.ledger = {
      ...broken.ledger,
      read: async () => {
        throw retryable('store.unreachable', 'The table ledger cannot be reached.');
      },
    };

    const { code, of } = await doctor(broken);

    expect(code).toBe(1);
    expect(of('feeds.yml')).toMatchObject({ state: 'failed', says: 'feeds.yml:3:1: url is missing' });
    expect(of('ledger table')).toMatchObject({
      state: 'failed',
      says: 'The table ledger cannot be reached.',
    });
    expect(of('queues')).toMatchObject({ state: 'ok' });
  });

  it('skips what is there only while something runs, and says how to start it', async () => {
    const { of } = await doctor(
      fakeTarget({
        isRunning: false,
        queueDepths: async () => null,
        config: () => ({ ...configOf(), webhooks }),
      }),
    );

    expect([of('queues'), of('token'), of('secrets')]).toMatchObject([
      { state: 'skipped' },
      { state: 'skipped' },
      { state: 'skipped' },
    ]);
    expect(of('schedule')).toMatchObject({ state: 'failed', todo: 'start it with npm start' });
  });

  it('asks for no token on a stage that delivers nothing', async () => {
    const { of } = await doctor(await wellPlace(), 'doctor --stage staging');

    expect(of('token')).toMatchObject({
      state: 'skipped',
      says: expect.stringContaining('delivers nothing'),
    });
    expect(sandbox.requests()).toEqual([]);
  });

  it('shows each failed check in full on a terminal, with what to do', async () => {
    const { out } = await cliOver(fakeTarget({ isRunning: false }))('doctor', { columns: 60, colour: true });

    expect(out).toContain('\u001B[31mfailed');
    expect(out).toMatch(
      /schedule: nothing runs here now, so nothing is polled[^\n]*\n {2}start it with npm start/,
    );
    expect(out).toContain('1 failed.');
  });

  it.each([
    [null, 'skipped', 'no delivery has come yet'],
    [{ outcome: 'ignored', reason: 'update' }, 'ok', 'last delivery'],
    [{ outcome: 'refused', reason: 'signature.mismatch' }, 'failed', 'refused since'],
    [{ outcome: 'failed', reason: 'signature.no-secret' }, 'failed', 'missing or empty'],
  ] as const)('says what became of the last delivery of a webhook: %j', async (last, state, says) => {
    const target = await wellPlace();
    const note = last && { ...last, entry: null, since: now - 7_200_000, at: now - 60_000, times: 9 };
    if (note) await target.deliveries.save(withNotes('blog', null, [note]));

    const found = (await doctor(target)).of('webhook blog');

    expect(found).toMatchObject({ state, says: expect.stringContaining(says) });
    if (last?.outcome === 'refused') expect(found?.says).toMatch(/since .*: wrong secret$/);
  });

  it('forgets what was refused a week ago', async () => {
    const target = await wellPlace();
    const at = now - 8 * 86_400_000;
    const note = { outcome: 'refused', reason: 'signature.mismatch', entry: null, since: at, at, times: 1 };
    await target.deliveries.save(withNotes('blog', null, [note as DeliveryNote]));

    expect((await doctor(target)).of('webhook blog')).toMatchObject({ state: 'ok' });
  });
});

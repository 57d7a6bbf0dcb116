import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../cli/finding.ts';
import type { Target } from '../../cli/target.ts';
import { pausedCircuit } from '../../lib/core/circuit/circuit-breaker.ts';
import { misconfigured, retryable } from '../../lib/core/errors.ts';
import type { LatestDraft } from '../../lib/core/posts/find-draft.ts';
import { withNotes } from '../../lib/core/webhooks/deliveries.ts';
import type { DeliveryNote } from '../../lib/core/webhooks/deliveries-row.ts';
import { ourAccess } from '../../local/embedded/access.ts';
import { type EmbeddedSecrets, startSecrets } from '../../local/embedded/secrets.ts';
import { type Sandbox, startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { cliOver, configOf, type FakeTarget, fakeTarget } from '../support/cli.ts';
import { feedOf, postOf } from '../support/entries.ts';
import { webhookOf } from '../support/hook-world.ts';
import { aCircuitRow, aFeedRow, anEntryRow, aTrouble } from '../support/store-rows.ts';

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

const healthyTarget = async (given: Partial<Target> = {}) => {
  const target = fakeTarget({
    config: () => ({ ...configOf(), webhooks }),
    vault: { client, dashSecretId: 'dash', inboundSecretId: 'inbound', consoleSecretId: null },
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
  it('passes on a healthy target, shows no secret value and creates nothing', async () => {
    const { code, ok, out, checks } = await doctor(await healthyTarget());

    expect(checks.filter(({ state }) => state !== 'ok')).toMatchObject([
      { check: 'list of posts', state: 'skipped', text: expect.stringContaining('no draft of this brand') },
      { check: 'webhook blog', state: 'skipped', text: 'no delivery yet' },
    ]);
    expect(checks.map(({ check }) => check)).toEqual([
      'feeds.yml',
      'feeds table',
      'ledger table',
      'queues',
      'schedule',
      'token',
      'brands',
      'list of posts',
      'clock',
      'secret ghost',
      'webhook blog',
      'health',
    ]);
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    expect(out).not.toMatch(/a-token|its-value/);
    expect(sandbox.requests().filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('shows a remedy for a refused token, and ends with 1', async () => {
    sandbox.setTokens(['another']);

    const { code, of } = await doctor(await healthyTarget());

    expect(code).toBe(1);
    expect(of('token')).toMatchObject({
      state: 'failed',
      text: 'Dash Social refuses the token',
      fix: 'Stop npm start, then start it with a valid token in DASH_SOCIAL_TOKEN. npm start',
    });
    expect((await doctor(await healthyTarget(onProd), 'doctor --stage prod')).of('token')?.fix).toContain(
      'secret set dash-token --stage prod',
    );
    expect(of('clock')).toMatchObject({ state: 'ok' });
    expect(of('list of posts')).toBeUndefined();
  });

  it.each([
    ['unavailable-503', 'Dash Social returned 503'],
    ['error-500', 'Dash Social returned 500'],
    ['drop', ''],
  ] as const)('blames Dash Social, not the token, for %s', async (kind, text) => {
    sandbox.fail({ kind, on: 'all' });

    const { of } = await doctor(await healthyTarget());

    expect(of('token')).toBeUndefined();
    expect(of('Dash Social')).toMatchObject({
      state: 'failed',
      text: expect.stringContaining(text),
      fix: expect.stringContaining('status page'),
    });
  });

  it('shows the pause of a host, with the feeds that wait', async () => {
    const target = await healthyTarget();
    const schedule = target.feedStore.schedule;
    const backOffs = [
      { host: 'www.example.com', rev: 1, since: now, until: now + 60_000, feeds: ['newsroom'] },
    ];
    target.feedStore = {
      ...target.feedStore,
      schedule: async () => ({ ...(await schedule()), backOffs }),
    };

    expect((await doctor(target)).of('host')).toMatchObject({
      state: 'ok',
      text: expect.stringMatching(/^www\.example\.com asked for a pause until .*; waiting: newsroom$/),
    });
  });

  it('prints each problem once, and a brand’s remedy is not doctor again', async () => {
    const target = await healthyTarget();
    await target.circuits.put(aCircuitRow({ scope: 'brand/144', reason: 'forbidden' }));

    const { out } = await cliOver(target)('doctor', { clock });

    expect(out.match(/The token may not use this brand/g)).toHaveLength(1);
    expect(out).toContain('dash brands');
    expect(out).not.toMatch(/`doctor`|-- doctor/);
  });

  it('lists the brands that the token may not use', async () => {
    const feeds = [feedOf(), feedOf({ id: 'b', brandId: 7 }), feedOf({ id: 'c', brandId: 9 })];

    const { of } = await doctor(await healthyTarget({ config: () => configOf(feeds) }));

    expect(of('brands')).toMatchObject({
      state: 'failed',
      text: 'the token may not use 7, 9; it may use 144 (Brand 144)',
      fix: expect.stringContaining('brand_id'),
    });
  });

  it('proves that a draft can be read before it is changed, where on_edit is update', async () => {
    const target = (onEdit: 'alert' | 'update', latest: LatestDraft | null) =>
      healthyTarget({
        config: () => configOf([feedOf({ onEdit })]),
        latestDrafts: { read: async () => latest, note: async () => {} },
      });
    const look = async (onEdit: 'alert' | 'update', latest: LatestDraft | null) =>
      (await doctor(await target(onEdit, latest))).of('one post');
    await fetch(`${sandbox.url}/tiktok/scheduled_posts`, {
      method: 'POST',
      headers: { authorization: `Bearer a-token`, 'content-type': 'application/json' },
      body: JSON.stringify(postOf('Story 1')),
    });
    const made = { brand: 144, postId: sandbox.posts()[0]?.id ?? 0, at: now };

    expect(await look('alert', made)).toBeUndefined();
    expect(await look('update', null)).toMatchObject({ state: 'skipped' });
    expect(await look('update', made)).toMatchObject({
      state: 'ok',
      text: expect.stringContaining('drafts can be changed'),
    });
    sandbox.fail({ kind: 'proxy-404', on: 'read' });
    expect(await look('update', made)).toMatchObject({
      state: 'failed',
      fix: expect.stringContaining('on_edit: alert'),
    });
  });

  it('shows whether auto can look up posts', async () => {
    const targetWith = (lookUp: boolean, latest: LatestDraft | null) =>
      healthyTarget({
        config: () => ({ ...configOf(), dash: { lookUp, ratePerMinute: 1_000 } }),
        latestDrafts: { read: async () => latest, note: async () => {} },
      });
    const look = async (lookUp: boolean, latest: LatestDraft | null) =>
      (await doctor(await targetWith(lookUp, latest))).of('list of posts');
    await fetch(`${sandbox.url}/tiktok/scheduled_posts`, {
      method: 'POST',
      headers: { authorization: `Bearer a-token`, 'content-type': 'application/json' },
      body: JSON.stringify(postOf('Story 1')),
    });
    const [made] = sandbox.posts();
    const known = { brand: 144, postId: made?.id ?? 0, at: made?.receivedAt ?? 0 };

    expect(await look(false, null)).toMatchObject({
      state: 'skipped',
      text: expect.stringContaining('turned off'),
    });
    expect(await look(true, null)).toMatchObject({
      state: 'skipped',
      text: expect.stringContaining('no draft of'),
    });
    expect(await look(true, { ...known, postId: 5 })).toMatchObject({
      state: 'failed',
      text: expect.stringContaining('does not contain'),
      fix: expect.stringContaining('look_up: false'),
    });
    expect(await look(true, known)).toMatchObject({
      state: 'ok',
      text: expect.stringContaining('can be looked up'),
    });
  });

  it('finds a missing secret, with the command to store it on this stage', async () => {
    secrets.put('inbound', '{"ghost":""}');

    const { of } = await doctor(await healthyTarget(onProd), 'doctor --stage prod');

    expect(of('secret ghost')).toMatchObject({
      state: 'failed',
      text: 'missing or empty, but needed by webhook blog',
      fix: 'Store it: npm run -s cli -- secret set ghost --stage prod',
    });
  });

  it('shows how to store the first secret when there are none', async () => {
    const vault = { client, dashSecretId: 'dash', inboundSecretId: 'nothing-yet', consoleSecretId: null };

    const { of } = await doctor(await healthyTarget({ ...onProd, vault }), 'doctor --stage prod');

    expect(of('secrets')).toMatchObject({
      state: 'failed',
      fix: 'Store them: npm run -s cli -- secret set ghost --stage prod',
    });
  });

  it('finds a wrong clock by comparing it with Dash Social’s', async () => {
    const target = await healthyTarget();

    const { out } = await cliOver(target)('doctor --json', { clock: () => now + 120_000 });

    expect(JSON.parse(out).checks).toContainEqual(
      expect.objectContaining({
        check: 'clock',
        state: 'failed',
        text: 'this machine is 2 min ahead of Dash Social',
      }),
    );
  });

  it.each([
    ['never ran', null, /^The schedule has never run\. No feed is polled/],
    ['ran long ago', now - 600_000, /^The schedule has not run for more than 3 minutes\./],
  ])('finds a schedule that %s', async (_, lastTick, text) => {
    const target = fakeTarget();
    if (lastTick !== null) await target.feedStore.saveTick({ rev: 1, lastTick, brands: [] });

    expect((await doctor(target)).of('Feeds are not polled')).toMatchObject({
      state: 'failed',
      text: expect.stringMatching(text),
    });
  });

  it('finds dead letters', async () => {
    const queueDepths = async () => ({ feeds: 0, drafts: 0, feedsDeadLetters: 2, draftsDeadLetters: 0 });

    const { of } = await doctor(await healthyTarget({ queueDepths }));

    expect(of('2 tasks failed five times')).toMatchObject({
      state: 'failed',
      fix: expect.stringContaining('delete the messages'),
    });
  });

  it('continues with other checks when one fails', async () => {
    const broken = await healthyTarget({
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
    expect(of('feeds.yml')).toMatchObject({ state: 'failed', text: 'feeds.yml:3:1: url is missing' });
    expect(of('ledger table')).toMatchObject({
      state: 'failed',
      text: 'The table ledger cannot be reached.',
    });
    expect(of('queues')).toMatchObject({ state: 'ok' });
  });

  it('skips checks that need a running target, and shows how to start it', async () => {
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
    expect(of('Not running')).toMatchObject({ state: 'failed', fix: 'Start it: npm start' });
  });

  it('does not check the token on a stage with deliver: none', async () => {
    const { of } = await doctor(await healthyTarget(), 'doctor --stage staging');

    expect(of('token')).toMatchObject({
      state: 'skipped',
      text: expect.stringContaining('delivers nothing'),
    });
    expect(sandbox.requests()).toEqual([]);
  });

  it('shows failed checks in full on a terminal, with remedies', async () => {
    const { out } = await cliOver(fakeTarget({ isRunning: false }))('doctor', { columns: 60, color: true });

    expect(out).toContain('\u001B[31mfailed');
    expect(out).toMatch(/Not running: [^\n]*No feed is polled[^\n]*\n {2}Start it: npm start/);
    expect(out).toContain('1 check failed.');
  });

  it.each([
    [null, 'skipped', 'no delivery yet'],
    [{ outcome: 'ignored', reason: 'update' }, 'ok', 'last delivery'],
    [{ outcome: 'refused', reason: 'signature.mismatch' }, 'ok', 'refused'],
  ] as const)('shows the outcome of a webhook’s last delivery: %j', async (last, state, text) => {
    const target = await healthyTarget();
    const note = last && { ...last, entry: null, since: now - 7_200_000, at: now - 60_000, times: 9 };
    if (note) await target.deliveries.save(withNotes('blog', null, [note]));

    const found = (await doctor(target)).of('webhook blog');

    expect(found).toMatchObject({ state, text: expect.stringContaining(text) });
  });

  it.each([
    [{ outcome: 'refused', reason: 'signature.mismatch' }, /^Wrong signature: made with another secret/],
    [{ outcome: 'failed', reason: 'signature.no-secret' }, /missing or empty/],
  ] as const)('fails on the deliveries of a webhook that are %j', async (last, text) => {
    const target = await healthyTarget();
    const note = { ...last, entry: null, since: now - 7_200_000, at: now - 60_000, times: 9 };
    await target.deliveries.save(withNotes('blog', null, [note]));

    expect((await doctor(target)).of('Webhook blog is not accepting deliveries')).toMatchObject({
      state: 'failed',
      text: expect.stringMatching(text),
    });
  });

  it.each<[string, (target: FakeTarget) => Promise<unknown>]>([
    ['posting is paused', (target) => target.circuits.put(pausedCircuit(null, 'all', now))],
    [
      'a brand is refused',
      (target) => target.circuits.put(aCircuitRow({ scope: 'brand/144', reason: 'forbidden' })),
    ],
    ['an entry is held', (target) => target.ledger.insert(anEntryRow({ state: 'held', wakeAt: null }))],
    [
      'a draft may exist twice',
      (target) =>
        target.ledger.insert(anEntryRow({ state: 'drafted', postId: 7, wakeAt: null, mayBeTwice: 1 })),
    ],
    ['a feed fails', (target) => target.feedStore.save(aFeedRow({ trouble: aTrouble() }))],
  ])('never reports that all is well while %s, nor does status --check', async (_, happen) => {
    const target = await healthyTarget();
    expect((await cliOver(target)('status --check', { clock })).code).toBe(0);
    await happen(target as FakeTarget);

    const { code, checks } = await doctor(target);
    const status = await cliOver(target)('status --check', { clock });

    expect([code, status.code]).toEqual([1, 1]);
    expect(checks.filter(({ state }) => state === 'failed')).toHaveLength(1);
    expect(status.out).not.toContain('Nothing needs your attention');
  });

  it('ignores refusals older than a week', async () => {
    const target = await healthyTarget();
    const at = now - 8 * 86_400_000;
    const note = { outcome: 'refused', reason: 'signature.mismatch', entry: null, since: at, at, times: 1 };
    await target.deliveries.save(withNotes('blog', null, [note as DeliveryNote]));

    expect((await doctor(target)).code).toBe(0);
  });
});

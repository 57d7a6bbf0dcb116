import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../cli/program.ts';
import { openStageTarget } from '../../cli/stage-target.ts';
import { fakeTerminal, type Sitting } from '../support/cli.ts';
import { rssOf } from '../support/embedded-world.ts';
import { story } from '../support/entries.ts';
import { type FakeDeployment, fakeDeployment } from '../support/fake-deployment.ts';
import { type LocalPublisher, localPublisher } from '../support/local-publisher.ts';
import { anEntryRow } from '../support/store-rows.ts';

let folder: string;
let cloud: FakeDeployment;
let publisher: LocalPublisher;

const cli = async (line: string, sitting: Sitting = {}) => {
  const terminal = fakeTerminal(sitting);
  const args = [...line.split(' '), '--stage', 'prod', '--config', join(folder, 'feeds.yml')];
  const code = await runCli(args, terminal, ({ stage = '', ...options }) =>
    openStageTarget({ stage, ...options }, cloud.connect),
  );
  return { code, ...terminal.heard };
};
const json = async (line: string, sitting?: Sitting) =>
  JSON.parse((await cli(`${line} --json`, sitting)).out);

beforeAll(async () => {
  publisher = await localPublisher((_, response) => response.end(rssOf([story(1), story(2)])));
  folder = mkdtempSync(join(tmpdir(), 'stage-'));
  const feed = `{ url: "${publisher.origin}/feed", allow_private: true, brand_id: 144 }`;
  writeFileSync(join(folder, 'feeds.yml'), `feeds:\n  newsroom: ${feed}\n`);
});
beforeEach(async () => {
  cloud = await fakeDeployment();
  await cloud.ledger.insert(anEntryRow({ key: 'a', state: 'baselined', wakeAt: null, title: 'Before us' }));
  await cloud.ledger.insert(anEntryRow({ key: 'b', state: 'rejected', wakeAt: null, title: 'Refused' }));
});
afterEach(() => cloud.close());
afterAll(async () => {
  await publisher[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

describe('on a deployed stage', () => {
  it('list, explain and export read its ledger', async () => {
    expect((await json('list --state rejected')).entries).toMatchObject([{ key: 'b' }]);
    expect((await json('explain b')).entries).toMatchObject([{ title: 'Refused', moves: expect.any(Array) }]);
    expect((await cli('export ledger')).out).toMatch(/^key,state,.*\r\n(?:.*Before us|.*Refused)/);
  });

  it('send-webhook explains that it is for this machine only', async () => {
    const { code, err } = await cli('send-webhook newsroom-ghost local/demo/ghost-post.json');

    expect(code).toBe(3);
    expect(err).toContain('stage prod');
    expect(err).toContain('leave out --stage');
    expect(err).not.toMatch(/null|Nothing runs/);
  });

  it('preview and plan compare local feeds with its ledger, and write nothing', async () => {
    const preview = await json('preview newsroom');
    const plan = await json('plan');

    expect(preview).toMatchObject({ ledger: 'stage prod', firstPoll: true, entries: [{}, {}] });
    expect(plan).toMatchObject({ ledger: 'stage prod', total: { baselined: 2, drafted: 0 } });
    expect((await json('list')).total).toBe(2);
  });

  it('backfill, retry and dismiss move its rows, and wake those to be sent', async () => {
    const backfilled = await json('backfill newsroom --last 1 --yes');
    const retried = await json('retry b');
    const refused = await json('dismiss a b --dry-run');

    expect([backfilled, retried]).toMatchObject([{ done: 1 }, { done: 1 }]);
    expect(refused).toMatchObject({ dryRun: true, done: 2 });
    expect(await json('status')).toMatchObject({ queues: { drafts: 2 }, ledger: { queued: 2 } });
  });

  it('poll sends its feed to the feeds queue', async () => {
    const { code } = await cli('poll newsroom --wait 0');

    expect(code).toBe(0);
    expect((await json('status')).queues).toMatchObject({ feeds: 1 });
  });

  it('secret set stores the token and inbound secrets, and shows neither', async () => {
    const client = cloud.connect('eu-central-1').secrets;
    const stored = async (SecretId: string) =>
      (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString;

    const token = await cli('secret set dash-token', { input: 'a-new-token\n' });
    const inbound = await cli('secret set ghost', { input: 'hush\n' });

    expect(token.out + token.err + inbound.out + inbound.err).not.toMatch(/a-new-token|hush/);
    expect(await stored('arn:dash')).toBe('a-new-token');
    expect(JSON.parse((await stored('arn:inbound')) ?? '')).toEqual({ ghost: 'hush' });
    client.destroy();
  });

  it('purge deletes rows', async () => {
    const purged = await json('purge b --yes');

    expect(purged).toMatchObject({ dryRun: false, entries: [{ key: 'b' }] });
    expect(await cloud.ledger.read('b')).toBeNull();
  });
});

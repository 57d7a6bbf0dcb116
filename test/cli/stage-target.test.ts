import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../cli/program.ts';
import { openStageTarget } from '../../cli/stage-target.ts';
import { fakeTerminal } from '../support/cli.ts';
import { rssOf } from '../support/embedded-world.ts';
import { story } from '../support/entries.ts';
import { fakeCloudFormation } from '../support/fake-cloudformation.ts';
import { type FakeDeployment, fakeDeployment } from '../support/fake-deployment.ts';
import { localPublisher } from '../support/local-publisher.ts';
import { packagedTemplate } from '../support/packaged.ts';
import { anEntryRow } from '../support/store-rows.ts';

let folder: string;
let config: string;
let cloud: FakeDeployment;

const cli = async (line: string, file = config) => {
  const terminal = fakeTerminal();
  const code = await runCli(`${line} --config ${file}`.split(' '), terminal, ({ stage = '', ...options }) =>
    openStageTarget({ stage, ...options }, cloud.connect),
  );
  return { code, ...terminal.heard };
};
const json = async (line: string, file = config) => JSON.parse((await cli(`${line} --json`, file)).out);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stage-'));
  config = join(folder, 'feeds.yml');
  writeFileSync(
    config,
    'stages: { staging: { brand_id: 999 } }\nfeeds: { newsroom: { url: "https://www.example.com/feed", brand_id: 144 } }\n',
  );
  cloud = await fakeDeployment();
});
afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true });
});

describe('the command line with a deployed stage', () => {
  it('finds tables and queues through the stack’s outputs', async () => {
    await cloud.ledger.insert(anEntryRow({ key: 'k1', state: 'held', wakeAt: null }));

    const status = await json('status --stage prod');
    const released = await json('release k1 --stage prod');

    expect(status).toMatchObject({
      target: 'stage prod',
      running: true,
      ledger: { held: 1 },
      queues: { feeds: 0, drafts: 0, feedsDeadLetters: 0, draftsDeadLetters: 0 },
    });
    expect(released).toMatchObject({ done: 1 });
    expect(await json('status --stage prod')).toMatchObject({ queues: { drafts: 1 }, ledger: { queued: 1 } });
  });

  it('previews against the stage’s ledger without writing to it', async () => {
    await using site = await localPublisher((_, response) => response.end(rssOf([story(2), story(1)])));
    const file = join(folder, 'changed.yml');
    const feed = `url: "${site.origin}/", allow_private: true, brand_id: 144, backfill: 2`;
    writeFileSync(file, `stages: { prod: { brand_id: 7 } }\nfeeds: { journal: { ${feed} } }\n`);
    const page = await cloud.ledger.read('k1');

    const plan = await json('plan --stage prod', file);
    const preview = await json('preview journal --stage prod', file);

    expect(plan).toMatchObject({ ledger: 'stage prod', source: file, total: { drafted: 2 } });
    expect(preview.entries).toMatchObject([
      { state: 'queued', timing: 'now', post: { brand_id: 7, text: expect.stringContaining('Story 2') } },
      { post: { brand_id: 7 } },
    ]);
    expect(await cloud.ledger.read('k1')).toEqual(page);
    expect(await json('list --stage prod --feed journal', file)).toMatchObject({ total: 0 });
  });

  it('pauses and resumes there', async () => {
    await json('pause --stage prod');
    const paused = await json('status --stage prod');
    await json('resume --stage prod');

    expect(paused.circuits).toMatchObject([{ scope: 'all', by: 'person' }]);
    expect((await json('status --stage prod')).circuits).toEqual([]);
  });

  it('checks the stage with the doctor', async () => {
    const { target: name, checks } = await json('doctor --stage qa');

    expect(name).toBe('stage qa');
    expect(checks).toMatchObject([
      { check: 'feeds.yml', state: 'ok' },
      { check: 'feeds table', state: 'ok' },
      { check: 'ledger table', state: 'ok' },
      { check: 'queues', state: 'ok' },
      { check: 'schedule', state: 'ok' },
      { check: 'token', state: 'skipped' },
      { check: 'secrets', state: 'skipped' },
      { check: 'Feeds are not polled', state: 'failed' },
    ]);
  });

  it('explains how to deploy a stage that is not deployed', async () => {
    const { code, err } = await cli('status --stage staging --region eu-west-1');

    expect(code).toBe(3);
    expect(err).toMatch(/no stack rss-drafts-staging in eu-west-1\. Deploy it with npm run deploy/);
  });

  it('reports a stack of another release when it lacks an output', async () => {
    const { code, err } = await cli('status --stage old');

    expect({ code, err }).toEqual({
      code: 3,
      err: expect.stringContaining('has no output FeedsTableName'),
    });
  });

  it('reports when the caller lacks permission', async () => {
    const denied = await fakeCloudFormation({}, { denied: true });
    const connect = (region: string) => ({ ...cloud.connect(region), cloudFormation: denied.client() });
    try {
      const opening = openStageTarget({ data: '.local', stage: 'prod' }, connect);

      await expect(opening).rejects.toMatchObject({ kind: 'config', code: 'stage.access-denied' });
    } finally {
      await denied.close();
    }
  });

  it('requires no output that the template does not have', async () => {
    const { Outputs = {} } = await packagedTemplate();

    expect(Object.keys(cloud.outputs).filter((name) => !(name in Outputs))).toEqual([]);
  }, 60_000);
});

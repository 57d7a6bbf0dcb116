import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunResult } from '../../local/run-record.ts';
import { startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { killAll, startLocal } from '../support/local-run.ts';

let folder: string;
let data: string;

/** Closes what a test has opened, also when it fails. */
let closing: (() => unknown)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-'));
  data = join(folder, 'data');
  closing = [];
});

afterEach(async () => {
  await killAll();
  for (const close of closing) await close();
  await rm(folder, { recursive: true });
});

const start = (args: string[] = [], env: Record<string, string> = {}) =>
  startLocal(['--data', data, '--port', '0', ...args], env);

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
};

const feedOf = (...titles: string[]): string =>
  `<rss version="2.0"><channel><title>Mine</title>${titles
    .map((title) => `<item><guid isPermaLink="false">${title}</guid><title>${title}</title></item>`)
    .join('')}</channel></rss>`;

/** A feeds.yml with one feed, `mine`, of three entries. */
const userConfig = async (settings = ''): Promise<string> => {
  const port = await listening(createServer((_, response) => response.end(feedOf('one', 'two', 'three'))));
  const file = join(folder, 'feeds.yml');
  const feed = `{ url: "http://127.0.0.1:${port}/feed.xml", allow_private: true, brand_id: 7${settings} }`;
  await writeFile(file, `feeds:\n  mine: ${feed}\n`);
  return file;
};

const sandboxWith = async (token: string, brands: number[]) => {
  const sandbox = await startSandbox({ token, brands });
  closing.push(sandbox.close);
  return sandbox;
};

const token = { DASH_SOCIAL_TOKEN: 'secret-1' };

describe('npm start refuses, with one message and no stack trace,', () => {
  const refused = async (args: string[], env: Record<string, string> = {}) => {
    const run = start(args, env);
    const code = await run.ended;
    return { code, stdout: run.stdout(), stderr: run.stderr() };
  };

  test.each([
    ['an unknown option', ['--bogus'], /^error: unknown option '--bogus'\n$/],
    ['a missing token', ['--live', '--config', 'feeds.yml'], /^--live needs .* DASH_SOCIAL_TOKEN.*\n$/],
    ['a feeds file that is not there', ['--config', 'nowhere.yml'], /^nowhere\.yml cannot be read.*\n$/],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await refused(args);

    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  test('a feeds file that is wrong, with each fault and its line', async () => {
    const config = join(folder, 'feeds.yml');
    await writeFile(config, 'feeds:\n  newsroom:\n    url: ftp://example.com\n    evry: 1h\n');

    const { code, stdout, stderr } = await refused(['--config', config]);

    expect(stderr).toContain(`${config}:3:`);
    expect(stderr).toContain(`${config}:4:`);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  test('a port that is busy', async () => {
    const port = await listening(createServer());

    const { code, stdout, stderr } = await refused(['--port', String(port)]);

    expect(stderr).toMatch(new RegExp(`^Port ${port} .*--port.*\\n$`));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  test('a second start on the same data, and leaves the first alone', async () => {
    const first = start();
    await first.says(/ledger:/);

    const { code, stdout, stderr } = await refused([]);

    expect(stderr).toMatch(/^The data in .* is in use by process \d+.*\n$/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(first.child.exitCode).toBeNull();
  });
});

describe('npm start -- --once', () => {
  const onceAsJson = async (args: string[] = [], env: Record<string, string> = {}) => {
    const run = start(['--once', '--json', ...args], env);
    const code = await run.ended;
    expect({ code, stderr: run.stderr() }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(run.stdout()) as RunResult;
  };

  test('drafts the newest story of each feed of the demo, and none of them again the next time', async () => {
    const first = await onceAsJson();
    const second = await onceAsJson();

    const feeds = ['newsroom', 'journal', 'clips', 'katalog'];
    const counts = { seen: 8, known: 0, baselined: 7, filtered: 0, held: 0, queued: 1 };
    expect(first.feeds).toEqual(feeds.map((id) => ({ id, ...counts })));
    expect(first.ledger).toEqual({ baselined: 28, drafted: 4 });
    expect(first.drafts.map(({ feed }) => feed).sort()).toEqual(feeds.toSorted());
    expect(second.drafts).toEqual([]);
    expect(second.ledger).toEqual(first.ledger);
  });

  test('tells of each draft exactly what was sent, and keeps it in the sandbox', async () => {
    const { drafts } = await onceAsJson();

    const kept = (await readFile(join(data, 'sandbox.jsonl'), 'utf8')).trim().split('\n');
    const sent = kept.map((line) => JSON.parse(line) as { id: number; raw: string });
    const told = drafts.map(({ postId, post }) => ({ postId, post }));
    expect(told.toSorted((a, b) => Number(a.postId) - Number(b.postId))).toEqual(
      sent.map(({ id, raw }) => ({ postId: id, post: JSON.parse(raw) })),
    );
    expect(drafts.find(({ feed }) => feed === 'katalog')?.post).toMatchObject({
      brand_id: 144,
      status: 'DRAFT',
      auto_publish: false,
      creation_source: 'RSS_FEED',
      text: expect.stringMatching(/^(Die|Der|Das) .*: gemacht für /),
    });
  });

  test("sends a user's posts where it is told and with the token it is given, which it keeps nowhere", async () => {
    const sandbox = await sandboxWith('secret-1', [7]);
    const config = await userConfig(', backfill: 2');

    const result = await onceAsJson(['--config', config, '--dash-url', sandbox.url], token);

    const sent = sandbox.posts().map(({ raw }) => JSON.parse(raw));
    expect(result.feeds).toMatchObject([{ id: 'mine', seen: 3, baselined: 1, queued: 2 }]);
    expect(sent).toHaveLength(2);
    expect(sent).toEqual(expect.arrayContaining(result.drafts.map(({ post }) => post)));
    const files = await readdir(data, { recursive: true, withFileTypes: true });
    for (const file of files.filter((one) => one.isFile()))
      expect(await readFile(join(file.parentPath, file.name), 'latin1')).not.toContain('secret-1');
  });

  test('says in words what was there already, and how to try it', async () => {
    const run = start(['--once', '--config', await userConfig()]);
    const code = await run.ended;

    expect(run.stdout()).toMatch(/^mine +3 entries: 3 already there$/m);
    expect(run.stdout()).toMatch(/^0 drafts: 3 entries were already there; .*backfill: 1/m);
    expect(run.stdout()).toMatch(/^ledger: 3 baselined$/m);
    expect(code).toBe(0);
  });

  test('ends well, and says so, when a feed cannot be read', async () => {
    const config = join(folder, 'feeds.yml');
    await writeFile(
      config,
      'feeds:\n  mine: { url: "http://127.0.0.1:9999/", allow_private: true, brand_id: 7 }\n',
    );

    const { feeds } = await onceAsJson(['--config', config]);

    expect(feeds).toMatchObject([{ id: 'mine', seen: 0, error: { code: expect.stringMatching(/^feed\./) } }]);
  });

  test('ends with 1 when the token is refused', async () => {
    const sandbox = await sandboxWith('another', [144]);

    const run = start(['--once', '--dash-url', sandbox.url], token);
    const code = await run.ended;

    expect(run.stdout()).toMatch(/^nothing is posted \(all\): unauthorized/m);
    expect(run.stdout() + run.stderr()).not.toContain('secret-1');
    expect(code).toBe(1);
  });

  test('warns when drafts go elsewhere than those which the ledger tells of', async () => {
    const sandbox = await sandboxWith('secret-1', [144]);
    await onceAsJson();

    const run = start(['--once', '--json', '--dash-url', sandbox.url], token);
    const code = await run.ended;

    expect(run.stderr()).toMatch(
      /^The ledger in .* was kept while drafts went to the sandbox: .*--data.*\n$/,
    );
    expect(code).toBe(0);
  });
});

describe('npm start', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('ends with 0 at %s and goes on from there', async (signal) => {
    const first = start();
    await first.says(/draft 1004[^]*ledger: 28 baselined · 4 drafted/);
    const running = JSON.parse(await readFile(join(data, 'running.json'), 'utf8'));

    first.child.kill(signal);
    first.child.kill(signal); // as npm does, after the terminal has
    const code = await first.ended;
    const second = start(['--once']);
    await second.ended;

    expect({ code, stderr: first.stderr() }).toEqual({ code: 0, stderr: '' });
    expect(running).toMatchObject({
      pid: first.child.pid,
      AWS_ENDPOINT_URL_SQS: expect.stringMatching(/^http:/),
    });
    expect(await readdir(data)).not.toContain('running.json');
    expect(second.stdout()).toMatch(/ledger: 28 baselined · 4 drafted/);
    expect(second.stdout()).not.toMatch(/draft 1/);
  });

  test('drafts what the demo publishes while it runs', { timeout: 40_000 }, async () => {
    const run = start();

    await run.says(/newsroom +9 entries: 1 to become drafts, 8 known\nnewsroom +draft 1005 /, 35_000);
  });

  test('drafts after a kill -9 what had been queued before it, from the ledger alone', async () => {
    const sandbox = await sandboxWith('secret-1', [144]);
    sandbox.fail({ kind: 'hang' });
    const first = start(['--dash-url', sandbox.url], token);
    await expect.poll(() => sandbox.requests().length, { timeout: 15_000 }).toBeGreaterThan(0);
    first.child.kill('SIGKILL');
    await first.ended;
    sandbox.clearFaults();

    const second = start(['--once', '--json', '--dash-url', sandbox.url], token);
    await second.ended;

    const { ledger, drafts } = JSON.parse(second.stdout()) as RunResult;
    expect(ledger.queued).toBeUndefined();
    expect((ledger.drafting ?? 0) + (ledger.drafted ?? 0)).toBe(4);
    expect(drafts.length).toBe(ledger.drafted);
    expect(drafts.length).toBeGreaterThan(0);
  });
});

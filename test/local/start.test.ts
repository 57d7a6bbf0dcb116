import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { killAll, runHere, startLocal } from '../support/local-run.ts';

let folder: string;
let data: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-'));
  data = join(folder, 'data');
});

afterEach(async () => {
  await killAll();
  await rm(folder, { recursive: true });
});

const start = (args: string[] = [], env: Record<string, string> = {}) =>
  startLocal(['--data', data, '--port', '0', ...args], env);

/** The distinct permissions of a folder and everything in it. */
const modesUnder = async (dir: string) => {
  const below = await readdir(dir, { recursive: true, withFileTypes: true });
  const modes = async (paths: string[]) => {
    const all = await Promise.all(paths.map(async (path) => (await stat(path)).mode & 0o777));
    return [...new Set(all.map((mode) => mode.toString(8)))];
  };
  const pathsOf = (folders: boolean) =>
    below.filter((one) => one.isDirectory() === folders).map((one) => join(one.parentPath, one.name));
  return { files: await modes(pathsOf(false)), folders: await modes([dir, ...pathsOf(true)]) };
};

/** The value of the first form field with this name in a page. */
const fieldOf = (page: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';

const refused = async (args: string[]) => {
  const run = start(args);
  const code = await run.ended;
  expect({ code, stdout: run.stdout() }).toEqual({ code: 1, stdout: '' });
  expect(run.stderr()).not.toMatch(/^\s+at /m);
  return run.stderr();
};

describe('npm start in its own process', () => {
  test('refuses to start without a token, in one line', async () => {
    const message = await refused(['--live', '--config', 'feeds.yml']);

    expect(message).toMatch(/^--live needs .* DASH_SOCIAL_TOKEN.*\n$/);
  });

  test('refuses an invalid feeds file, with each error and its line', async () => {
    const config = join(folder, 'feeds.yml');
    await writeFile(config, 'feeds:\n  newsroom:\n    url: ftp://example.com\n    evry: 1h\n');

    const message = await refused(['--config', config]);

    expect(message).toContain(`${config}:3:`);
    expect(message).toContain(`${config}:4:`);
  });

  test('has a console whose decisions take effect', async () => {
    const run = start();
    await run.prints(/ledger: 28 baselined · 4 drafted/);
    const url = /console\s+(http:\S+)/.exec(run.stdout())?.[1] ?? '';

    const list = await (await fetch(`${url}entries?state=baselined`)).text();
    const [token, key] = [fieldOf(list, 'token'), fieldOf(list, 'key')];
    const response = await fetch(`${url}move`, {
      method: 'POST',
      headers: { origin: new URL(url).origin },
      body: new URLSearchParams({ token, key, move: 'release', back: '/' }),
    });
    await run.prints(/draft 1005/);

    expect(await response.text()).toMatch(/is released/);
    const feed = await (await fetch(`${url}feeds/newsroom`)).text();
    expect(feed).toMatch(/8 entries, 8 new here/); // its polls, read from the log
  });

  test('locks its data and port, ends with 0 on Ctrl-C, and continues from there', async () => {
    const first = start();
    await first.prints(/draft 1004 .*\n(.*\n)*ledger: 28 baselined · 4 drafted/);
    const running = JSON.parse(await readFile(join(data, 'running.json'), 'utf8'));

    const sameData = await runHere(['--data', data, '--port', '0']);
    const modes = await modesUnder(data);
    const samePort = await runHere(['--data', join(folder, 'other'), '--port', new URL(running.site).port]);
    first.child.kill('SIGINT');
    first.child.kill('SIGINT'); // npm sends a second signal after the terminal's
    const code = await first.ended;
    const second = start(['--once']);
    const secondCode = await second.ended;

    expect(sameData.errors).toMatch(/^The data in .* is in use by process \d+.*$/);
    expect(samePort.errors).toMatch(/^Port \d+ .*--port.*$/);
    expect([sameData, samePort]).toMatchObject([
      { code: 1, out: '' },
      { code: 1, out: '' },
    ]);
    expect({ code, stderr: first.stderr() }).toEqual({ code: 0, stderr: '' });
    expect(modes).toEqual({ files: ['600'], folders: ['700'] });
    expect(running).toMatchObject({
      pid: first.child.pid,
      AWS_ENDPOINT_URL_SQS: expect.stringMatching(/^http:/),
    });
    expect(await readdir(data)).not.toContain('running.json');
    expect(second.stdout()).toMatch(/ledger: 28 baselined · 4 drafted/);
    expect(second.stdout()).not.toMatch(/draft 1/);
    expect({ code: secondCode, stderr: second.stderr() }).toEqual({ code: 0, stderr: '' });
  });

  test('drafts queued entries from the ledger after a kill -9; ends with 0 on SIGTERM', async () => {
    const sandbox = await startSandbox({ token: 'secret-1', brands: [144] });
    const args = ['--dash-url', sandbox.url];
    const env = { DASH_SOCIAL_TOKEN: 'secret-1' };
    sandbox.fail({ kind: 'hang' });
    const first = start(args, env);
    await expect.poll(() => sandbox.requests().length, { timeout: 40_000 }).toBeGreaterThan(0);
    const polled = () => first.stdout().match(/1 new/g)?.length;
    await expect.poll(polled, { timeout: 20_000 }).toBe(4); // all on one host, so the feeds are polled in turn
    first.child.kill('SIGKILL');
    await first.ended;
    const inFlight = sandbox.requests().length;
    sandbox.clearFaults();

    const second = start(args, env);
    await second.prints(/ledger:/);
    second.child.kill('SIGTERM');
    const code = await second.ended;
    const posts = sandbox.posts().length;
    await sandbox.close();

    expect(posts).toBe(4 - inFlight);
    expect(second.stdout()).toContain(`ledger: 28 baselined · ${inFlight} drafting · ${posts} drafted`);
    expect(code).toBe(0);
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { killAll, startLocal } from '../support/local-run.ts';

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

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

describe('npm start refuses, with one message and no stack trace,', () => {
  const refused = async (args: string[], env: Record<string, string> = {}) => {
    const run = start(args, env);
    const code = await run.ended;
    return { code, stdout: run.stdout(), stderr: run.stderr() };
  };

  test.each([
    ['an unknown option', ['--bogus'], {}, /^error: unknown option '--bogus'$/m],
    ['a port that is none', ['--port', '70000'], {}, /--port.*65535/],
    ['an address that is none', ['--dash-url', 'dash.example'], {}, /--dash-url.*http or https URL/],
    ['--live without a token', ['--live', '--config', 'x.yml'], {}, /--live needs .*DASH_SOCIAL_TOKEN/],
    [
      '--dash-url with an empty token',
      ['--dash-url', 'http://127.0.0.1:9'],
      { DASH_SOCIAL_TOKEN: ' ' },
      /DASH_SOCIAL_TOKEN/,
    ],
    ['--live for the demo', ['--live'], { DASH_SOCIAL_TOKEN: 'secret-1' }, /--config feeds\.yml/],
    [
      'a feeds file that is not there',
      ['--config', 'nowhere.yml'],
      {},
      /nowhere\.yml cannot be read \(ENOENT\)/,
    ],
  ])('%s', async (_, args, env: Record<string, string>, message) => {
    const { code, stdout, stderr } = await refused(args, env);

    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at |secret-1/m);
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
    const server = createServer();
    const port = await listening(server);

    const { code, stdout, stderr } = await refused(['--port', String(port)]);
    server.close();

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

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDynamo } from '../../local/embedded/dynamo.ts';
import { localPublisher } from '../support/local-publisher.ts';
import { runHere } from '../support/local-run.ts';

const nobody = 65_534;
const programs = { start: '../../local/start.ts', cli: '../../cli/main.ts' };
const fileOf = (name: keyof typeof programs) => fileURLToPath(new URL(programs[name], import.meta.url));

let folder: string;
let data: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fault-'));
  await chmod(folder, 0o755);
  data = join(folder, 'data');
});
afterEach(() => rm(folder, { recursive: true }));

type Ended = { code: number | null; out: string; err: string };

const spawned = (name: 'start' | 'cli', args: string[], { uid }: { uid?: number } = {}) => {
  const child = execFile(process.execPath, [fileOf(name), ...args, '--data', data], {
    ...(uid !== undefined && { uid }),
    env: { PATH: process.env.PATH },
  });
  let [out, err] = ['', ''];
  child.stdout?.on('data', (text) => {
    out += text;
  });
  child.stderr?.on('data', (text) => {
    err += text;
  });
  const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number | null, out, err }));
  return { child, ended };
};

/** Expects a single sentence with a remedy on stderr, and nothing else. */
const expectOneSentence = ({ out, err }: Ended, words: RegExp) => {
  expect(out).toBe('');
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(err).toMatch(words);
};

const verbs: [string, 'start' | 'cli', string[]][] = [
  ['npm start', 'start', ['--once', '--port', '0']],
  ['a verb', 'cli', ['status']],
];

describe.each(verbs)('%s, with a data folder', (_, name, args) => {
  it('that is a file, explains it', async () => {
    await writeFile(data, '');

    expectOneSentence(await spawned(name, args).ended, /data.* file|is not a folder.*--data/);
  });

  it('with damaged tables, explains it and leaves the folder unlocked', async () => {
    await (await startDynamo({ dataDir: data })).close();
    await writeFile(join(data, 'dynamodb/CURRENT'), 'MANIFEST-of-nothing\n');

    expectOneSentence(
      await spawned(name, args).ended,
      /data.dynamodb cannot be opened .*Restore the folder from a copy/,
    );
    expect(await readdir(data)).not.toContain('lock');
  });
});

describe('npm start', () => {
  it('reports a folder it may not write to', async () => {
    await mkdir(data, { mode: 0o555 });
    const uid = process.getuid?.() === 0 ? { uid: nobody } : {}; // root may write anywhere

    const ended = await spawned('start', ['--once', '--port', '0'], uid).ended;

    expectOneSentence(ended, /data.* cannot be read or written by this user\. .* --data/);
    expect(await readdir(data)).toEqual([]);
  });

  it('continues with a warning when its log cannot be written', async () => {
    await mkdir(join(data, 'log.jsonl'), { recursive: true });

    const { code, out, errors } = await runHere(['--data', data, '--port', '0', '--once']);

    expect(out).toMatch(/^The log cannot be written: .*log\.jsonl is a folder, but a file is needed/m);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
  });

  it('stops cleanly after an error outside any awaited call', async () => {
    const full = Object.assign(new Error('IO error: /data/000005.log: No space left on device'), {
      code: 'LEVEL_IO_ERROR',
    });
    const { promise: fault, reject } = Promise.withResolvers<never>();
    fault.catch(() => {});

    const running = runHere(['--data', data, '--port', '0'], {}, { fault, onPrint: () => reject(full) });

    expect(await running).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^The disk is full: .*\.$/),
    });
    expect(await readdir(data)).not.toContain('lock');
  });
});

describe('a verb', () => {
  it('reports which file is damaged', async () => {
    await mkdir(data);
    await writeFile(join(data, 'running.json'), '{"pid":');

    const ended = await spawned('cli', ['status']).ended;

    expectOneSentence(ended, /running\.json is damaged\. .* delete the file\.$/m);
  });

  it('stops on Ctrl-C during a request, with one sentence and no lock left', async () => {
    await (await startDynamo({ dataDir: data })).close();
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    await using site = await localPublisher(() => resolve()); // and never responds
    const config = join(folder, 'feeds.yml');
    await writeFile(
      config,
      `feeds: { news: { url: "${site.origin}/feed", brand_id: 144, allow_private: true } }\n`,
    );

    const { child, ended } = spawned('cli', ['preview', 'news', '--config', config]);
    await asked;
    const locked = await readFile(join(data, 'lock'), 'utf8');
    child.kill('SIGINT');
    child.kill('SIGINT'); // npm sends a second signal after the terminal's

    const end = await ended;
    expectOneSentence(end, /^Stopped before it was finished\. /);
    expect([end.code, Number(locked)]).toEqual([130, child.pid]);
    expect(await readdir(data)).not.toContain('lock');
  });
});

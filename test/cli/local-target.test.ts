import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalTarget } from '../../cli/local-target.ts';
import { runCli } from '../../cli/program.ts';
import { runOnce } from '../../local/once.ts';
import { parseOptions } from '../../local/options.ts';
import { openStack } from '../../local/stack.ts';
import { fakeTerminal, type Sitting } from '../support/cli.ts';

let folder: string;
let data: string;

const cli = async (line: string, sitting: Sitting = {}, dir = data) => {
  const terminal = fakeTerminal({ clock: Date.now, ...sitting });
  const code = await runCli([...line.split(' '), '--data', dir], terminal);
  return { code, ...terminal.heard };
};

const start = () => openStack(parseOptions(['--data', data, '--port', '0'], {}), () => {});
const json = async (line: string, sitting: Sitting = {}) =>
  JSON.parse((await cli(`${line} --json`, sitting)).out);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'place-'));
  data = join(folder, 'data');
  const stack = await start();
  await runOnce(stack);
  await stack.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the command line with a data folder', () => {
  it('works while nothing is running, and the next start sends what it queued', async () => {
    const [entry] = (await json('list --state baselined --limit 1')).entries;
    const released = await cli(`release ${entry.key}`);
    const stack = await start();
    await runOnce(stack);
    await stack.close();

    expect(released).toMatchObject({ code: 0, out: expect.stringContaining('once npm start runs again') });
    expect((await json(`explain ${entry.key}`)).entries[0]).toMatchObject({ state: 'drafted' });
  });

  it('shows how to start it again the same way', async () => {
    const { out } = await cli('status');

    expect(out).toContain(`start it with npm start -- --data ${data} --port 0\n`);
  });

  it('polls a running stack and shows the result, and the doctor finds it healthy', async () => {
    const stack = await start();
    try {
      await runOnce(stack);

      const untilIdle = { pause: stack.pump.untilIdle };
      const polite = await json('poll journal newsroom', untilIdle);
      const forced = await json('poll journal --force', untilIdle);
      const { ok, checks } = await json('doctor');

      expect(polite.feeds).toMatchObject([
        { feed: 'journal', outcome: 'unchanged' },
        { feed: 'newsroom', outcome: 'unchanged' },
      ]);
      expect(forced.feeds).toMatchObject([{ outcome: 'changed', counts: { seen: 8, known: 8 } }]);
      expect({ ok, failed: checks.filter(({ state }: { state: string }) => state === 'failed') }).toEqual({
        ok: true,
        failed: [],
      });
    } finally {
      await stack.close();
    }
  });

  it('finds a running stack through its folder and wakes it at once', async () => {
    const stack = await start();
    try {
      const [entry] = (await json('list --state baselined --limit 1')).entries;

      const { code } = await cli(`release ${entry.key}`);
      await stack.pump.untilIdle();

      expect(code).toBe(0);
      expect((await json(`explain ${entry.key}`)).entries[0]).toMatchObject({ state: 'drafted' });
      expect(await json('status')).toMatchObject({
        target: data,
        running: true,
        queues: { feeds: 0, drafts: 0, feedsDeadLetters: 0, draftsDeadLetters: 0 },
        feeds: expect.arrayContaining([expect.objectContaining({ id: 'newsroom', brandId: 144 })]),
      });
    } finally {
      await stack.close();
    }
  });

  it('knows that a stack is not running when its process is gone', async () => {
    writeFileSync(join(data, 'running.json'), JSON.stringify({ pid: 999_999_999 }));

    expect(await json('status')).toMatchObject({ running: false });
  });

  it('refuses a running stack of another release', async () => {
    const file = join(data, 'running.json');
    writeFileSync(file, JSON.stringify({ pid: process.pid }));
    const { code, err } = await cli('status');
    rmSync(file);

    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining('runs another release') });
  });

  it('explains how to start it before the first start', async () => {
    const { code, err } = await cli('status', {}, join(folder, 'none'));

    expect(code).toBe(3);
    expect(err).toMatch(/no data in .*none yet\. Start with npm start/);
  });

  it('reports the process that holds the folder', async () => {
    const target = await openLocalTarget({ data });
    try {
      const { code, err } = await cli('status');

      expect({ code, err }).toEqual({
        code: 3,
        err: expect.stringContaining(`in use by process ${process.pid}`),
      });
    } finally {
      await target.close();
    }
  });

  it('reads the feeds of --config instead of those that ran there', async () => {
    const file = join(folder, 'mine.yml');
    writeFileSync(file, 'feeds:\n  mine:\n    url: https://www.example.com/feed\n    brand_id: 7\n');

    const { feeds } = await json(`status --config ${file}`);
    writeFileSync(file, 'feeds:\n  mine: {}\n');
    const wrong = await cli(`status --config ${file}`);

    expect(feeds).toMatchObject([{ id: 'mine', brandId: 7 }]);
    expect(wrong).toMatchObject({ code: 3, err: expect.stringContaining(`${file}:2:`) });
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const { bin } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const file = new URL(bin['rss-drafts'], root).pathname;

const run = (...args: string[]) =>
  spawn(process.execPath, [file, ...args], { env: { PATH: process.env.PATH } });

it('is the package’s executable', async () => {
  const child = run('--help');

  expect(await text(child.stdout)).toMatch(/^Usage: rss-drafts/);
  expect(readFileSync(file, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});

it('ends quietly when its output is closed early', async () => {
  const child = run('--help');
  child.stdout.destroy();

  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);

  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { keepStart, startAgain } from '../../local/last-start.ts';
import { parseOptions } from '../../local/options.ts';
import { openStack } from '../../local/stack.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'start-'));
  return () => rmSync(data, { recursive: true });
});

const start = (...args: string[]) =>
  keepStart(parseOptions(['--data', data, ...args], { DASH_SOCIAL_TOKEN: 'secret-1' }));

it.each([
  ['the demo', [], 'npm start -- --data DATA'],
  ['a port', ['--port', '4800'], 'npm start -- --data DATA --port 4800'],
  ['feeds', ['--config', 'my.yml'], 'npm start -- --config my.yml --data DATA'],
  ['the feeds here', ['--no-demo'], 'npm start -- --config feeds.yml --data DATA'],
  [
    'a live run',
    ['--config', 'my.yml', '--live'],
    'DASH_SOCIAL_TOKEN=… npm start -- --config my.yml --live --data DATA',
  ],
])('the same start is suggested again: %s', (_, args, words) => {
  start(...args);

  expect(startAgain({ data })).toBe(words.replace('DATA', data));
});

it('is remembered for every stack', async () => {
  const options = parseOptions(['--data', data, '--port', '0'], {});

  const stack = await openStack(options, () => {});
  await stack.close();

  expect(startAgain({ data })).toBe(`npm start -- --data ${data} --port 0`);
});

it('a named feeds file takes precedence', () => {
  start('--config', 'my.yml');

  expect(startAgain({ data, config: 'other.yml' })).toBe(`npm start -- --config other.yml --data ${data}`);
});

it('stores neither a token nor an address, which may contain a password', () => {
  start('--dash-url', 'http://ada:hush@127.0.0.1:9');

  expect(readFileSync(join(data, 'started.json'), 'utf8')).not.toMatch(/secret-1|hush|127/);
  expect(startAgain({ data })).toContain(' --dash-url … ');
});

it.each(['', '[]', '{"config":5}', 'no JSON'])('ignores a file it cannot read: %j', (text) => {
  writeFileSync(join(data, 'started.json'), text);

  expect(startAgain({ data })).toBe(`npm start -- --config feeds.yml --data ${data}`);
});

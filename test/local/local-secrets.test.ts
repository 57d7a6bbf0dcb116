import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSecrets } from '../../local/local-secrets.ts';

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'secrets-'));
  file = join(dir, 'secrets.json');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('generates a secret per name once, in a file only its owner can read', () => {
  const first = openSecrets(file, ['ghost', 'github']);
  const again = openSecrets(file, ['ghost', 'github']);

  expect(again).toEqual(first);
  expect(Object.keys(first)).toEqual(['ghost', 'github']);
  expect(first.ghost).toMatch(/^[A-Za-z\d+/]{32}$/);
  expect(first.ghost).not.toBe(first.github);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('keeps existing values and adds missing ones', () => {
  writeFileSync(file, '{"ghost":"my own","login":"user:password"}');

  const secrets = openSecrets(file, ['ghost', 'github']);

  expect(secrets).toMatchObject({ ghost: 'my own', login: 'user:password' });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(secrets);
});

it('writes nothing when no secret is missing', () => {
  writeFileSync(file, '{"ghost":"my own"}');
  chmodSync(file, 0o400);
  const before = statSync(file).ino;

  openSecrets(file, ['ghost']);

  expect(statSync(file).ino).toBe(before);
});

it.each(['{"ghost": hidden}', '["hidden"]', '{"ghost":{"value":"hidden"}}'])(
  'refuses a file that is not an object of strings, without repeating its content: %s',
  (text) => {
    writeFileSync(file, text);

    const open = () => openSecrets(file, ['ghost']);

    expect(open).toThrow(/must be a JSON object with names and secrets/);
    expect(open).not.toThrow(/hidden/);
  },
);

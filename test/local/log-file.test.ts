import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLog } from '../../local/log-file.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const read = (name: string) => readFileSync(join(folder, name), 'utf8');

test('a log goes on where it was', () => {
  const file = join(folder, 'log.jsonl');
  openLog(file)('one');
  openLog(file)('two');

  expect(read('log.jsonl')).toBe('one\ntwo\n');
});

test('a log that has grown large makes room, and only the one before it is kept', () => {
  const log = openLog(join(folder, 'log.jsonl'), 5);

  for (const line of ['one', 'two', 'three', 'four', 'five']) log(line);

  expect(readdirSync(folder).sort()).toEqual(['log.jsonl', 'log.old.jsonl']);
  expect(read('log.old.jsonl') + read('log.jsonl')).toBe('three\nfour\nfive\n');
});

test('its size counts from what is there already', () => {
  const file = join(folder, 'log.jsonl');
  openLog(file, 5)('longer than five');
  openLog(file, 5)('next');

  expect(read('log.jsonl')).toBe('next\n');
});

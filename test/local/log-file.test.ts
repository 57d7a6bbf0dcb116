import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLog } from '../../local/log-file.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const fail = (error: unknown) => {
  throw error;
};

const read = (name: string) => readFileSync(join(folder, name), 'utf8');

test('a log is appended to', () => {
  const file = join(folder, 'log.jsonl');
  openLog(file, fail)('one');
  openLog(file, fail)('two');

  expect(read('log.jsonl')).toBe('one\ntwo\n');
});

test('a full log is rotated, and only the previous one is kept', () => {
  const log = openLog(join(folder, 'log.jsonl'), fail, 5);

  for (const line of ['one', 'two', 'three', 'four', 'five']) log(line);

  expect(readdirSync(folder).sort()).toEqual(['log.jsonl', 'log.old.jsonl']);
  expect(read('log.old.jsonl') + read('log.jsonl')).toBe('three\nfour\nfive\n');
});

test('the size limit includes existing content', () => {
  const file = join(folder, 'log.jsonl');
  openLog(file, fail, 5)('longer than five');
  openLog(file, fail, 5)('next');

  expect(read('log.jsonl')).toBe('next\n');
});

test('a full disk loses lines, and the first failure is reported', () => {
  const file = join(folder, 'log.jsonl');
  symlinkSync('/dev/full', file);
  const heard: unknown[] = [];
  const log = openLog(file, (error) => heard.push(error));

  for (const line of ['one', 'two']) log(line);

  expect(heard).toMatchObject([{ code: 'ENOSPC' }]);
});

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mayImport } from '../scripts/import-rules.ts';

// What a folder may import (scripts/import-rules.ts) and use (biome.json): lines that must be refused, and lines that
// are allowed.
const rows: [file: string, allowed: string[], refused: string[]][] = [
  [
    'lib/core/bad.ts',
    [
      "import { a } from './a.ts';",
      "import * as v from 'valibot';",
      "import { createHash } from 'node:crypto';",
      "import { search } from '@aws-lambda-powertools/jmespath';",
      'export const at = (now: number) => new Date(now);',
    ],
    [
      "import { a } from '../jobs/a.ts';",
      "import { a } from '../adapters/a.ts';",
      "import { a } from '../webhooks/a.ts';",
      "import { readFile } from 'node:fs/promises';",
      "import { request } from 'node:http';",
      "import { SQSClient } from '@aws-sdk/client-sqs';",
      "import { Logger } from '@aws-lambda-powertools/logger';",
      "import type { Context } from 'aws-lambda';",
      'export const a = process.env.A;',
      'export const a = process.cwd();',
      'export const a = Date.now();',
      'export const a = new Date();',
      'export const a = Math.random();',
      'export const a = setTimeout;',
    ],
  ],
  [
    'lib/core/subject/bad.ts',
    ["import { a } from './a.ts';", "import { a } from '../a.ts';", "import { a } from '../other/a.ts';"],
    [
      "import { a } from '../../jobs/a.ts';",
      "import { a } from '../../adapters/a.ts';",
      "import { readFile } from 'node:fs/promises';",
      "import { SQSClient } from '@aws-sdk/client-sqs';",
      'export const a = process.env.A;',
      'export const a = Date.now();',
    ],
  ],
  [
    'lib/jobs/bad.ts',
    ["import { a } from '../core/a.ts';", "import { a } from './a.ts';"],
    [
      "import { a } from '../adapters/a.ts';",
      "import { a } from '../services/a.ts';",
      "import { a } from '../lambda/a.ts';",
      "import middy from '@middy/core';",
      "import { SQSClient } from '@aws-sdk/client-sqs';",
      "import { readFile } from 'node:fs/promises';",
      'export const a = process.env.A;',
      'export const a = Date.now();',
    ],
  ],
  [
    'lib/adapters/aws/bad.ts',
    ["import { a } from '../../core/subject/a.ts';", "import { SQSClient } from '@aws-sdk/client-sqs';"],
    [
      "import { a } from '../../jobs/a.ts';",
      "import { a } from '../../services/a.ts';",
      "import { a } from '../feeds/a.ts';",
      "import { a } from '../post-json.ts';",
      "import rssParser from 'rss-parser';",
      "import middy from '@middy/core';",
      'export const a = process.env.A;',
    ],
  ],
  [
    'lib/webhooks/bad.ts',
    ["import { a } from '../core/a.ts';", "import { createHmac } from 'node:crypto';"],
    [
      "import { a } from '../jobs/a.ts';",
      "import { a } from '../adapters/a.ts';",
      'export const a = process.env.A;',
    ],
  ],
  [
    'lib/bad.ts',
    ["import { a } from './core/a.ts';", "import { sources } from './webhooks/sources.ts';"],
    [
      "import { a } from './webhooks/a.ts';",
      "import { a } from './jobs/a.ts';",
      "import { a } from './adapters/a.ts';",
    ],
  ],
  [
    'lib/lambda/bad.ts',
    [
      "import { a } from '../core/a.ts';",
      "import middy from '@middy/core';",
      "import { Logger } from '@aws-lambda-powertools/logger';",
    ],
    [
      "import { a } from '../jobs/a.ts';",
      "import { a } from '../adapters/a.ts';",
      "import { a } from '../services/a.ts';",
      "import { SQSClient } from '@aws-sdk/client-sqs';",
    ],
  ],
  [
    'lib/services/bad.ts',
    [
      "import { a } from '../adapters/a.ts';",
      "import { a } from '../core/a.ts';",
      "import { a } from '../settings.ts';",
      'export const a = process.env.A;',
    ],
    ["import { a } from '../jobs/a.ts';", "import { a } from '../lambda/a.ts';"],
  ],
  [
    'functions/bad.ts',
    [
      "import { a } from '../lib/lambda/a.ts';",
      "import { a } from '../lib/jobs/a.ts';",
      "import { a } from '../lib/services/a.ts';",
      "import { a } from '../lib/core/a.ts';",
    ],
    [
      "import { a } from '../lib/adapters/a.ts';",
      "import { SQSClient } from '@aws-sdk/client-sqs';",
      "import middy from '@middy/core';",
    ],
  ],
  [
    'local/bad.ts',
    ["import { handler } from '../functions/a.ts';", "import { a } from '../lib/services/a.ts';"],
    ["import { a } from '../test/a.ts';", "import { a } from '../scripts/a.ts';"],
  ],
];

const linted = /noProcessEnv|noRestrictedGlobals|^plugin/;
const root = fileURLToPath(new URL('../', import.meta.url));
const cases = rows.flatMap(([file, allowed, refused]) =>
  [
    ...refused.map((code) => ({ code, isRefused: true })),
    ...allowed.map((code) => ({ code, isRefused: false })),
  ].map((one, index) => ({ ...one, file: file.replace('bad', `case-${index}`), room: dirname(file) })),
);

type Diagnostic = { category: string; location: { path: string } };

/** All fixtures in one run, because starting the linter takes longest. */
const lintAll = (dir: string): Diagnostic[] => {
  for (const name of ['biome.json', '.gitignore', 'scripts/no-clock.grit'])
    cpSync(join(root, name), join(dir, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
  for (const { file, code } of cases) {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    writeFileSync(join(dir, file), `${code}\n`);
  }
  const biome = join(root, 'node_modules/.bin/biome');
  const { stdout } = spawnSync(biome, ['lint', '--reporter=json', '--max-diagnostics=none', '.'], {
    cwd: dir,
  });
  return JSON.parse(stdout.toString()).diagnostics;
};

let dir: string;
let found: Diagnostic[];
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'rooms-'));
  found = lintAll(dir).filter(({ category }) => linted.test(category));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The module that an import names; null for other code. */
const specifierIn = (code: string): string | null => /^import .*'(.+)';$/.exec(code)?.[1] ?? null;

const isRefused = ({ file, code }: { file: string; code: string }) => {
  const specifier = specifierIn(code);
  return specifier === null
    ? found.some(({ location }) => location.path.endsWith(file))
    : !mayImport(file, specifier);
};

it.each(cases.filter((one) => one.isRefused))('$room refuses $code', (one) => {
  expect(isRefused(one)).toBe(true);
});

it.each(cases.filter((one) => !one.isRefused))('$room allows $code', (one) => {
  expect(isRefused(one)).toBe(false);
});

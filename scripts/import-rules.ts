import { readModules, targetOf } from './module-graph.ts';

// Part of `npm run check`: which folders and packages each folder may import. Dependencies point towards lib/core.
// Anything not listed is an error. The rule of the most specific folder applies.

type Rule = { ours: readonly string[]; packages: readonly string[] };

const aws = [
  '@aws-sdk/client-dynamodb',
  '@aws-sdk/client-eventbridge',
  '@aws-sdk/client-lambda',
  '@aws-sdk/client-secrets-manager',
  '@aws-sdk/client-sns',
  '@aws-sdk/client-sqs',
];
const net = ['node:dns', 'node:events', 'node:http', 'node:https', 'node:net', 'node:timers', 'node:util'];

/** The folders and packages that the files of a folder may import, in addition to its own files. */
const rules: Readonly<Record<string, Rule>> = {
  'lib/core': {
    ours: [],
    packages: [
      '@aws-lambda-powertools/jmespath',
      'croner',
      'entities',
      'htmlparser2',
      'liquidjs',
      'node:crypto',
      'valibot',
    ],
  },
  'lib/jobs': { ours: ['lib/core'], packages: ['node:crypto'] },
  'lib/adapters': {
    ours: ['lib/adapters/feeds/http/address-guard.ts', 'lib/core'],
    packages: [...net, 'node:buffer'],
  },
  'lib/adapters/aws': {
    ours: ['lib/core'],
    packages: [
      ...aws,
      '@aws-sdk/lib-dynamodb',
      '@aws-sdk/util-dynamodb',
      'node:crypto',
      'node:timers',
      'node:zlib',
      'valibot',
    ],
  },
  'lib/adapters/dash-social': { ours: ['lib/core'], packages: [...net, 'valibot'] },
  'lib/adapters/feeds': {
    ours: ['lib/core'],
    packages: [
      ...net,
      'htmlparser2',
      'node:buffer',
      'node:crypto',
      'node:path',
      'node:worker_threads',
      'node:zlib',
      'request-filtering-agent',
      'rss-parser',
      'valibot',
    ],
  },
  'lib/adapters/sign-in': { ours: ['lib/core'], packages: ['jose', 'openid-client'] },
  'lib/webhooks': { ours: ['lib/core'], packages: ['node:buffer', 'node:crypto'] },
  'lib/lambda': {
    ours: ['lib/core'],
    packages: [
      '@aws-lambda-powertools/logger',
      '@aws-lambda-powertools/metrics',
      '@middy/core',
      'aws-lambda',
      'valibot',
    ],
  },
  'lib/services': {
    ours: ['lib/adapters', 'lib/core', 'lib/packed-config.ts', 'lib/settings.ts', 'lib/webhooks'],
    packages: [...aws, 'node:crypto', 'node:fs', 'node:timers'],
  },
  lib: { ours: ['lib/core', 'lib/webhooks/sources.ts'], packages: ['valibot', 'yaml'] },
  'functions/console.ts': { ours: ['console', 'lib/core', 'lib/lambda', 'lib/services'], packages: [] },
  functions: { ours: ['lib/core', 'lib/jobs', 'lib/lambda', 'lib/services'], packages: [] },
};

/** Production code does not depend on tests, benchmarks or build scripts. */
const notForUsers = ['bench', 'scripts', 'test'];

const isIn = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

const folderOf = (file: string): string | undefined =>
  Object.keys(rules)
    .filter((folder) => isIn(file, folder))
    .sort((a, b) => b.length - a.length)[0];

const packageOf = (specifier: string): string => /^(?:@[^/]+\/[^/]+|[^/]+)/.exec(specifier)?.[0] ?? specifier;

/** Whether a file may import a specifier. */
export const mayImport = (file: string, specifier: string): boolean => {
  const target = targetOf(file, specifier);
  if (['cli', 'console', 'local'].some((folder) => isIn(file, folder)))
    return target === null || !notForUsers.some((folder) => isIn(target, folder));
  const folder = folderOf(file);
  if (folder === undefined) return true; // scripts, tests and benchmarks
  const { ours, packages } = rules[folder] as Rule;
  if (target === null) return packages.includes(packageOf(specifier));
  if (folderOf(target) === folder) return true;
  return ours.some((other) => isIn(target, other));
};

if (import.meta.main) {
  const refused = readModules().flatMap(({ file, imports }) =>
    imports
      .filter(({ specifier }) => !mayImport(file, specifier))
      .map(
        ({ specifier, line }) =>
          `${file}:${line} may not import ${specifier} (see scripts/import-rules.ts)\n`,
      ),
  );
  for (const one of refused) process.stderr.write(one);
  process.exitCode = refused.length > 0 ? 1 : 0;
}

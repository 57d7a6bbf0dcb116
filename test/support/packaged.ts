import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export type Resource = {
  Type: string;
  Properties: Record<string, unknown>;
  Condition?: string;
  [attribute: string]: unknown;
};
export type Template = {
  Resources: Record<string, Resource>;
  Conditions?: Record<string, unknown>;
  Outputs?: Record<string, unknown>;
};

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** An empty archive for each function, because the template does not depend on their content. */
const putArchives = async (dir: string) => {
  await mkdir(join(dir, 'dist'));
  for (const file of await readdir(join(root, 'functions')))
    await writeFile(join(dir, 'dist', `${basename(file, '.ts')}.zip`), '');
};

const packageIn = async (dir: string, options: readonly string[]): Promise<string> => {
  await cp(join(root, 'serverless.yml'), join(dir, 'serverless.yml'));
  await cp(join(root, 'infra'), join(dir, 'infra'), { recursive: true });
  await putArchives(dir);
  const osls = join(root, 'node_modules/osls/bin/serverless.js');
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  await run(process.execPath, [osls, 'package', ...options], {
    cwd: dir,
    env: { PATH, HOME, NODE_COMPILE_CACHE },
  });
  return readFile(join(dir, '.serverless/cloudformation-template-update-stack.json'), 'utf8');
};

/** A hash of everything a template depends on. */
const sourcesHash = async (options: readonly string[]): Promise<string> => {
  const infra = (await readdir(join(root, 'infra'))).sort().map((name) => `infra/${name}`);
  const files = ['serverless.yml', 'node_modules/osls/package.json', ...infra];
  const texts = await Promise.all(files.map((name) => readFile(join(root, name), 'utf8')));
  const functions = (await readdir(join(root, 'functions'))).sort();
  return createHash('sha256')
    .update(JSON.stringify([options, functions, texts]))
    .digest('hex');
};

const made = join(root, 'node_modules/.cache/templates');

/**
 * The CloudFormation template that `osls package` generates, without credentials and network. It is cached per source
 * hash, because many test files need it.
 */
export const packagedTemplate = async (...options: string[]): Promise<Template> => {
  const file = join(made, `${await sourcesHash(options)}.json`);
  const kept = await readFile(file, 'utf8').catch(() => null);
  if (kept !== null) return JSON.parse(kept);
  const dir = await mkdtemp(join(tmpdir(), 'template-'));
  try {
    const template = await packageIn(dir, options);
    await mkdir(made, { recursive: true });
    await writeFile(`${file}.${process.pid}`, template);
    await rename(`${file}.${process.pid}`, file); // atomic, for concurrent readers
    return JSON.parse(template);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};

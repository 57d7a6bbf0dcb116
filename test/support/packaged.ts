import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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

/** An empty archive for each function: the template does not depend on what is in them. */
const putArchives = async (dir: string) => {
  await mkdir(join(dir, 'dist'));
  for (const file of await readdir(join(root, 'functions')))
    await writeFile(join(dir, 'dist', `${basename(file, '.ts')}.zip`), '');
};

/** The CloudFormation template that `osls package` makes of this project, without credentials and without network. */
export const packagedTemplate = async (...options: string[]): Promise<Template> => {
  const dir = await mkdtemp(join(tmpdir(), 'template-'));
  try {
    await cp(join(root, 'serverless.yml'), join(dir, 'serverless.yml'));
    await cp(join(root, 'infra'), join(dir, 'infra'), { recursive: true });
    await putArchives(dir);
    const osls = join(root, 'node_modules/osls/bin/serverless.js');
    const env = { PATH: process.env.PATH, HOME: process.env.HOME };
    await run(process.execPath, [osls, 'package', ...options], { cwd: dir, env });
    const file = join(dir, '.serverless/cloudformation-template-update-stack.json');
    return JSON.parse(await readFile(file, 'utf8'));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};

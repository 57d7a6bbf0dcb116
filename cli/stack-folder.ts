import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import type { Config, DeploySettings } from '../lib/core/config/config.ts';
import { misconfigured } from '../lib/core/errors.ts';
import { packConfig } from '../lib/packed-config.ts';
import { bundlesFolder, ourFile } from '../local/our-files.ts';
import { deployJson } from './deploy-json.ts';
import { zipFolder } from './zip-folder.ts';

const foldersIn = async (folder: URL): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
};

const functionNames = async (): Promise<string[]> => {
  const names = await foldersIn(bundlesFolder());
  if (names.length > 0) return names;
  throw misconfigured(
    'stack.not-built',
    `There are no bundles in ${fileURLToPath(bundlesFolder())}. Run npm run build first.`,
  );
};

/** The settings of feeds.yml for a stage. */
export const settingsAt = ({ deploy }: Config, stage: string): DeploySettings => ({
  ...deploy?.all,
  ...deploy?.byStage[stage],
});

/** serverless.yml with the settings of a stage. */
const serverlessYml = async (stage: string, settings: DeploySettings): Promise<string> => {
  const document = parseDocument(await readFile(ourFile('serverless.yml'), 'utf8'), { logLevel: 'silent' });
  for (const [name, value] of Object.entries(settings)) document.setIn(['params', stage, name], value);
  return document.toString({ lineWidth: 0 });
};

/**
 * Writes everything that a deploy of a stage needs to a new folder: serverless.yml, `infra/`, and the archive of each
 * function with feeds.yml in it. The same input yields the same files, byte for byte. Throws config `stack.not-built`.
 */
export const writeStackFolder = async (config: Config, stage: string, dir: string): Promise<void> => {
  const names = await functionNames();
  await rm(dir, { recursive: true, force: true });
  await mkdir(join(dir, 'dist'), { recursive: true });
  const added = { 'feeds.json': packConfig(config) };
  for (const name of names)
    await zipFolder(fileURLToPath(new URL(name, bundlesFolder())), join(dir, 'dist', `${name}.zip`), added);
  await writeFile(join(dir, 'dist', 'deploy.json'), deployJson(config));
  await cp(ourFile('infra/'), join(dir, 'infra'), { recursive: true });
  await writeFile(join(dir, 'serverless.yml'), await serverlessYml(stage, settingsAt(config, stage)));
};

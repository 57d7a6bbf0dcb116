import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { bundleFunction, functionNames, withoutEntities } from '../bundle.ts';
import { mainManifest, manifestOf, newFolderManifest, peerRanges } from './manifests.ts';
import { packageTexts } from './package-texts.ts';
import { bundledPackages, thirdPartyText } from './third-party.ts';

/** Entry points by their names in `dist/app`: the program, and the files that it starts as threads. */
const entryPoints = {
  installed: 'cli/installed.ts',
  'functions-thread': 'local/functions-thread.ts',
  'task-worker': 'lib/adapters/feeds/worker/task-worker.ts',
};

const compileApp = async (outdir: string, external: string[]): Promise<Metafile> => {
  const { metafile } = await build({
    entryPoints,
    outdir,
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minifySyntax: true,
    minifyWhitespace: true, // names stay readable in stack traces
    external,
    // Packages in CommonJS load Node's modules with require, which an ES module lacks.
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
    plugins: [withoutEntities, packageTexts],
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  return metafile;
};

const compileFunctions = async (dir: string): Promise<Metafile[]> => {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'package.json'), '{ "type": "commonjs" }\n');
  return Promise.all(
    (await functionNames()).map((name) => bundleFunction(name, join(dir, name), [packageTexts])),
  );
};

const writeJson = (file: string, value: unknown) => writeFile(file, `${JSON.stringify(value, null, 2)}\n`);

/** Starts a package with the files of its folder in `packages/`. */
const startFrom = async (source: string, folder: string) => {
  await rm(folder, { recursive: true, force: true });
  await cp(source, folder, { recursive: true });
  await cp('LICENSE', join(folder, 'LICENSE'));
};

/**
 * Builds the npm package rss-drafts in a new folder: in `dist/` the compiled program, the bundle of each function and
 * what a deploy needs; and the licenses of all packages with code in them. `dist/` mirrors a checkout.
 */
export const buildMain = async (folder: string): Promise<void> => {
  const source = 'packages/rss-drafts';
  await startFrom(source, folder);
  const dist = join(folder, 'dist');
  const manifest = mainManifest(source);
  const metafiles = [
    await compileApp(join(dist, 'app'), Object.keys(peerRanges())),
    ...(await compileFunctions(join(dist, 'functions'))),
  ];
  await cp('console/static', join(dist, 'app', 'static'), { recursive: true });
  await cp('infra', join(dist, 'infra'), { recursive: true });
  for (const file of ['serverless.yml', 'feeds.schema.json', 'events.schema.json', 'enrich.schema.json'])
    await cp(file, join(dist, file));
  await writeJson(join(folder, 'package.json'), manifest);
  await writeJson(join(dist, 'package.json'), manifest);
  await writeFile(join(folder, 'THIRD-PARTY-LICENSES'), thirdPartyText(bundledPackages(metafiles)));
};

/** Builds the npm package create-rss-drafts in a new folder; `template/` has the files that it creates. */
export const buildCreate = async (folder: string): Promise<void> => {
  const source = 'packages/create-rss-drafts';
  await startFrom(source, folder);
  const template = join(folder, 'template');
  await writeJson(join(folder, 'package.json'), manifestOf(source));
  await writeJson(join(template, 'package.json'), newFolderManifest());
  await cp('docs/workflows/deploy.yml', join(template, '.github', 'workflows', 'deploy.yml'));
};

import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { bundleFunction, functionNames, withoutEntities } from '../bundle.ts';
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

/**
 * Builds the npm package rss-drafts in its folder: in `dist/` the compiled program, the bundle of each function and
 * what a deploy needs; and the licenses of all packages with code in them. `dist/` mirrors a checkout.
 */
export const buildPackage = async (folder: string): Promise<void> => {
  const dist = join(folder, 'dist');
  await rm(dist, { recursive: true, force: true });
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const external = Object.keys(manifest.peerDependencies);
  const metafiles = [
    await compileApp(join(dist, 'app'), external),
    ...(await compileFunctions(join(dist, 'functions'))),
  ];
  await cp('console/static', join(dist, 'app', 'static'), { recursive: true });
  await cp('infra', join(dist, 'infra'), { recursive: true });
  for (const file of ['serverless.yml', 'feeds.schema.json']) await cp(file, join(dist, file));
  const { name, version, type, peerDependencies } = manifest;
  await writeFile(
    join(dist, 'package.json'),
    `${JSON.stringify({ name, version, type, peerDependencies }, null, 2)}\n`,
  );
  await writeFile(join(folder, 'THIRD-PARTY-LICENSES'), thirdPartyText(bundledPackages(metafiles)));
  await cp('LICENSE', join(folder, 'LICENSE'));
};

if (import.meta.main) await buildPackage('packages/rss-drafts');

import { cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { zipFolder } from '../cli/zip-folder.ts';

export type Bundle = { name: string; file: string; zip: string; bytes: number; zipBytes: number };

/** The functions, by the names of their files in `functions/`. */
export const functionNames = async () =>
  (await readdir('functions')).filter((file) => file.endsWith('.ts')).map((file) => basename(file, '.ts'));

/** Files that a function starts as threads; they are next to its bundle. */
const THREADS: Record<string, Record<string, string>> = {
  'ingest-feeds': { 'task-worker': 'lib/adapters/feeds/worker/task-worker.ts' },
  console: { 'task-worker': 'lib/adapters/feeds/worker/task-worker.ts' },
};

/** Folders whose files are next to a bundle. */
const FILES: Record<string, string> = { console: 'console/static' };

/**
 * rss-parser includes all HTML entities for snippets that are never created here; loading their tables would slow down
 * every cold start.
 */
export const withoutEntities: Plugin = {
  name: 'without-entities',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^entities$/ }, ({ importer }) =>
      importer.includes('rss-parser') ? { path: join(process.cwd(), 'scripts/no-entities.ts') } : null,
    );
  },
};

const compile = (name: string, dir: string, plugins: Plugin[]) =>
  build({
    entryPoints: { index: `functions/${name}.ts`, ...THREADS[name] },
    define: { 'import.meta.url': 'undefined' }, // CommonJS has none; code that needs it uses __dirname instead
    outdir: dir,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs', // as ES module an import of node:http loads all of the built-in undici: some 50 ms
    mainFields: ['module', 'main'],
    alias: {
      '@aws-sdk/credential-provider-node': './scripts/lambda-credentials.ts',
      xmlbuilder: './scripts/no-xml-builder.ts',
    },
    plugins: [withoutEntities, ...plugins],
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });

/** Writes a function's files, without feeds, to a new folder; returns what they were made of. */
export const bundleFunction = async (
  name: string,
  dir: string,
  plugins: Plugin[] = [],
): Promise<Metafile> => {
  await mkdir(dir, { recursive: true });
  const { metafile } = await compile(name, dir, plugins);
  if (FILES[name]) await cp(FILES[name], dir, { recursive: true });
  return metafile;
};

const bundle = async (name: string, outDir: string, feedsJson: string): Promise<Bundle> => {
  const dir = join(outDir, name);
  const [file, zip] = [join(dir, 'index.js'), `${dir}.zip`];
  await bundleFunction(name, dir);
  await writeFile(join(dir, 'feeds.json'), feedsJson);
  await zipFolder(dir, zip, {});
  return { name, file, zip, bytes: (await stat(file)).size, zipBytes: (await stat(zip)).size };
};

/**
 * For every file in `functions/`, creates a directory `outDir/<name>` with `index.js`, its source map, `feeds.json` and
 * its threads, and zips it as `outDir/<name>.zip`.
 */
export const bundleAll = async (outDir: string, feedsJson: string): Promise<Bundle[]> => {
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  // The project's package.json declares .js files as ESM, but bundles are CommonJS.
  await writeFile(join(outDir, 'package.json'), '{ "type": "commonjs" }\n');
  return Promise.all((await functionNames()).map((name) => bundle(name, outDir, feedsJson)));
};

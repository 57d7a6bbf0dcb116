import { createWriteStream } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { build, type Plugin } from 'esbuild';
import yazl from 'yazl';

export type Bundle = { name: string; file: string; zip: string; bytes: number; zipBytes: number };

// A zip's dates have no time zone. Built from local fields they are the same everywhere, and so is the archive.
const noTime = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, mode: 0o100644 };

const functionNames = async () =>
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
const withoutEntities: Plugin = {
  name: 'without-entities',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^entities$/ }, ({ importer }) =>
      importer.includes('rss-parser') ? { path: join(process.cwd(), 'scripts/no-entities.ts') } : null,
    );
  },
};

const compile = (name: string, dir: string) =>
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
    plugins: [withoutEntities],
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
  });

/** Zips files in name order, so that the same files yield the same archive, byte for byte. */
const pack = async (dir: string, target: string) => {
  const zip = new yazl.ZipFile();
  for (const file of (await readdir(dir)).sort())
    zip.addBuffer(await readFile(join(dir, file)), file, { ...noTime, compressionLevel: 9 });
  zip.end();
  await finished(zip.outputStream.pipe(createWriteStream(target)));
};

const bundle = async (name: string, outDir: string, feedsJson: string): Promise<Bundle> => {
  const dir = join(outDir, name);
  const [file, zip] = [join(dir, 'index.js'), `${dir}.zip`];
  await mkdir(dir, { recursive: true });
  await compile(name, dir);
  await writeFile(join(dir, 'feeds.json'), feedsJson);
  if (FILES[name]) await cp(FILES[name], dir, { recursive: true });
  await pack(dir, zip);
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

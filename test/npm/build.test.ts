import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { strangeLicenses } from '../../scripts/licenses.ts';
import { buildMain } from '../../scripts/npm/build.ts';
import { peerRanges } from '../../scripts/npm/manifests.ts';
import { withPackageCommands } from '../../scripts/npm/package-texts.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;
const read = (file: string) => readFile(join(folder, file), 'utf8');
const filesIn = async (dir: string): Promise<string[]> =>
  (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(dir.length + 1))
    .sort();

const buildIn = async (prefix: string) => {
  const dir = await mkdtemp(join(tmpdir(), prefix));
  await buildMain(dir);
  return dir;
};

beforeAll(async () => {
  folder = await buildIn('npm-');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the npm package', () => {
  it('has every function, each with its bundle', async () => {
    const functions = (await readdir(join(root, 'functions'))).map((file) => file.replace(/\.ts$/, ''));
    const files = await filesIn(join(folder, 'dist/functions'));

    expect(functions.length).toBeGreaterThan(4);
    for (const name of functions) expect(files).toContain(`${name}/index.js`);
    expect(files.filter((file) => file.endsWith('feeds.json'))).toEqual([]);
  });

  it('has the files that the program reads', async () => {
    const files = await filesIn(join(folder, 'dist'));

    expect(files).toEqual(
      expect.arrayContaining([
        'app/functions-thread.js',
        'app/installed.js',
        'app/static/console.css',
        'app/task-worker.js',
        'infra/deploy-policy.json',
        'infra/tables.yml',
        'package.json',
        'serverless.yml',
      ]),
    );
    expect(files.filter((file) => file.endsWith('.ts'))).toEqual([]);
  });

  it('names its own commands, not those of a checkout', async () => {
    const code = (await filesIn(join(folder, 'dist'))).filter((file) => file.endsWith('.js'));
    const named = await Promise.all(
      code.map(async (file) => [file, /npm (?:run|start|-s)\b.{20}/.exec(await read(`dist/${file}`))?.[0]]),
    );

    expect(named.filter(([, found]) => found !== undefined)).toEqual([]);
  });

  it('finds its files in one place, and threads by the name they have here', async () => {
    const code = await read('dist/app/installed.js');
    const found = [...code.matchAll(/new URL\((["'`])(\.[^"'`]*)\1/g)].map(([, , path]) => path);

    expect(found.filter((path) => path?.endsWith('.ts'))).toEqual([]);
    const elsewhere = found.filter((path) => path?.startsWith('..'));
    expect(elsewhere).toEqual([expect.stringMatching(/^\.\.\/\$\{path\d*\}$/)]); // local/our-files.ts
  });

  it('imports nothing but Node and its optional peers', async () => {
    const files = (await filesIn(join(folder, 'dist/app'))).filter((file) => file.endsWith('.js'));
    const specifiers = await Promise.all(
      files.map(async (file) =>
        [
          ...(await read(`dist/app/${file}`)).matchAll(/\bfrom ?"([^".][^"]*)"|\bimport\("([^".][^"]*)"\)/g),
        ].map(([, named, loaded]) => named ?? loaded ?? ''),
      ),
    );
    const others = new Set(specifiers.flat().filter((name) => !isBuiltin(name)));

    expect([...others].filter((name) => !(name in peerRanges()) && /^[\w@/-]+$/.test(name))).toEqual([]);
  });

  it('has the license of each package whose code it contains', async () => {
    const text = await read('THIRD-PARTY-LICENSES');
    const listed = [...text.matchAll(/^-{80}\n(\S+) (\d\S*) \((.*)\)\n\n(.*)$/gm)];
    const lock = Object.fromEntries(
      listed.map(([, name = '', version = '', license = '']) => [name, { version, license }]),
    );

    expect(Object.keys(lock)).toEqual(
      expect.arrayContaining(['@aws-sdk/client-dynamodb', 'commander', 'liquidjs', 'rss-parser', 'yazl']),
    );
    expect(strangeLicenses({ packages: lock })).toEqual([]);
    expect(listed.filter(([, , , , first]) => !first?.trim()).map(([, name]) => name)).toEqual([]);
  });

  it('is the same, byte for byte, when it is built again', async () => {
    const again = await buildIn('npm-again-');
    const files = await filesIn(folder);

    expect(await filesIn(again)).toEqual(files);
    for (const file of files)
      expect([file, (await readFile(join(again, file))).equals(await readFile(join(folder, file)))]).toEqual([
        file,
        true,
      ]);
    await rm(again, { recursive: true });
  });
});

describe('package.json of the npm package', () => {
  it('has this version, an executable that exists, and no dependencies', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const manifest = JSON.parse(await read('package.json'));

    expect(manifest).toMatchObject({
      name: 'rss-drafts',
      version,
      license: 'MIT',
      engines: { node: '>=24' },
    });
    expect(manifest).not.toHaveProperty('dependencies');
    expect(await read(manifest.bin['rss-drafts'])).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('makes every peer optional, in the version that the tests use', async () => {
    const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const { peerDependencies, peerDependenciesMeta } = JSON.parse(await read('package.json'));

    expect(Object.keys(peerDependencies)).toEqual(['dynalite', 'fauxqs', 'level', 'osls']);
    for (const [name, range] of Object.entries(peerDependencies)) {
      expect(range).toBe(`^${devDependencies[name]}`);
      expect(peerDependenciesMeta[name]).toEqual({ optional: true });
    }
  });
});

describe('a text of the npm package', () => {
  it.each([
    ['Run npm run -s cli -- check.', 'Run npx rss-drafts check.'],
    ['npm start -- --config feeds.yml', 'npx rss-drafts start --config feeds.yml'],
    [
      'npm start, or npm start alone for the demo',
      'npx rss-drafts start, or npx rss-drafts start in an empty folder for the demo',
    ],
    ['npm run deploy -- --stage NAME', 'npx rss-drafts deploy --stage NAME'],
  ])('names its command instead of %s', (checkout, installed) => {
    expect(withPackageCommands(checkout)).toBe(installed);
  });
});

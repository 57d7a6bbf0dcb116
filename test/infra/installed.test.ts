import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Lockfile, strayFrom } from '../../scripts/installed.ts';

const manifest = { dependencies: { a: '1.0.0' } };
const a = { version: '1.0.0', integrity: 'sha512-a' };
const lock: Lockfile = {
  packages: {
    '': manifest,
    'node_modules/a': a,
    'node_modules/mac-only': { version: '2.0.0', optional: true },
  },
};
const installed = (packages: Lockfile['packages']): Lockfile => ({ packages });

describe('the installation', () => {
  it.each([
    ['matches the lockfile; packages for other platforms may be missing', { 'node_modules/a': a }, []],
    ['lacks a package', {}, ['node_modules/a is not installed']],
    [
      'has another version of a package',
      { 'node_modules/a': { ...a, version: '1.0.1' } },
      ['node_modules/a has version 1.0.1 instead of 1.0.0'],
    ],
    [
      'has a package with different content',
      { 'node_modules/a': { ...a, integrity: 'sha512-b' } },
      ['node_modules/a 1.0.0 does not have the content in the lockfile'],
    ],
    [
      'has a package that is not locked',
      { 'node_modules/a': a, 'node_modules/b': a },
      ['node_modules/b is installed, but not in package-lock.json'],
    ],
  ])('%s', (_, packages, expected) => {
    expect(strayFrom(manifest, lock, installed(packages))).toEqual(expected);
  });

  it('is refused when package.json changed without its lockfile', () => {
    const changed = { dependencies: { a: '1.0.0', b: '^2.0.0' } };

    expect(strayFrom(changed, lock, installed({ 'node_modules/a': a }))).toEqual([
      'dependencies of package.json differ from package-lock.json',
    ]);
  });

  it('matches the lockfile of this repository', () => {
    const read = (file: string) =>
      JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));

    expect(
      strayFrom(read('package.json'), read('package-lock.json'), read('node_modules/.package-lock.json')),
    ).toEqual([]);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { strangeLicenses } from '../../scripts/licenses.ts';

const lockOf = (license: string | undefined, dev = false) => ({
  packages: {
    '': { license: 'ours' },
    'node_modules/a': { version: '1.0.0', dev, ...(license && { license }) },
  },
});

describe('a license', () => {
  it.each([
    ['MIT', false],
    ['(MIT OR GPL-3.0-or-later)', false],
    ['MIT AND ISC', false],
    ['MPL-2.0', true],
  ])('%s is allowed (dev: %s)', (license, dev) => {
    expect(strangeLicenses(lockOf(license, dev))).toEqual([]);
  });

  it.each([
    [undefined, true, 'no license'],
    ['MPL-2.0', false, 'MPL-2.0'],
    ['AGPL-3.0', true, 'AGPL-3.0'],
    ['MIT AND GPL-3.0', true, 'MIT AND GPL-3.0'],
    ['SEE LICENSE IN LICENSE.md', true, 'SEE LICENSE IN LICENSE.md'],
  ])('%s is refused (dev: %s)', (license, dev, shown) => {
    expect(strangeLicenses(lockOf(license, dev))).toEqual([
      expect.stringContaining(`node_modules/a is under ${shown},`),
    ]);
  });

  it('is allowed for every dependency', () => {
    const lock = readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8');

    expect(strangeLicenses(JSON.parse(lock))).toEqual([]);
  });
});

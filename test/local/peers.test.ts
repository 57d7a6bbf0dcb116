import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { requirePeers } from '../../local/peers.ts';

const manifestOf = (file: string) =>
  JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));

describe('a package that a command needs', () => {
  it('is named with the command that installs it', () => {
    expect(() => requirePeers('emulators', (name) => name === 'level')).toThrow(
      expect.objectContaining({
        code: 'cli.package-missing',
        message:
          'Data on this machine needs packages that are not installed. Run: npm install --save-dev dynalite@4 fauxqs@2',
      }),
    );
    expect(() => requirePeers('deploy', () => false)).toThrow(
      'Packaging and deploying need a package that is not installed. Run: npm install --save-dev osls@4',
    );
  });

  it('is not mentioned when it is installed', () => {
    expect(() => requirePeers('emulators')).not.toThrow();
    expect(() => requirePeers('deploy')).not.toThrow();
  });

  it('is an optional peer of the npm package, in the version that the tests use', () => {
    const { peerDependencies, peerDependenciesMeta } = manifestOf('packages/rss-drafts/package.json');
    const { devDependencies } = manifestOf('package.json');

    for (const [name, range] of Object.entries(peerDependencies)) {
      expect(range).toBe(`^${devDependencies[name]}`);
      expect(peerDependenciesMeta[name]).toEqual({ optional: true });
    }
  });
});

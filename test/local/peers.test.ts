import { describe, expect, it } from 'vitest';
import { requirePeers } from '../../local/peers.ts';

describe('a package that a command needs', () => {
  it('is named with the command that installs it', () => {
    expect(() => requirePeers('emulators', (name) => name === 'level')).toThrow(
      expect.objectContaining({
        code: 'cli.package-missing',
        message:
          'Data on this machine needs packages that are not installed. Run: npm install dynalite@4 fauxqs@2',
      }),
    );
    expect(() => requirePeers('deploy', () => false)).toThrow(
      'Packaging and deploying need a package that is not installed. Run: npm install osls@4',
    );
  });

  it('is not mentioned when it is installed', () => {
    expect(() => requirePeers('emulators')).not.toThrow();
    expect(() => requirePeers('deploy')).not.toThrow();
  });
});

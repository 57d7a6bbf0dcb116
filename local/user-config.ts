import { readFileSync } from 'node:fs';
import { readConfig } from '../lib/config.ts';
import type { Config } from '../lib/core/config.ts';
import { misconfigured } from '../lib/core/errors.ts';

/** Reads a feeds.yml; throws config `config.unreadable` when there is no such file, `config.invalid` with all its faults. */
export const readUserConfig = (path: string): Config => readConfig(bytesOf(path), path);

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw misconfigured(
      'config.unreadable',
      `${path} cannot be read (${code}): name your feeds file with --config.`,
      {
        cause,
      },
    );
  }
}

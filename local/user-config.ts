import { readFileSync } from 'node:fs';
import { type ConfigFault, readConfig } from '../lib/config.ts';
import { configWarnings } from '../lib/config-warnings.ts';
import type { Config } from '../lib/core/config/config.ts';
import { misconfigured } from '../lib/core/errors.ts';
import { toType } from '../lib/core/operator/cli-hints.ts';

/**
 * Reads a feeds.yml; throws config `config.unreadable` when it does not exist, `config.invalid` with all its errors.
 */
export const readUserConfig = (path: string): Config => readConfig(bytesOf(path), path);

/** Likely mistakes in a valid feeds.yml; throws config `config.unreadable`. */
export const readUserWarnings = (path: string): ConfigFault[] => configWarnings(bytesOf(path));

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const message =
      code === 'ENOENT'
        ? `${path} does not exist. Create it with ${toType('init', { config: path === 'feeds.yml' ? undefined : path })}, or name your feeds file with --config.`
        : `${path} cannot be read (${code}). Name your feeds file with --config.`;
    throw misconfigured('config.unreadable', message, { cause });
  }
}

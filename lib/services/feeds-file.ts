import { readFileSync } from 'node:fs';
import type { Config } from '../core/config.ts';
import { misconfigured } from '../core/errors.ts';
import { unpackConfig } from '../packed-config.ts';

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw misconfigured(
      'config.missing',
      `${file} cannot be read: npm run build puts it beside the bundle.`,
      {
        cause,
      },
    );
  }
};

/** The configuration that the build packed beside the bundle, where a function is started. Throws config `config.*`. */
export const packedFeeds = (file: string): Config => unpackConfig(read(file));

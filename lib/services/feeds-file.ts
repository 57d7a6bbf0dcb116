import { readFileSync } from 'node:fs';
import type { Config, Deliver } from '../core/config/config.ts';
import { atStage } from '../core/config/stages.ts';
import { misconfigured } from '../core/errors.ts';
import { unpackConfig } from '../packed-config.ts';
import { readSettings } from '../settings.ts';

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw misconfigured(
      'config.missing',
      `${file} cannot be read. npm run build writes it next to the bundle.`,
      {
        cause,
      },
    );
  }
};

/**
 * The configuration that the build packed next to the bundle in a function's working directory, resolved for this
 * stage. Throws config `config.*`.
 */
export const packedFeeds = (file: string): Config & { deliver: Deliver } => {
  const { stage } = readSettings(process.env, ['stage']);
  return atStage(unpackConfig(read(file)), stage);
};

import { type ConfigFault, readConfig } from '../../lib/config.ts';
import { AppError } from '../../lib/core/errors.ts';

const faultsOf = (text: string | Uint8Array): ConfigFault[] => {
  try {
    readConfig(text, 'feeds.yml');
  } catch (error) {
    if (error instanceof AppError && error.code === 'config.invalid')
      return error.details.faults as ConfigFault[];
    throw error;
  }
  return [];
};

/** The errors as printed, without the file's name. */
export const faultLines = (text: string | Uint8Array): string[] =>
  faultsOf(text).map(({ line, column, path, message }) =>
    `${line}:${column} ${path} ${message}`.replace('  ', ' '),
  );

/** A valid file, except for the lines added to its only feed. */
export const feedWith = (...lines: string[]) =>
  [
    'feeds:',
    '  newsroom:',
    '    url: https://www.example.com/feed.xml',
    '    brand_id: 144',
    ...lines.map((line) => `    ${line}`),
  ].join('\n');

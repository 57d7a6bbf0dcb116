import { join } from 'node:path';
import * as v from 'valibot';
import { Started, toStart, type Where } from '../lib/core/operator/cli-hints.ts';
import { readIfThere, writeAtomically } from './atomic-file.ts';
import type { Options } from './options.ts';

const fileIn = (data: string) => join(data, 'started.json');

const targetOf = ({ target }: Pick<Options, 'target'>): Started['target'] => {
  if (target.kind === 'sandbox') return 'sandbox';
  return target.url === null ? 'dash' : 'address'; // the address itself may contain a password
};

/** Records in the data folder how the run was started, so that it can be started again. */
export const keepStart = (options: Options): void => {
  const started: Started = { config: options.config, target: targetOf(options), port: options.port };
  writeAtomically(fileIn(options.data), `${JSON.stringify(started)}\n`);
};

const readStart = (data: string): Started | null => {
  try {
    return v.parse(Started, JSON.parse(readIfThere(fileIn(data)) ?? 'null'));
  } catch {
    return null; // it is only used for messages
  }
};

/** The command that starts the last run of a data folder again, or a first one. */
export const startAgain = (where: Where & { data: string }): string => toStart(where, readStart(where.data));

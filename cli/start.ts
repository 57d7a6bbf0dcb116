import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { startService } from '../local/start-service.ts';

/** `start` in the list of commands; its options are those of the service, which reads them itself. */
export const startCommand = (): Command =>
  new Command('start')
    .description('run the whole service on this machine; start --help lists its options')
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments();

const usualFile = 'feeds.yml';

/** Without options that say otherwise, a folder with a feeds.yml runs its own feeds, not the demo. */
const withUsualFile = (args: string[]): string[] => (existsSync(usualFile) ? ['--no-demo', ...args] : args);

/** Runs the service with these options of `start`. */
export const runStart = (args: string[]): Promise<void> => startService(withUsualFile(args));

import type { Command } from 'commander';
import { deployCommand, packageCommand } from './deploy.ts';
import { startCommand } from './start.ts';
import type { Cli } from './verb.ts';

/** The commands that only the npm package has; in a checkout, npm scripts do the same. */
export const installedCommands = (cli: Cli): Command[] => [
  startCommand(),
  packageCommand(cli),
  deployCommand(cli),
];

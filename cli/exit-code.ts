import { AppError } from '../lib/core/errors.ts';

/** The exit codes and their meanings. */
const exitCodes = {
  0: 'done, no problems found',
  1: 'done, but with a problem: a decision could not be applied, a check failed or a caption does not fit',
  2: 'wrong command line, or --yes is needed; nothing was done',
  3: 'invalid setting: feeds.yml, a secret or AWS credentials; nothing was done',
  4: 'no such entry, batch, feed or file',
  5: 'a service did not respond; try again',
  70: 'unexpected error; please report it',
  130: 'stopped with Ctrl-C',
} as const;
export type ExitCode = keyof typeof exitCodes;

const unknown = /^(entry|batch|brand|feed|tick|webhook)\.unknown|^file\.unreadable$/;
const usage = /^cli\./;
const stopped = 'cli.stopped';

/** The exit code of a command that threw this. */
export const exitCodeOf = (error: unknown): ExitCode => {
  if (!(error instanceof AppError)) return 70;
  if (error.code === stopped) return 130;
  if (usage.test(error.code)) return 2;
  if (unknown.test(error.code)) return 4;
  return error.kind === 'config' ? 3 : error.kind === 'retryable' ? 5 : 1;
};

/** The exit codes as a section of --help. */
export const exitCodeHelp = (): string =>
  `\nExit codes:\n${Object.entries(exitCodes)
    .map(([code, means]) => `  ${code.padStart(3)}  ${means}`)
    .join('\n')}`;

import { AppError } from '../lib/core/errors.ts';

/** What the command line ends with, and what each means. */
const exitCodes = {
  0: 'done, and no problem was found',
  1: 'done except for a problem: an entry could not be moved, a check failed or a caption does not fit',
  2: 'the command line is wrong, or wants a --yes: nothing was done',
  3: 'a setting is wrong: feeds.yml, a secret, AWS credentials; nothing was done',
  4: 'there is no such entry, batch, feed or file',
  5: 'something did not answer: try again',
  70: 'an error that nobody foresaw: please report it',
  130: 'ended with Ctrl-C',
} as const;
export type ExitCode = keyof typeof exitCodes;

const unknown = /^(entry|batch|feed|tick|webhook)\.unknown|^file\.unreadable$/;
const usage = /^cli\./;
const stopped = 'cli.stopped';

/** With which code a verb ends that threw this. */
export const exitCodeOf = (error: unknown): ExitCode => {
  if (!(error instanceof AppError)) return 70;
  if (error.code === stopped) return 130;
  if (usage.test(error.code)) return 2;
  if (unknown.test(error.code)) return 4;
  return error.kind === 'config' ? 3 : error.kind === 'retryable' ? 5 : 1;
};

/** The table of them, for --help. */
export const exitCodeHelp = (): string =>
  `\nExit codes:\n${Object.entries(exitCodes)
    .map(([code, means]) => `  ${code.padStart(3)}  ${means}`)
    .join('\n')}`;

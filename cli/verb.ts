import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { permanent } from '../lib/core/errors.ts';
import { plainJson } from '../local/plain-text.ts';
import type { ExitCode } from './exit-code.ts';
import { type Page, pageFor } from './page.ts';
import { type Tick, withProgress } from './progress.ts';
import type { Target, TargetOptions } from './target.ts';
import type { Terminal } from './terminal.ts';

/**
 * The output of a command, for programs and for people. `json` undefined: it was printed already. `exitCode`: 0 by
 * default. `timezone`: of the times in `lines`, by default that of the target's feeds.yml.
 */
export type Result = {
  json: unknown;
  lines: (page: Page) => string[];
  exitCode?: ExitCode;
  timezone?: string;
};

export type CommonOptions = TargetOptions & { json?: boolean };

/** The input of a command. */
export type VerbInput<O> = {
  /** Its arguments, in order. */
  args: string[];
  options: O & CommonOptions;
  terminal: Terminal;
  page: Page;
  /** Opened on first use, closed when the command has ended. */
  target: () => Promise<Target>;
  /** Shows progress on a terminal if it takes longer than a second. */
  progress: <T>(what: string, work: (tick: Tick) => Promise<T>) => Promise<T>;
};

/** What every command is created with. */
export type Cli = {
  terminal: Terminal;
  openTarget: (options: TargetOptions) => Promise<Target>;
  endWith: (code: ExitCode) => void;
};

/** UTC if there is no target, or its feeds.yml cannot be read; then times hardly matter. */
const timezoneOf = (target: Target | null): string => {
  try {
    return target?.config().timezone ?? 'UTC';
  } catch {
    return 'UTC';
  }
};

/** The action of a command: runs it, prints the result, and closes what was opened. */
export const act =
  <O>({ terminal, openTarget, endWith }: Cli, work: (call: VerbInput<O>) => Promise<Result>) =>
  async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1) as Command;
    const options = command.optsWithGlobals<O & CommonOptions>();
    let opened: Promise<Target> | null = null;
    let reached: Target | null = null;
    const page = pageFor(terminal, () => timezoneOf(reached));
    const target = () => {
      opened ??= openTarget(options).then((one) => {
        reached = one;
        return one;
      });
      return opened;
    };
    const progress: VerbInput<O>['progress'] = (what, worked) => withProgress(terminal, what, worked);
    try {
      const worked = work({ args: command.args, options, terminal, page, target, progress });
      const result = await Promise.race([worked, terminal.ended]);
      const { timezone } = result;
      const printed = timezone === undefined ? page : pageFor(terminal, () => timezone);
      print(terminal, printed, result, options.json === true);
      endWith(result.exitCode ?? 0);
    } finally {
      await (opened as Promise<Target> | null)?.then(
        (one) => one.close(),
        () => {},
      );
    }
  };

const print = ({ write }: Terminal, page: Page, { json, lines }: Result, asJson: boolean) => {
  const printed = asJson ? (json === undefined ? '' : plainJson(json)) : lines(page).join('\n');
  if (printed !== '') write(`${printed}\n`);
};

/** Examples at the end of a command's help. */
export const examples = (...lines: string[]): string =>
  `\nExamples:\n${lines.map((line) => `  npm run -s cli -- ${line}`).join('\n')}`;

/** A mistake on the command line: code `cli.*`, exit code 2. */
export const wrongUsage = (reason: string, message: string) => permanent(`cli.${reason}`, message);

/** The feed with this ID; throws permanent `feed.unknown`, which lists all IDs. */
export const feedNamed = <F extends { id: string }>(feeds: F[], id: string): F => {
  const feed = feeds.find((one) => one.id === id);
  if (feed) return feed;
  const known = feeds.map((one) => one.id).join(', ') || 'none';
  throw permanent('feed.unknown', `There is no feed ${id}. Feeds: ${known}.`);
};

/** The name of the account, also where no variable has it; empty if the system has none for it. */
const accountName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return ''; // such as in a container with a user ID of its own
  }
};

/** The user's name, for the history of an entry. An empty variable counts as missing. */
export const personIn = (env: Terminal['env'], account: () => string = accountName): string =>
  env.USER || env.LOGNAME || env.USERNAME || account() || 'someone on this computer';
export const personOf = ({ env }: Terminal): string => personIn(env);

import type { Command } from 'commander';
import { permanent } from '../lib/core/errors.ts';
import { plainJson } from '../local/plain-text.ts';
import type { ExitCode } from './exit-code.ts';
import { type Page, pageFor } from './page.ts';
import { type Tick, withProgress } from './progress.ts';
import type { Target, TargetOptions } from './target.ts';
import type { Terminal } from './terminal.ts';

/** What a verb has to say, for a program and for a person; `json` undefined: that was printed already. `exitCode` when it is not 0. */
export type Answer = { json: unknown; lines: (page: Page) => string[]; exitCode?: ExitCode };

export type CommonOptions = TargetOptions & { json?: boolean };

/** What a verb has to work with. */
export type VerbInput<O> = {
  /** What stands behind the verb, in its order. */
  args: string[];
  options: O & CommonOptions;
  terminal: Terminal;
  page: Page;
  /** Opened on first use, closed when the verb has ended. */
  target: () => Promise<Target>;
  /** Says on a terminal what takes longer than a second. */
  progress: <T>(what: string, work: (tick: Tick) => Promise<T>) => Promise<T>;
};

/** What is given to every verb when it is put together. */
export type Cli = {
  terminal: Terminal;
  openTarget: (options: TargetOptions) => Promise<Target>;
  endWith: (code: ExitCode) => void;
};

/** The action of a verb: does its work, prints what it answers, and closes what it has opened. */
export const act =
  <O>({ terminal, openTarget, endWith }: Cli, work: (call: VerbInput<O>) => Promise<Answer>) =>
  async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1) as Command;
    const options = command.optsWithGlobals<O & CommonOptions>();
    const page = pageFor(terminal);
    let opened: Promise<Target> | null = null;
    const target = () => {
      opened ??= openTarget(options);
      return opened;
    };
    const progress: VerbInput<O>['progress'] = (what, worked) => withProgress(terminal, what, worked);
    try {
      const worked = work({ args: command.args, options, terminal, page, target, progress });
      const answer = await Promise.race([worked, terminal.ended]);
      print(terminal, page, answer, options.json === true);
      endWith(answer.exitCode ?? 0);
    } finally {
      await (opened as Promise<Target> | null)?.then(
        (one) => one.close(),
        () => {},
      );
    }
  };

const print = ({ write }: Terminal, page: Page, { json, lines }: Answer, asJson: boolean) => {
  const printed = asJson ? (json === undefined ? '' : plainJson(json)) : lines(page).join('\n');
  if (printed !== '') write(`${printed}\n`);
};

/** Examples at the end of a verb's help. */
export const examples = (...lines: string[]): string =>
  `\nExamples:\n${lines.map((line) => `  npm run -s cli -- ${line}`).join('\n')}`;

/** What the command line itself says wrong: code `cli.*`, exit code 2. */
export const wrongUsage = (reason: string, message: string) => permanent(`cli.${reason}`, message);

/** The feed of this name; throws permanent `feed.unknown` that tells which there are. */
export const feedNamed = <F extends { id: string }>(feeds: F[], id: string): F => {
  const feed = feeds.find((one) => one.id === id);
  if (feed) return feed;
  const known = feeds.map((one) => one.id).join(', ') || 'none';
  throw permanent('feed.unknown', `no feed is called ${id}; there are: ${known}`);
};

/** Who does this, for the history of an entry. */
export const personIn = (env: Terminal['env']): string => env.USER ?? env.USERNAME ?? 'somebody';
export const personOf = ({ env }: Terminal): string => personIn(env);

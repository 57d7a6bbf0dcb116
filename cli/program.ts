import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Command, CommanderError } from 'commander';
import * as v from 'valibot';
import { AppError } from '../lib/core/errors.ts';
import { usualData } from '../lib/core/operator/cli-hints.ts';
import { asMachineFault } from '../local/machine-fault.ts';
import { plain, plainJson } from '../local/plain-text.ts';
import { backfillCommand } from './backfill.ts';
import { checkCommand } from './check.ts';
import { consoleCommand } from './console.ts';
import { doctorCommand } from './doctor.ts';
import { type ExitCode, exitCodeHelp, exitCodeOf } from './exit-code.ts';
import { explainCommand } from './explain.ts';
import { exportCommand } from './export.ts';
import { importOpmlCommand } from './import-opml.ts';
import { initCommand } from './init.ts';
import { listCommand } from './list.ts';
import { moveCommands } from './move.ts';
import { openTarget as openUsualPlace } from './open-target.ts';
import { pageFor } from './page.ts';
import { parseCommand } from './parse.ts';
import { pauseCommand, resumeCommand } from './pause.ts';
import { planCommand } from './plan.ts';
import { pollCommand } from './poll.ts';
import { previewCommand } from './preview.ts';
import { purgeCommand } from './purge.ts';
import { secretCommand } from './secret.ts';
import { sendWebhookCommand } from './send-webhook.ts';
import { statusCommand } from './status.ts';
import type { Terminal } from './terminal.ts';
import { type Cli, examples } from './verb.ts';

const commands = (cli: Cli): Command[] => [
  initCommand(cli),
  checkCommand(cli),
  parseCommand(cli),
  previewCommand(cli),
  planCommand(cli),
  statusCommand(cli),
  doctorCommand(cli),
  listCommand(cli),
  explainCommand(cli),
  ...moveCommands(cli),
  backfillCommand(cli),
  sendWebhookCommand(cli),
  secretCommand(cli),
  pollCommand(cli),
  pauseCommand(cli),
  resumeCommand(cli),
  consoleCommand(cli),
  purgeCommand(cli),
  exportCommand(cli),
  importOpmlCommand(cli),
];

/** Which feeds a verb looks at that says nothing of it itself. */
const usualFeeds = `
Feeds are those of --config, else those that run there or ran there last, else those of feeds.yml; with --stage those
of --config, else of feeds.yml.`;
const sayIt = new Set(['init', 'check', 'parse', 'preview', 'plan', 'secret', 'import-opml']);

const tellFeeds = (command: Command): Command => {
  if (sayIt.has(command.name())) return command;
  if (command.commands.length === 0) command.addHelpText('after', usualFeeds);
  for (const one of command.commands) tellFeeds(one);
  return command;
};

/** All the way down: a verb may have verbs of its own. */
const inherit = (command: Command, from: Command): Command => {
  for (const one of command.commands) inherit(one, from);
  return command.copyInheritedSettings(from);
};

/** That of package.json. */
const versionHere = (): string => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return v.parse(v.object({ version: v.string() }), JSON.parse(text)).version;
};

/** The whole command line, not yet run; docs/cli.md is generated from it. */
export const programFor = (cli: Cli): Command => {
  const { terminal } = cli;
  const program = new Command('rss-drafts')
    .description('Feeds to TikTok drafts in Dash Social, from the command line')
    .version(versionHere(), '--version', 'print the version, and end')
    .option('--json', 'print one JSON document instead of words')
    .option('--data <dir>', 'where npm start keeps everything on this machine', usualData)
    .option('--config <file>', 'your feeds (default: see below)')
    .option('--stage <name>', 'act on this deployed stage instead, with your AWS credentials')
    .option('--region <name>', "the stage's region (default: AWS_REGION, else that of serverless.yml)")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: terminal.write, writeErr: terminal.writeError })
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `${usualFeeds}
What is about to be goes before what runs for preview and plan; init, check and import-opml look at the file alone.
${examples('init', 'check', 'preview newsroom', 'plan', 'status')}\n${exitCodeHelp()}`,
    );
  for (const command of commands(cli)) program.addCommand(inherit(tellFeeds(command), program));
  return program;
};

/** Runs one command line, without the program's own name; answers the exit code. Never throws. */
export const runCli = async (
  args: string[],
  terminal: Terminal,
  openTarget: Cli['openTarget'] = openUsualPlace,
): Promise<ExitCode> => {
  let code: ExitCode = 0;
  const endWith = (given: ExitCode) => {
    code = given;
  };
  try {
    const done = programFor({ terminal, openTarget, endWith }).parseAsync(args, { from: 'user' });
    await Promise.race([done, endedFor(graceMs, terminal)]);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // it has said why
    const fault = asMachineFault(error);
    tellError(terminal, fault, args.includes('--json'));
    return exitCodeOf(fault);
  }
};

/** How long a verb may take to close what it has opened. */
const graceMs = 3_000;

const endedFor = (ms: number, { ended }: Terminal): Promise<never> =>
  ended.catch(async (error) => {
    await pause(ms, undefined, { ref: false });
    throw error;
  });

const tellError = (terminal: Terminal, error: unknown, asJson: boolean): void => {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const code = error instanceof AppError ? error.code : 'unexpected';
  const words = error instanceof AppError ? message : (stack ?? message);
  const lines = words.split('\n').map(plainLine).join('\n');
  if (asJson) terminal.write(`${plainJson({ error: { code, message } })}\n`);
  else terminal.writeError(`${pageFor(terminal).paint('red', lines)}\n`);
};

/** Harmless, but with what it begins with: lines of a message may be set in. */
const plainLine = (line: string) => `${/^ */.exec(line)?.[0]}${plain(line)}`;

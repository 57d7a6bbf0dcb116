import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Command, CommanderError } from 'commander';
import * as v from 'valibot';
import { AppError } from '../lib/core/errors.ts';
import { usualData } from '../lib/core/operator/cli-hints.ts';
import { withStop } from '../lib/core/text/sentence.ts';
import { asMachineFault } from '../local/machine-fault.ts';
import { ourFile } from '../local/our-files.ts';
import { plain, plainJson } from '../local/plain-text.ts';
import { backfillCommand } from './backfill.ts';
import { checkCommand } from './check.ts';
import { consoleCommand } from './console.ts';
import { dashCommand } from './dash.ts';
import { doctorCommand } from './doctor.ts';
import { editCommand, snoozeCommand, undoCommand } from './edit.ts';
import { eventsCommand } from './events.ts';
import { type ExitCode, exitCodeHelp, exitCodeOf } from './exit-code.ts';
import { explainCommand } from './explain.ts';
import { exportCommand } from './export.ts';
import { importOpmlCommand } from './import-opml.ts';
import { initCommand } from './init.ts';
import { keepDraftCommand } from './keep-draft.ts';
import { listCommand } from './list.ts';
import { openLocalTarget } from './local-target.ts';
import { moveCommands } from './move.ts';
import { pageFor } from './page.ts';
import { parseCommand } from './parse.ts';
import { pauseCommand, resumeCommand } from './pause.ts';
import { planCommand } from './plan.ts';
import { pollCommand } from './poll.ts';
import { previewCommand } from './preview.ts';
import { purgeCommand } from './purge.ts';
import { secretCommand } from './secret.ts';
import { sendWebhookCommand } from './send-webhook.ts';
import { openStageTarget } from './stage-target.ts';
import { statusCommand } from './status.ts';
import type { Terminal } from './terminal.ts';
import { updateDraftCommand } from './update-draft.ts';
import { type Cli, examples } from './verb.ts';

const commands = (cli: Cli): Command[] => [
  initCommand(cli),
  checkCommand(cli),
  parseCommand(cli),
  previewCommand(cli),
  planCommand(cli),
  statusCommand(cli),
  doctorCommand(cli),
  dashCommand(cli),
  listCommand(cli),
  explainCommand(cli),
  ...moveCommands(cli),
  editCommand(cli),
  snoozeCommand(cli),
  updateDraftCommand(cli),
  keepDraftCommand(cli),
  undoCommand(cli),
  backfillCommand(cli),
  sendWebhookCommand(cli),
  secretCommand(cli),
  pollCommand(cli),
  pauseCommand(cli),
  resumeCommand(cli),
  consoleCommand(cli),
  eventsCommand(cli),
  purgeCommand(cli),
  exportCommand(cli),
  importOpmlCommand(cli),
];

/** Which feeds a command uses, if its own help does not describe it. */
const usualFeeds = `
Feeds are read from --config, else from the running or last run in --data, else from feeds.yml.
With --stage, they are read from --config, else from feeds.yml.`;
const withOwnText = new Set([
  'init',
  'check',
  'parse',
  'preview',
  'plan',
  'secret',
  'import-opml',
  'dash',
  'package',
  'deploy',
  'start',
]);

const describeFeeds = (command: Command): Command => {
  if (withOwnText.has(command.name())) return command;
  if (command.commands.length === 0) command.addHelpText('after', usualFeeds);
  for (const one of command.commands) describeFeeds(one);
  return command;
};

/** The options of every command, on one line below a command's own. */
const nameGlobalOptions = (command: Command, program: Command): Command => {
  const flags = program.options.filter(({ long }) => long !== '--version').map((option) => option.flags);
  command.addHelpText('after', `\nGlobal options (see npm run -s cli -- --help): ${flags.join(', ')}`);
  for (const one of command.commands) nameGlobalOptions(one, program);
  return command;
};

/** At every depth, because a command may have subcommands. */
const inherit = (command: Command, from: Command): Command => {
  for (const one of command.commands) inherit(one, from);
  return command.copyInheritedSettings(from);
};

/** The version in package.json. */
const versionHere = (): string => {
  const text = readFileSync(ourFile('package.json'), 'utf8');
  return v.parse(v.object({ version: v.string() }), JSON.parse(text)).version;
};

/** Commands in addition to the usual ones. */
type MoreCommands = (cli: Cli) => Command[];

/** The whole command line, not yet run; docs/cli.md is generated from it. */
export const programFor = (cli: Cli, more: MoreCommands = () => []): Command => {
  const { terminal } = cli;
  const program = new Command('rss-drafts')
    .description('Inspect and operate rss-drafts, which makes TikTok drafts in Dash Social from feeds')
    .version(versionHere(), '--version', 'print the version')
    .option('--json', 'print one JSON document instead of text')
    .option('--data <dir>', 'data folder of npm start', usualData)
    .option('--config <file>', 'feeds file (default: see below)')
    .option('--stage <name>', 'use this deployed stage, with your AWS credentials')
    .option(
      '--region <name>',
      'region of the stage (default: the one in feeds.yml, else AWS_REGION, else the one in serverless.yml)',
    )
    .configureOutput({ writeOut: terminal.write, writeErr: terminal.writeError })
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `${usualFeeds}
preview and plan read feeds.yml before the running feeds. init, check and import-opml use only the file.
${examples('init', 'check', 'preview newsroom', 'plan', 'status')}\n${exitCodeHelp()}`,
    );
  for (const command of [...commands(cli), ...more(cli)])
    program.addCommand(inherit(nameGlobalOptions(describeFeeds(command), program), program));
  return program;
};

const openUsualTarget: Cli['openTarget'] = ({ stage, ...options }) =>
  stage === undefined ? openLocalTarget(options) : openStageTarget({ stage, ...options });

/** Runs one command line, without the program's own name; returns the exit code. Never throws. */
export const runCli = async (
  args: string[],
  terminal: Terminal,
  openTarget: Cli['openTarget'] = openUsualTarget,
  more?: MoreCommands,
): Promise<ExitCode> => {
  let code: ExitCode = 0;
  const endWith = (given: ExitCode) => {
    code = given;
  };
  try {
    const done = programFor({ terminal, openTarget, endWith }, more).parseAsync(args, { from: 'user' });
    await Promise.race([done, endedFor(graceMs, terminal)]);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has printed it
    const fault = asMachineFault(error);
    printError(terminal, fault, args.includes('--json'));
    return exitCodeOf(fault);
  }
};

/** How long a command may take to close its resources. */
const graceMs = 3_000;

const endedFor = (ms: number, { ended }: Terminal): Promise<never> =>
  ended.catch(async (error) => {
    await pause(ms, undefined, { ref: false });
    throw error;
  });

const printError = (terminal: Terminal, error: unknown, asJson: boolean): void => {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const code = error instanceof AppError ? error.code : 'unexpected';
  const text = error instanceof AppError ? message : (stack ?? message);
  const lines = text.includes('\n') ? text.split('\n').map(plainLine).join('\n') : withStop(plainLine(text));
  if (asJson) terminal.write(`${plainJson({ error: { code, message } })}\n`);
  else terminal.writeError(`${pageFor(terminal).paint('red', lines)}\n`);
};

/** Safe for a terminal, with indentation kept, because lines of a message may be indented. */
const plainLine = (line: string) => `${/^ */.exec(line)?.[0]}${plain(line)}`;

import { join } from 'node:path';
import { AppError } from '../lib/core/errors.ts';
import { toType } from '../lib/core/operator/cli-hints.ts';
import { alertsHere } from './alerts-here.ts';
import { sumsOf } from './follow.ts';
import { runLive } from './live.ts';
import { secretsFile } from './local-secrets.ts';
import { asMachineFault } from './machine-fault.ts';
import { introduction, ledgerLine, nothingLine, quietLine } from './messages.ts';
import { runOnce } from './once.ts';
import { type Options, parseOptions } from './options.ts';
import { plainJson } from './plain-text.ts';
import type { RunResult } from './run-record.ts';
import { openStack, type Stack } from './stack.ts';
import { closeDespite } from './uncaught.ts';

/** What a run needs from its process. `quit` is aborted by Ctrl-C. */
type Surroundings = {
  args: string[];
  env: NodeJS.ProcessEnv;
  print: (line: string) => void;
  printError: (line: string) => void;
  quit: AbortSignal;
  /** Rejects with an uncaught error; by default never. */
  fault?: Promise<never>;
};

/**
 * Runs `npm start` and returns the exit code. 0: it did its work, also when stopped by the user, when entries need
 * attention or when a feed cannot be read, which is reported; 1: it could not start, or with `--once` something
 * failed unexpectedly (`Following.failed`); 2: a package that it needs is not installed; 130: `--once` was stopped
 * before it was done.
 */
export async function run(surroundings: Surroundings): Promise<number> {
  try {
    return await runOptions(parseOptions(surroundings.args, surroundings.env), surroundings);
  } catch (error) {
    surroundings.printError(textOf(error));
    return error instanceof AppError && error.code === 'cli.package-missing' ? 2 : 1;
  }
}

/** The message of an error, with a stack only for bugs of ours. */
function textOf(thrown: unknown): string {
  const error = asMachineFault(thrown);
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const isOurs = !(error instanceof AppError) && typeof (error as { code?: unknown }).code !== 'string';
  return isOurs && stack ? stack : message;
}

async function runOptions(options: Options, surroundings: Surroundings): Promise<number> {
  const { print, printError, quit, fault = never } = surroundings;
  // With --json, standard output contains only the one document.
  const printLine = (line: string, bad = false) => (options.json ? bad && printError(line) : print(line));
  const stack = await openStack(options, printLine, fault);
  try {
    if (!options.json) print(introduction(whereabouts(options, stack)));
    const output = { print, data: options.data };
    const work = options.once
      ? once(stack, options.json ? printJson(print) : printText(stack, output), surroundings)
      : live(stack, output, quit);
    return await Promise.race([work, fault]);
  } finally {
    await closeDespite(fault, stack.close);
  }
}

const never = new Promise<never>(() => {});

const whereabouts = (
  { once, config: file, target, data }: Options,
  { siteUrl, consoleUrl, config }: Stack,
) => ({
  console: consoleUrl,
  once,
  data,
  feeds: file === null ? `demo feeds at ${siteUrl}/demo/` : yourFeeds(file, config),
  drafts: target.kind === 'sandbox' ? 'sandbox only' : (target.url ?? 'Dash Social'),
  alerts: alertsHere(config, join(data, secretsFile)),
});

const yourFeeds = (file: string, { feeds, webhooks }: Stack['config']): string =>
  feeds.length + webhooks.length > 0
    ? file
    : `${file} has no feeds: add one below feeds:, or run ${toType('init', { config: file })}`;

type Print = Surroundings['print'];
type Output = { print: Print; data: string };
type Show = (result: RunResult) => void;

async function once(stack: Stack, show: Show, { quit, printError }: Surroundings): Promise<number> {
  const interrupted = new Promise<null>((resolve) => quit.addEventListener('abort', () => resolve(null)));
  const result = await Promise.race([runOnce(stack), interrupted]);
  if (!result) {
    printError('Stopped before every feed was polled. The next start continues from here.');
    return 130;
  }
  show(result);
  return stack.following.failed() ? 1 : 0;
}

async function live(stack: Stack, output: Output, quit: AbortSignal): Promise<number> {
  const { print } = output;
  let last = '';
  const onIdle = async () => {
    if (last === '') summarise(stack, output)(await stack.following.result());
    const sums = ledgerLine(await sumsOf(stack.ledger));
    if (sums !== last) print(sums);
    last = sums;
  };
  await runLive(stack, { signal: quit, onIdle });
  print('Stopping. The next start continues from here. (Press Ctrl-C again to stop at once.)');
  return 0;
}

const printJson =
  (print: Print): Show =>
  (result) =>
    print(plainJson(result));

const printText =
  (stack: Stack, output: Output): Show =>
  (result) => {
    summarise(stack, output)(result);
    output.print(ledgerLine(result.ledger));
  };

/** Prints what the run's lines did not show. */
const summarise =
  ({ following, publisher }: Stack, { print, data }: Output): Show =>
  (result) => {
    const missing = new Set(following.missing());
    const quiet = result.feeds.filter(({ seen, error }) => seen === 0 && !error);
    for (const { id } of quiet) print(quietLine(id, !missing.has(id)));
    const nothing = publisher ? null : nothingLine(result, data); // the demo continues to publish
    if (nothing) print(nothing);
  };

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

/** What a run has of its process. `quit` is asked for by Ctrl-C. */
type Surroundings = {
  args: string[];
  env: NodeJS.ProcessEnv;
  print: (line: string) => void;
  printError: (line: string) => void;
  quit: AbortSignal;
  /** Rejects with what was thrown where nobody waits for it; by default never. */
  fault?: Promise<never>;
};

/**
 * `npm start`: answers the exit code. 0: it did what it should, also when it ran until it was asked to end, and also
 * when entries wait for a person or a feed cannot be read, which is told; 1: it could not start, or with `--once`
 * something failed that nobody has to expect (`Following.failed`); 130: `--once` was ended before it was done.
 */
export async function run(surroundings: Surroundings): Promise<number> {
  try {
    return await runOptions(parseOptions(surroundings.args, surroundings.env), surroundings);
  } catch (error) {
    surroundings.printError(wordsOf(error));
    return 1;
  }
}

/** One message. Only where it is neither the user's mistake nor the machine's but ours, the stack too. */
function wordsOf(thrown: unknown): string {
  const error = asMachineFault(thrown);
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const isOurs = !(error instanceof AppError) && typeof (error as { code?: unknown }).code !== 'string';
  return isOurs && stack ? stack : message;
}

async function runOptions(options: Options, surroundings: Surroundings): Promise<number> {
  const { print, printError, quit, fault = never } = surroundings;
  // With --json standard output is for the one document.
  const tell = (line: string, bad = false) => (options.json ? bad && printError(line) : print(line));
  const stack = await openStack(options, tell, fault);
  try {
    if (!options.json) print(introduction(whereabouts(options, stack)));
    const saying = { print, data: options.data };
    const work = options.once
      ? once(stack, options.json ? printJson(print) : printWords(stack, saying), surroundings)
      : live(stack, saying, quit);
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
  feeds: file === null ? `the demo's, at ${siteUrl}/demo/` : yourFeeds(file, config),
  drafts:
    target.kind === 'sandbox' ? 'go to a sandbox, nowhere else' : `go to ${target.url ?? 'Dash Social'}`,
  alerts: alertsHere(config, join(data, secretsFile)),
});

const yourFeeds = (file: string, { feeds, webhooks }: Stack['config']): string =>
  feeds.length + webhooks.length > 0
    ? file
    : `${file} names none: write one under feeds:, or let ${toType('init', { config: file })} do it`;

type Print = Surroundings['print'];
type Saying = { print: Print; data: string };
type Show = (result: RunResult) => void;

async function once(stack: Stack, show: Show, { quit, printError }: Surroundings): Promise<number> {
  const interrupted = new Promise<null>((resolve) => quit.addEventListener('abort', () => resolve(null)));
  const result = await Promise.race([runOnce(stack), interrupted]);
  if (!result) {
    printError('Stopped before every feed was polled; the next start goes on from here.');
    return 130;
  }
  show(result);
  return stack.following.failed() ? 1 : 0;
}

async function live(stack: Stack, saying: Saying, quit: AbortSignal): Promise<number> {
  const { print } = saying;
  let last = '';
  const onIdle = async () => {
    if (last === '') summarise(stack, saying)(await stack.following.result());
    const sums = ledgerLine(await sumsOf(stack.ledger));
    if (sums !== last) print(sums);
    last = sums;
  };
  await runLive(stack, { signal: quit, onIdle });
  print('Stopping; what was not done yet is done when it is started again. (Ctrl-C once more: at once.)');
  return 0;
}

const printJson =
  (print: Print): Show =>
  (result) =>
    print(plainJson(result));

const printWords =
  (stack: Stack, saying: Saying): Show =>
  (result) => {
    summarise(stack, saying)(result);
    saying.print(ledgerLine(result.ledger));
  };

/** What the lines of the run itself did not tell. */
const summarise =
  ({ following, publisher }: Stack, { print, data }: Saying): Show =>
  (result) => {
    const missing = new Set(following.missing());
    const quiet = result.feeds.filter(({ seen, error }) => seen === 0 && !error);
    for (const { id } of quiet) print(quietLine(id, !missing.has(id)));
    const nothing = publisher ? null : nothingLine(result, data); // the demo goes on publishing
    if (nothing) print(nothing);
  };

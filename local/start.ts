import { AppError } from '../lib/core/errors.ts';
import { sumsOf, type Tell } from './follow.ts';
import { runLive } from './live.ts';
import { runOnce } from './once.ts';
import { type Options, parseOptions } from './options.ts';
import { quitSignal } from './quit-signal.ts';
import type { RunResult } from './run-record.ts';
import { openStack, type Stack } from './stack.ts';
import { introduction, ledgerLine, nothingLine, quietLine } from './wording.ts';

const print = (line: string) => void process.stdout.write(`${line}\n`);
const printError = (line: string) => void process.stderr.write(`${line}\n`);

/** `npm start`: answers the exit code. */
async function main(args: string[]): Promise<number> {
  const options = parseOptions(args, process.env);
  const quit = quitSignal();
  const stack = await openStack(options, options.json ? onlyErrors : print);
  try {
    if (!options.json) print(introduction(whereabouts(options, stack)));
    return await (options.once ? once(stack, options, quit) : live(stack, quit));
  } finally {
    await stack.close();
  }
}

/** Standard output is for the one document. */
const onlyErrors: Tell = (line, bad) => {
  if (bad) printError(line);
};

const whereabouts = ({ once, config, target, data }: Options, { siteUrl }: Stack) => ({
  once,
  data,
  feeds: config ?? `the demo's, at ${siteUrl}/demo/`,
  drafts:
    target.kind === 'sandbox' ? 'go to a sandbox, nowhere else' : `go to ${target.url ?? 'Dash Social'}`,
});

/** Exit codes: 0 all as it should be, 1 something needs a person, 130 ended before it was done. */
async function once(stack: Stack, { json }: Options, quit: AbortSignal): Promise<number> {
  const interrupted = new Promise<null>((resolve) => quit.addEventListener('abort', () => resolve(null)));
  const result = await Promise.race([runOnce(stack), interrupted]);
  if (!result) return 130;
  if (json) print(JSON.stringify(result, null, 2));
  else summarise(result, stack);
  return stack.following.failed() ? 1 : 0;
}

async function live(stack: Stack, quit: AbortSignal): Promise<number> {
  let sums = '';
  const sumUp = async () => {
    const line = ledgerLine(await sumsOf(stack.ledger));
    if (line !== sums) print(line);
    sums = line;
  };
  let first = true;
  const onIdle = async () => {
    if (first) summarise(await stack.following.result(), stack);
    else await sumUp();
    first = false;
  };
  await runLive(stack, { signal: quit, onIdle });
  print('Stopping. What was not done yet is done when it is started again.');
  return 0;
}

/** What the lines of the run itself did not tell. */
function summarise(result: RunResult, { following }: Stack): void {
  const missing = new Set(following.missing());
  const quiet = result.feeds.filter(({ seen, error }) => seen === 0 && !error);
  for (const feed of quiet) print(quietLine(feed.id, !missing.has(feed.id)));
  print(ledgerLine(result.ledger));
  const nothing = nothingLine(result);
  if (nothing) print(nothing);
}

/** One message. Where it is no mistake of the user's nor the machine's but ours, what it takes to find it. */
function fail(error: unknown): number {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const isOurs = !(error instanceof AppError) && typeof (error as { code?: unknown }).code !== 'string';
  printError(isOurs ? `${stack}` : message);
  return 1;
}

process.exitCode = await main(process.argv.slice(2)).catch(fail);

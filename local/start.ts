import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../lib/core/errors.ts';
import { sumsOf } from './follow.ts';
import { runLive } from './live.ts';
import { runOnce } from './once.ts';
import { type Options, parseOptions } from './options.ts';
import { quitSignal } from './quit-signal.ts';
import { openStack, type Stack } from './stack.ts';
import { feedLine, introduction, ledgerLine, nothingLine } from './wording.ts';

const print = (line: string) => void process.stdout.write(`${line}\n`);

/** `npm start`: answers the exit code. */
async function main(args: string[]): Promise<number> {
  const options = parseOptions(args, process.env);
  const quit = quitSignal();
  const tell = options.json ? () => {} : print;
  const stack = await openStack(options, tell);
  try {
    if (!options.json) print(introduction(whereabouts(options, stack)));
    return await (options.once ? once(stack, options, quit) : live(stack, quit));
  } finally {
    await stack.close();
  }
}

const whereabouts = ({ config, target, data }: Options, { siteUrl }: Stack) => ({
  siteUrl,
  data,
  feeds: config ?? `the demo's, at ${siteUrl}/demo/`,
  target:
    target.kind === 'sandbox' ? 'go to the sandbox, nowhere else' : `go to ${target.url ?? 'Dash Social'}`,
});

/** Exit codes: 0 all as it should be, 1 something needs a person, 130 ended before it was done. */
async function once(stack: Stack, { json }: Options, quit: AbortSignal): Promise<number> {
  const interrupted = new Promise<null>((resolve) => quit.addEventListener('abort', () => resolve(null)));
  const result = await Promise.race([runOnce(stack), interrupted]);
  if (!result) return 130;

  if (json) print(JSON.stringify(result, null, 2));
  else {
    for (const feed of result.feeds.filter(({ seen, error }) => seen === 0 && !error)) print(feedLine(feed));
    print(ledgerLine(result.ledger));
    print(nothingLine(result) ?? '');
  }
  return stack.following.failed() ? 1 : 0;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { run } from '../../local/run.ts';

/** `npm start` without npm, in its own process. */
type LocalRun = {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  /** Resolves when standard output matches; rejects when the process ends or the time is up first. */
  prints: (pattern: RegExp, timeoutMs?: number) => Promise<void>;
  /** The exit code, or the signal that ended it. */
  ended: Promise<number | string | null>;
};

const entry = new URL('../../local/start.ts', import.meta.url).pathname;
const needNode = new URL('../../scripts/need-node.mjs', import.meta.url).pathname;

const running = new Set<ChildProcess>();

export function startLocal(args: string[], env: Record<string, string> = {}): LocalRun {
  const child = spawn(process.execPath, ['--import', needNode, entry, ...args], {
    env: { PATH: process.env.PATH, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const heard = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    heard.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    heard.stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => {
    running.delete(child);
    return code ?? signal;
  });

  const prints = (pattern: RegExp, timeoutMs = 40_000) =>
    new Promise<void>((resolve, reject) => {
      const check = () => {
        if (pattern.test(heard.stdout)) finish(resolve);
      };
      const giveUp = () =>
        finish(() => reject(new Error(`Never printed ${pattern}: ${JSON.stringify(heard)}`)));
      const timer = setTimeout(giveUp, timeoutMs);
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        child.stdout.off('data', check);
        settle();
      };
      child.stdout.on('data', check);
      child.once('close', giveUp);
      check();
    });

  return { child, stdout: () => heard.stdout, stderr: () => heard.stderr, prints, ended };
}

type Beside = { fault?: Promise<never>; onPrint?: () => void };

/** Runs `npm start` in this process, and returns its output when it ends by itself or through a `fault`. */
export async function runHere(
  args: string[],
  env: Record<string, string> = {},
  { fault, onPrint = () => {} }: Beside = {},
) {
  const out: string[] = [];
  const errors: string[] = [];
  const code = await run({
    args,
    env,
    print: (line) => {
      out.push(line);
      onPrint();
    },
    printError: (line) => void errors.push(line),
    quit: new AbortController().signal,
    ...(fault && { fault }),
  });
  return { code, out: out.join('\n'), errors: errors.join('\n') };
}

/** For `afterEach`: ends all processes. */
export async function killAll(): Promise<void> {
  const left = [...running];
  for (const child of left) child.kill('SIGKILL');
  await Promise.all(left.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'close')));
}

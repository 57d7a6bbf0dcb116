import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { permanent } from '../lib/core/errors.ts';
import { onSignals, quitSignal } from '../local/quit-signal.ts';
import { firstUncaught } from '../local/uncaught.ts';
import { askLine } from './ask.ts';

/** The process that a command runs in. */
export type Terminal = {
  write: (text: string) => void;
  writeError: (text: string) => void;
  /** Characters per line; null if the output goes to a file or a program. */
  columns: number | null;
  color: boolean;
  /** Asks the user; null without a terminal. `hidden`: the answer is not shown. */
  ask: (question: string, how?: { hidden?: boolean }) => Promise<string | null>;
  /** Reads everything from standard input. */
  readInput: () => Promise<string>;
  /** Whether input is piped rather than typed. */
  isPipedIn: boolean;
  /** Shows progress on one line that is removed again; null without a terminal. */
  showProgress: ((line: string) => void) | null;
  env: Record<string, string | undefined>;
  /** Epoch milliseconds. */
  clock: () => number;
  /** Rejects when the process is asked to end, unless `untilQuit` waits for that, and with uncaught errors. */
  ended: Promise<never>;
  /** Resolves when the process is asked to end, by Ctrl-C or otherwise. */
  untilQuit: () => Promise<void>;
  /** Waits, milliseconds. */
  pause: (ms: number) => Promise<unknown>;
};

const wantsColor = (env: NodeJS.ProcessEnv, isTerminal: boolean): boolean =>
  env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0' ? true : isTerminal && !env.NO_COLOR;

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

const stopped = () =>
  permanent(
    'cli.stopped',
    'Stopped before it was finished. What was done so far stays; run it again for the rest.',
  );

/** The terminal of this process. */
export const processTerminal = (): Terminal => {
  const { stdin, stdout, stderr, env } = process;
  const { promise: quitRequested, reject } = Promise.withResolvers<never>();
  let waits = false;
  onSignals(() => void (waits || reject(stopped())));
  const ended = Promise.race([quitRequested, firstUncaught()]);
  ended.catch(() => {}); // rejections are handled by the race
  const isThere = stdin.isTTY === true && stderr.isTTY === true;
  return {
    write: (output) => void stdout.write(output),
    writeError: (output) => void stderr.write(output),
    columns: stdout.isTTY ? stdout.columns : null,
    color: wantsColor(env, stdout.isTTY === true),
    ask: async (question, how) => (isThere ? askLine({ input: stdin, output: stderr }, question, how) : null),
    readInput: () => text(stdin),
    isPipedIn: stdin.isTTY !== true,
    showProgress: stderr.isTTY ? (line) => void stderr.write(`\r\u001B[K${line}`) : null,
    env,
    clock: Date.now,
    ended,
    untilQuit: () => {
      waits = true;
      return aborted(quitSignal());
    },
    pause,
  };
};

import { getCompileCacheDir } from 'node:module';
import { extname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { FunctionCall, FunctionFiles, ThreadData, ThreadMessage } from './functions-thread.ts';

export type Functions = {
  /** Invokes a function; settles like its handler, once its log lines have been passed on. */
  call: (name: string, event: unknown) => Promise<unknown>;
  /** Waits for running functions, up to a limit, and ends the thread. */
  close: (graceMs?: number) => Promise<void>;
};

type FunctionsOptions = {
  files: FunctionFiles;
  /** The complete environment. */
  env: Record<string, string | undefined>;
  onLog: (line: string) => void;
};

type Pending = PromiseWithResolvers<unknown> & { watchdog: NodeJS.Timeout };

/** How long after its time-out a function may stay silent before its thread is killed. */
const killGraceMs = 2000;

/**
 * Runs each Lambda handler in its own thread, with its own environment and log, as on AWS. If a handler does not even
 * yield at its time-out, its thread is killed: running calls fail, and the next one gets a new thread.
 */
export function startFunctions(options: FunctionsOptions): Functions {
  const rooms = new Map<string, Room>();
  let closed = false;
  const roomFor = (name: string): Room => {
    const open = rooms.get(name);
    if (open?.isOpen()) return open;
    const room = openRoom(options);
    rooms.set(name, room);
    return room;
  };

  return {
    call: async (name, event) => {
      if (closed) throw new Error('The functions are closed.');
      return roomFor(name).call(name, event);
    },
    close: async (graceMs = 15_000) => {
      closed = true;
      const open = [...rooms.values()];
      await Promise.race([
        Promise.all(open.map((room) => room.quiet())),
        pause(graceMs, undefined, { ref: false }),
      ]);
      await Promise.all(open.map(({ thread }) => thread.terminate()));
    },
  };
}

type Room = { thread: Worker; isOpen: () => boolean; quiet: () => Promise<unknown>; call: Functions['call'] };

/** In the npm package, the compiled file. */
const threadFile = (): URL => new URL(`./functions-thread${extname(import.meta.url)}`, import.meta.url);

/** One thread during its lifetime. */
function openRoom({ files, env, onLog }: FunctionsOptions): Room {
  const thread = new Worker(threadFile(), {
    workerData: { files, compileCache: getCompileCacheDir() } satisfies ThreadData,
    env,
  });
  const pending = new Map<number, Pending>();
  let last = 0;
  let open = true;

  const end = (why: Error) => {
    open = false;
    for (const id of pending.keys()) take(pending, id)?.reject(why);
  };
  thread.on('error', end);
  thread.on('exit', () => end(new Error('The thread of the functions has ended.')));
  thread.on('message', hearing(pending, onLog));

  return {
    thread,
    isOpen: () => open,
    quiet: () => Promise.allSettled([...pending.values()].map(({ promise }) => promise)),
    call: (name, event) => {
      const id = ++last;
      const silentMs = (files[name]?.timeoutMs ?? 0) + killGraceMs;
      const watchdog = setTimeout(() => thread.terminate(), silentMs);
      const one: Pending = { ...Promise.withResolvers<unknown>(), watchdog };
      pending.set(id, one);
      thread.postMessage({ id, name, event } satisfies FunctionCall);
      return one.promise;
    },
  };
}

function hearing(pending: Map<number, Pending>, onLog: FunctionsOptions['onLog']) {
  let rest = '';
  return (message: ThreadMessage) => {
    if ('log' in message) {
      const lines = (rest + message.log).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(onLog);
    } else if ('error' in message) take(pending, message.id)?.reject(new Error(message.error));
    else take(pending, message.id)?.resolve(message.response);
  };
}

function take(pending: Map<number, Pending>, id: number): Pending | undefined {
  const one = pending.get(id);
  pending.delete(id);
  clearTimeout(one?.watchdog);
  return one;
}

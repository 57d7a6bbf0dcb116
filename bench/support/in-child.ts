import { fork } from 'node:child_process';
import { once } from 'node:events';

export type Child = {
  /**
   * Calls a function exported by the child's module, one call at a time. Rejects with its error, or when the process
   * ended.
   */
  call: <T>(name: string, ...args: unknown[]) => Promise<T>;
  end: () => Promise<void>;
};

type Response = { value?: unknown; error?: string };

const host = new URL('./child-host.ts', import.meta.url).pathname;

/**
 * Runs a module in its own process, so that its cost is separate from that of the measurement. Its exports take and
 * return JSON values.
 */
export const inChild = (module: URL, options: { limitMs?: number; nodeArgs?: string[] } = {}): Child => {
  const { limitMs = 300_000, nodeArgs = [] } = options;
  const child = fork(host, [module.href], {
    execArgv: nodeArgs,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`the process ended: ${signal ?? code}`);
  });
  gone.catch(() => {});
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);

  return {
    call: async <T>(name: string, ...args: unknown[]) => {
      const responded = once(child, 'message') as Promise<[Response]>;
      child.send({ name, args });
      const [{ value, error }] = await Promise.race([responded, gone]);
      if (error !== undefined) throw new Error(error);
      return value as T;
    },
    end: async () => {
      clearTimeout(limit);
      child.kill('SIGKILL');
      await gone.catch(() => {});
    },
  };
};

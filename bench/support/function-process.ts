import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** One invocation, measured in its process. */
export type Invocation = {
  response: unknown;
  wallMs: number;
  /** Of all threads. */
  cpuMs: number;
  /** The most memory that the process has ever had. */
  peakMb: number;
  /** What it printed: log lines and metrics. */
  printed: string;
};

export type FunctionProcess = { invoke: (event: unknown) => Promise<Invocation>; close: () => Promise<void> };

type Outcome = Invocation & { error?: string };

const host = fileURLToPath(new URL('./function-host.ts', import.meta.url));

/**
 * Loads a bundle in a process that has this environment and nothing else, and the heap that Node takes for itself on
 * a machine with so much memory: half of it. An invocation that fails is thrown.
 */
export const startFunction = async (
  { name, file, timeoutMs, memoryMb }: { name: string; file: string; timeoutMs: number; memoryMb: number },
  env: Record<string, string>,
): Promise<FunctionProcess> => {
  const child = fork(host, [name, file, String(timeoutMs)], {
    env,
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${memoryMb / 2}`],
  });
  const ended = once(child, 'exit');
  const died = ended.then(() => {
    throw new Error(`${name} ended by itself`);
  });
  died.catch(() => {}); // an end by `close` is no news
  await Promise.race([once(child, 'message'), died]);
  return {
    invoke: async (event) => {
      const responded = once(child, 'message');
      child.send(event as object);
      const [outcome] = (await Promise.race([responded, died])) as [Outcome];
      if (outcome.error !== undefined) throw new Error(`${name}: ${outcome.error}`);
      return outcome;
    },
    close: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
};

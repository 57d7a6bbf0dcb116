import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The measurements of one invocation, taken in its process. */
export type Invocation = {
  response: unknown;
  wallMs: number;
  /** CPU time of all threads. */
  cpuMs: number;
  /** The peak memory of the process. */
  peakMb: number;
  /** Its output: log lines and metrics. */
  printed: string;
};

export type FunctionProcess = { invoke: (event: unknown) => Promise<Invocation>; close: () => Promise<void> };

type Outcome = Invocation & { error?: string };

const host = fileURLToPath(new URL('./function-host.ts', import.meta.url));

/**
 * Loads a bundle in a process with only this environment, and with the heap size that Node uses on a machine with this
 * much memory: half of it. A failed invocation throws.
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
    throw new Error(`${name} ended unexpectedly`);
  });
  died.catch(() => {}); // expected after `close`
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

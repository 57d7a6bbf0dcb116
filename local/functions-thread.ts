import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { invoke } from './lambda-runtime.ts';

/** Function name → the URL of the file that exports its `handler`, and its time-out. */
export type FunctionFiles = Record<string, { file: string; timeoutMs: number }>;

export type FunctionCall = { id: number; name: string; event: unknown };
export type ThreadMessage =
  | { log: string }
  | { id: number; response: unknown }
  | { id: number; error: string };

/** `compileCache`: the process's compile cache, so that threads do not compile again. */
export type ThreadData = { files: FunctionFiles; compileCache: string | undefined };

// The other side of functions.ts: a thread in which Lambda handlers have only what Lambda provides.
const port = parentPort;
if (!port) throw new Error('functions-thread.ts is started by functions.ts, as a worker.');
const { files, compileCache } = workerData as ThreadData;
if (compileCache !== undefined) enableCompileCache(compileCache);
const send = (message: ThreadMessage) => port.postMessage(message);

// Log lines take the same path as responses, so that a response never overtakes earlier lines.
process.stdout.write = process.stderr.write = ((text: string | Uint8Array) => {
  send({ log: typeof text === 'string' ? text : Buffer.from(text).toString() });
  return true;
}) as typeof process.stdout.write;

async function response({ id, name, event }: FunctionCall): Promise<void> {
  try {
    const { file, timeoutMs } = files[name] ?? { file: `no function ${name}`, timeoutMs: 0 };
    const { handler } = await import(file);
    send({ id, response: await invoke(name, handler, event, timeoutMs) });
  } catch (error) {
    send({ id, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  }
}

port.on('message', response);

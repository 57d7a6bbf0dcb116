import { createRequire } from 'node:module';
import { invoke } from '../../local/lambda-runtime.ts';

// The other side of function-process.ts: one bundled function in a process of its own, as on Lambda.

const [name = '', file = '', timeoutMs = '0'] = process.argv.slice(2);
const { handler } = createRequire(import.meta.url)(file) as { handler: (event: unknown) => unknown };

let printed = '';
process.stdout.write = ((text: string | Uint8Array) => {
  printed += typeof text === 'string' ? text : Buffer.from(text).toString();
  return true;
}) as typeof process.stdout.write;

process.on('message', async (event: unknown) => {
  printed = '';
  const [cpu, from] = [process.cpuUsage(), performance.now()];
  const outcome = await invoke(name, handler, event, Number(timeoutMs)).then(
    (response) => ({ answer: response }),
    (error: Error) => ({ error: error.message }),
  );
  const wallMs = performance.now() - from;
  const { user, system } = process.cpuUsage(cpu);
  const peakMb = process.resourceUsage().maxRSS / 1024;
  process.send?.({ ...outcome, wallMs, cpuMs: (user + system) / 1000, peakMb, printed });
});
process.on('disconnect', () => process.exit());
process.send?.('ready');

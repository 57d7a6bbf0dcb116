import { quitSignal } from './quit-signal.ts';
import { run } from './run.ts';
import { firstUncaught } from './uncaught.ts';

process.umask(0o077); // the emulator's files, too, are for their owner

const fault = firstUncaught();
process.exitCode = await run({
  args: process.argv.slice(2),
  env: process.env,
  print: (line) => void process.stdout.write(`${line}\n`),
  printError: (line) => void process.stderr.write(`${line}\n`),
  quit: quitSignal(),
  fault,
});
fault.catch(() => process.exit()); // what failed may go on for ever

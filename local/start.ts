import { quitSignal } from './quit-signal.ts';
import { run } from './run.ts';

process.umask(0o077); // the emulator's files, too, are for their owner

process.exitCode = await run({
  args: process.argv.slice(2),
  env: process.env,
  print: (line) => void process.stdout.write(`${line}\n`),
  printError: (line) => void process.stderr.write(`${line}\n`),
  quit: quitSignal(),
});

import { quitSignal } from './quit-signal.ts';
import { run } from './run.ts';
import { firstUncaught } from './uncaught.ts';

/** Runs the whole service in this process until it is done or stopped, and sets the exit code. */
export const startService = async (args: string[]): Promise<void> => {
  process.umask(0o077); // files of the emulator are for their owner, too

  const fault = firstUncaught();
  process.exitCode = await run({
    args,
    env: process.env,
    print: (line) => void process.stdout.write(`${line}\n`),
    printError: (line) => void process.stderr.write(`${line}\n`),
    quit: quitSignal(),
    fault,
  });
  fault.catch(() => process.exit()); // the failed part may never end
};

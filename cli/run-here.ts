import { runCli } from './program.ts';
import { processTerminal } from './terminal.ts';

/** Runs one command line in this process, and sets the exit code. */
export const runHere = async (args: string[], more?: Parameters<typeof runCli>[3]): Promise<void> => {
  // A reader such as `… | head` may close the pipe early: not an error, and no reason to stop halfway.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  process.exitCode = await runCli(args, processTerminal(), undefined, more);
  if (process.exitCode === 130) process.exit(); // do not wait for interrupted work
};

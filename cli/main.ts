import { runCli } from './program.ts';
import { processTerminal } from './terminal.ts';

// A reader such as `… | head` may close the pipe early: not an error, and no reason to stop halfway.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCli(process.argv.slice(2), processTerminal());
if (process.exitCode === 130) process.exit(); // do not wait for interrupted work

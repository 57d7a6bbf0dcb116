import { runCli } from './program.ts';
import { processTerminal } from './terminal.ts';

// `… | head` has seen enough: that is no fault of ours, and no reason to leave work half done.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCli(process.argv.slice(2), processTerminal());
if (process.exitCode === 130) process.exit(); // what was under way is not waited for

import { installedCommands } from './installed-commands.ts';
import { runHere } from './run-here.ts';
import { runStart } from './start.ts';

// The program of the npm package.
const [verb, ...rest] = process.argv.slice(2);
if (verb === 'start') await runStart(rest);
else await runHere(process.argv.slice(2), installedCommands);

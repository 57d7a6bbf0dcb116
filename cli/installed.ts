import { deployCommand, packageCommand } from './deploy.ts';
import { runHere } from './run-here.ts';
import { runStart, startCommand } from './start.ts';

// The program of the npm package: the command line, and what npm scripts do in a checkout.
const [verb, ...rest] = process.argv.slice(2);
if (verb === 'start') await runStart(rest);
else await runHere(process.argv.slice(2), (cli) => [startCommand(), packageCommand(cli), deployCommand(cli)]);

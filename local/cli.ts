import { Command } from 'commander';
import { parseCommand } from './cli/parse.ts';

const program = new Command('cli')
  .description('Feeds to TikTok drafts in Dash Social, from the command line')
  .addCommand(parseCommand);

await program.parseAsync();

import { Command } from 'commander';
import { exportLedger } from './export-ledger.ts';
import { writeOpml } from './opml.ts';
import { act, type Cli, examples } from './verb.ts';
import { openView } from './view.ts';

/** `export feeds` and `export ledger`, in formats for other programs. */
export const exportCommand = (cli: Cli): Command =>
  new Command('export')
    .description('export feeds or the ledger for other programs')
    .addCommand(exportFeeds(cli))
    .addCommand(exportLedger(cli))
    .addHelpText('after', examples('export feeds > feeds.opml', 'export ledger > ledger.csv'));

/** `export feeds`: the feeds of feeds.yml, else those running here, as OPML for a feed reader. */
const exportFeeds = (cli: Cli): Command =>
  new Command('feeds')
    .description('print the feeds of feeds.yml as OPML')
    .addHelpText('after', examples('export feeds > feeds.opml', 'export feeds --config feeds.yml --json'))
    .action(
      act(cli, async ({ options, target }) => {
        const { feeds } =
          options.stage === undefined ? (await openView(options, target)).config : (await target()).config();
        const listed = feeds.map(({ id, url, brandId }) => ({ id, url, brandId }));
        const opml = writeOpml('Feeds of rss-drafts', listed);
        return { json: { feeds: listed, opml }, lines: () => [opml.trimEnd()] };
      }),
    );

import { Command, InvalidArgumentError, Option } from 'commander';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { readDate } from '../lib/core/text/read-date.ts';
import { findEntries } from '../lib/jobs/operator/find-entries.ts';
import { moveThese } from './move.ts';
import { count } from './parse-number.ts';
import { act, type Cli, examples, feedNamed, wrongUsage } from './verb.ts';

type Options = { last?: number; since?: number; dryRun?: boolean; yes?: boolean };

/** Epoch milliseconds of a date in any common format. */
const date = (text: string): number => {
  const read = readDate(text);
  if (read === null) throw new InvalidArgumentError('It must be a date such as 2026-11-01.');
  return Date.parse(read);
};

const dateOf = ({ published, seenAt }: EntryRow): number =>
  published === null ? seenAt : Date.parse(published);

/** The newest existing entries, or all since a date; oldest first. */
const chosen = (rows: EntryRow[], { last, since }: Options): EntryRow[] => {
  const oldestFirst = rows.toSorted((a, b) => dateOf(a) - dateOf(b));
  return last === undefined
    ? oldestFirst.filter((row) => dateOf(row) >= (since ?? 0))
    : oldestFirst.slice(-last);
};

/** `backfill FEED`: makes drafts of entries that were on a feed when it was added. */
export const backfillCommand = (cli: Cli): Command =>
  new Command('backfill')
    .description('make drafts of entries that were already on a feed when it was added')
    .argument('<feed>', 'ID of the feed in feeds.yml')
    .addOption(new Option('--last <n>', 'the newest entries, this many').argParser(count).conflicts('since'))
    .addOption(new Option('--since <date>', 'entries published since this date').argParser(date))
    .option('--dry-run', 'list what would be done, without doing it')
    .option('--yes', 'do it without asking')
    .addHelpText(
      'after',
      examples('backfill newsroom --last 3 --dry-run', 'backfill newsroom --since 2026-11-01 --yes'),
    )
    .action(
      act<Options>(cli, async (call) => {
        const { args, options, target, progress } = call;
        if (options.last === undefined && options.since === undefined)
          throw wrongUsage('no-choice', 'Choose entries: --last N, or --since DATE.');
        const opened = await target();
        const services = { ...opened, config: opened.config() };
        const { id: feed } = feedNamed(services.config.feeds, args[0] ?? '');
        const rows = await progress('reading the ledger', () =>
          findEntries(services, { feed, states: ['baselined'] }),
        );
        return moveThese('release', chosen(rows, options), call, { isNamed: false });
      }),
    );

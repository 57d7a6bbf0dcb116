import { Command } from 'commander';
import type { Config } from '../lib/core/config/config.ts';
import { rowOwners } from '../lib/core/config/row-owners.ts';
import { titleOf } from '../lib/core/entries/title-of.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { afterPurge, purgedDraftTexts } from '../lib/core/operator/purge-text.ts';
import { findEntries } from '../lib/jobs/operator/find-entries.ts';
import { type Purged, purgeEntries } from '../lib/jobs/operator/purge-entries.ts';
import { purgeFeed } from '../lib/jobs/operator/purge-feed.ts';
import { outcomeOfPurge, recordActivity } from '../lib/jobs/operator/record-activity.ts';
import { confirmed } from './confirm.ts';
import { stateCell } from './format-entry.ts';
import type { Page } from './page.ts';
import type { Target } from './target.ts';
import { act, type Cli, examples, personOf, type Result, type VerbInput } from './verb.ts';

type Options = { dryRun?: boolean; yes?: boolean };

/** What to delete; `feed`: all of a feed, otherwise the named entries. `by`: what may bring its entries again. */
type Chosen = { feed: string | null; by: 'feed' | 'webhook' | null; backfill: number; rows: EntryRow[] };

/** `purge FEED|ENTRY`: deletes all that is stored, as if it had never been seen. */
export const purgeCommand = (cli: Cli): Command =>
  new Command('purge')
    .description('delete what is stored about a feed or an entry; drafts in Dash Social stay')
    .argument('<feed-or-entry>', 'ID of a feed, or key, guid or link of an entry, or ID of its draft')
    .option('--dry-run', 'show what would be deleted and the consequences, without deleting')
    .option('--yes', 'do it without asking')
    .addHelpText(
      'after',
      examples('purge newsroom --dry-run', 'purge https://www.example.com/bridge', 'purge 1004 --yes'),
    )
    .action(act<Options>(cli, runPurge));

const runPurge = async (call: VerbInput<Options>): Promise<Result> => {
  const { args, options, page, target, progress, terminal } = call;
  const opened = await target();
  const config = opened.config();
  const chosen = await progress('reading the ledger', () => choose(opened, config, args[0] ?? ''));
  const about = {
    lines: [...listLines(page, chosen), '', ...consequencesOf(chosen)],
    question: `Delete ${subjectOf(chosen)}?`,
    summary: `This would delete ${subjectOf(chosen)}`,
  };
  if (options.dryRun) return preview(chosen, [...about.lines, '']);
  if (!(await confirmed(call, about))) return preview(chosen, []);
  const services = { ...opened, config };
  const { done: purged } = await recordActivity(
    { ...services, clock: terminal.clock },
    { by: personOf(terminal), kind: 'purge', ...(chosen.feed !== null && { feeds: [chosen.feed] }) },
    {
      work: () =>
        progress('deleting', () =>
          chosen.feed === null
            ? purgeEntries(services, chosen.rows)
            : purgeFeed(services, chosen.feed, chosen.rows),
        ),
      outcomeOf: (one) => outcomeOfPurge(one, chosen.feed),
    },
  );
  return done(chosen, purged);
};

/** A feed's ID goes first; a feed that was removed from feeds.yml is found by its entries. */
const choose = async ({ ledger }: Target, config: Config, name: string): Promise<Chosen> => {
  const owner = rowOwners(config).find(({ id }) => id === name);
  const isFeed = config.feeds.some(({ id }) => id === name);
  const about = {
    by: isFeed ? 'feed' : owner ? 'webhook' : null,
    backfill: owner?.backfill ?? 0,
  } as const;
  const ofFeed = await findEntries({ config, ledger }, { feed: name });
  if (owner || ofFeed.length > 0) return { ...about, feed: name, rows: ofFeed };
  return { ...about, feed: null, rows: await findEntries({ config, ledger }, { names: [name] }) };
};

const entries = (n: number) => (n === 1 ? '1 entry' : `${n} entries`);
const pointers = (n: number) => (n === 1 ? '1 pointer' : `${n} pointers`);
const subjectOf = ({ feed, rows }: Chosen) =>
  feed === null ? entries(rows.length) : `${feed} and its ${entries(rows.length)}`;

const maxListed = 20;

const listLines = (page: Page, { rows }: Chosen): string[] => [
  ...page.table(
    ['state', 'feed', 'key', 'entry'],
    rows.slice(0, maxListed).map((row) => [stateCell(row.state), row.feed, row.key, titleOf(row)]),
  ),
  ...(rows.length > maxListed ? [`and ${entries(rows.length - maxListed)} more`] : []),
];

/** What will happen to entries that are received again. */
const consequencesOf = (chosen: Chosen): string[] => [
  ...(chosen.feed === null ? [afterPurge] : afterFeed(chosen)),
  ...purgedDraftTexts(chosen.rows),
];

const afterFeed = ({ feed, by, backfill }: Chosen): string[] => {
  if (by === null)
    return [
      `${feed} is not in feeds.yml. If you add it again, entries that are on it at that time do not become drafts.`,
    ];
  if (by === 'webhook') return [`Entries sent to ${feed} again are new and become drafts.`];
  const but = backfill > 0 ? `, except the newest ${backfill === 1 ? 'one' : backfill} (backfill)` : '';
  return [
    `The next poll of ${feed} counts as its first: entries that are on it at that time do not become drafts${but}.`,
    'Entries that return to it later count as new, and so do entries that its webhook sends again.',
  ];
};

const rowJson = ({ key, feed, state, title, postId }: EntryRow) => ({ key, feed, state, title, postId });

const preview = (chosen: Chosen, lines: string[]): Result => ({
  json: {
    dryRun: true,
    feed: chosen.feed,
    entries: chosen.rows.map(rowJson),
    consequences: consequencesOf(chosen),
  },
  lines: () => [...lines, `${subjectOf(chosen)} would be deleted; nothing was done.`],
});

const done = (chosen: Chosen, { forgotten, stay, leading }: Purged): Result => ({
  json: {
    dryRun: false,
    feed: chosen.feed,
    entries: forgotten.map(rowJson),
    stay: stay.map(rowJson),
    pointers: leading,
    consequences: consequencesOf(chosen),
  },
  exitCode: stay.length > 0 ? 1 : 0,
  lines: (page) => [
    `${page.paint('green', entries(forgotten.length))} deleted, with ${pointers(leading)}.`,
    ...stay.map((row) =>
      page.paint('yellow', `${row.key} is being sent now and was not deleted. Purge it again in 2 min.`),
    ),
  ],
});

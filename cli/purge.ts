import { Command } from 'commander';
import type { Config } from '../lib/core/config/config.ts';
import { rowOwners } from '../lib/core/config/row-owners.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { findEntries } from '../lib/jobs/operator/find-entries.ts';
import { type Purged, purgeEntries } from '../lib/jobs/operator/purge-entries.ts';
import { purgeFeed } from '../lib/jobs/operator/purge-feed.ts';
import { confirmed } from './confirm.ts';
import { stateCell, titleOf } from './format-entry.ts';
import type { Page } from './page.ts';
import type { Target } from './target.ts';
import { type Answer, act, type Cli, examples, type VerbInput } from './verb.ts';

type Options = { dryRun?: boolean; yes?: boolean };

/** What is to be forgotten; `feed`: all of one, else the entries that bear a name. */
type Meant = { feed: string | null; by: 'feed' | 'webhook' | 'nobody'; backfill: number; rows: EntryRow[] };

/** `purge FEED|ENTRY`: forgets, so that it is as if it had never been seen. */
export const purgeCommand = (cli: Cli): Command =>
  new Command('purge')
    .description('delete what is stored of a feed or an entry; drafts in Dash Social stay')
    .argument('<feed-or-entry>', "a feed's id, or an entry's key, guid or link, or the id of its draft")
    .option('--dry-run', 'only show what would be deleted, and what will be possible again')
    .option('--yes', 'do it without asking')
    .addHelpText(
      'after',
      examples('purge newsroom --dry-run', 'purge https://www.example.com/bridge', 'purge 1004 --yes'),
    )
    .action(act<Options>(cli, runPurge));

const runPurge = async (call: VerbInput<Options>): Promise<Answer> => {
  const { args, options, page, target, progress } = call;
  const opened = await target();
  const config = opened.config();
  const meant = await progress('reading the ledger', () => findMeant(opened, config, args[0] ?? ''));
  const about = {
    lines: [...listLines(page, meant), '', ...afterwards(meant)],
    question: `Forget ${meantWords(meant)}?`,
    meant: `${meantWords(meant)} would be forgotten`,
  };
  if (options.dryRun) return foreseen(meant, [...about.lines, '']);
  if (!(await confirmed(call, about))) return foreseen(meant, []);
  const services = { ...opened, config };
  const purged = await progress('forgetting', () =>
    meant.feed === null ? purgeEntries(services, meant.rows) : purgeFeed(services, meant.feed, meant.rows),
  );
  return done(meant, purged);
};

/** A feed's id goes first; one that has left feeds.yml is known by its entries. */
const findMeant = async ({ ledger }: Target, config: Config, name: string): Promise<Meant> => {
  const owner = rowOwners(config).find(({ id }) => id === name);
  const isFeed = config.feeds.some(({ id }) => id === name);
  const about = {
    by: isFeed ? 'feed' : owner ? 'webhook' : 'nobody',
    backfill: owner?.backfill ?? 0,
  } as const;
  const ofFeed = await findEntries({ config, ledger }, { feed: name });
  if (owner || ofFeed.length > 0) return { ...about, feed: name, rows: ofFeed };
  return { ...about, feed: null, rows: await findEntries({ config, ledger }, { names: [name] }) };
};

const entries = (n: number) => (n === 1 ? '1 entry' : `${n} entries`);
const pointers = (n: number) => (n === 1 ? '1 pointer' : `${n} pointers`);
const meantWords = ({ feed, rows }: Meant) =>
  feed === null ? entries(rows.length) : `${feed} and its ${entries(rows.length)}`;

const mostListed = 20;

const listLines = (page: Page, { rows }: Meant): string[] => [
  ...page.table(
    ['state', 'feed', 'key', 'entry'],
    rows.slice(0, mostListed).map((row) => [stateCell(row.state), row.feed, row.key, titleOf(row)]),
  ),
  ...(rows.length > mostListed ? [`and ${entries(rows.length - mostListed)} more`] : []),
];

const madeDrafts = (rows: EntryRow[]): string[] => {
  const drafts = rows.filter(({ state }) => state === 'drafted');
  const maybe = rows.filter(({ state, mayBeTwice }) => state === 'uncertain' || mayBeTwice > 0).length;
  const [only] = drafts;
  return [
    ...(drafts.length === 1
      ? [`Draft ${only?.postId ?? '(of an unknown id)'} stays in Dash Social: there may be two then.`]
      : []),
    ...(drafts.length > 1
      ? [`${drafts.length} drafts stay in Dash Social: there may be two of each then.`]
      : []),
    ...(maybe > 0 ? [`Of ${entries(maybe)} nobody will know any more how many drafts there may be.`] : []),
  ];
};

const waiting = (rows: EntryRow[]): string[] => {
  const queued = rows.filter(({ state }) => state === 'queued').length;
  return queued > 0 ? [`${entries(queued)} waiting to become drafts will not, unless they come again.`] : [];
};

/** What will be possible again, in words. */
const afterwards = (meant: Meant): string[] => [
  ...(meant.feed === null ? afterEntries() : afterFeed(meant)),
  ...madeDrafts(meant.rows),
  ...waiting(meant.rows),
];

const afterEntries = (): string[] => [
  'Whoever brings it again brings it as new: a feed that still shows it makes a draft of it at its next poll, a webhook when it is next sent.',
];

const afterFeed = ({ feed, by, backfill }: Meant): string[] => {
  if (by === 'nobody')
    return [
      `${feed} is not in feeds.yml. If it is added again, what is on it then is remembered, not posted.`,
    ];
  if (by === 'webhook') return [`What is sent to ${feed} again is new, and becomes a draft.`];
  const but = backfill > 0 ? `, but for the newest ${backfill}, which become drafts (backfill)` : '';
  return [
    `The next poll of ${feed} is its first again: what is on it then is remembered, not posted${but}.`,
    'What has left it and comes back later is new, and so is what a webhook of it sends again.',
  ];
};

const rowJson = ({ key, feed, state, title, postId }: EntryRow) => ({ key, feed, state, title, postId });

const foreseen = (meant: Meant, lines: string[]): Answer => ({
  json: {
    dryRun: true,
    feed: meant.feed,
    entries: meant.rows.map(rowJson),
    afterwards: afterwards(meant),
  },
  lines: () => [...lines, `${meantWords(meant)} would be forgotten; nothing was done.`],
});

const done = (meant: Meant, { forgotten, stay, leading }: Purged): Answer => ({
  json: {
    dryRun: false,
    feed: meant.feed,
    entries: forgotten.map(rowJson),
    stay: stay.map(rowJson),
    pointers: leading,
    afterwards: afterwards(meant),
  },
  exitCode: stay.length > 0 ? 1 : 0,
  lines: (page) => [
    `${page.paint('green', entries(forgotten.length))} forgotten, with ${pointers(leading)}.`,
    ...stay.map((row) =>
      page.paint(
        'yellow',
        `${row.key} is being sent at this moment and stays: purge it again in two minutes.`,
      ),
    ),
  ],
});

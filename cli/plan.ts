import { Command, Option } from 'commander';
import { titleOf } from '../lib/core/entries/title-of.ts';
import type { EntryRow, State } from '../lib/core/ledger/row.ts';
import { historyLines } from '../lib/core/operator/explain.ts';
import { type PlannedFeed, type PlannedOutcome, planPolls } from '../lib/jobs/poll/plan-polls.ts';
import { plain } from '../local/plain-text.ts';
import { stateCell } from './format-entry.ts';
import type { Cell, Page } from './page.ts';
import { count } from './parse-number.ts';
import { act, type Cli, examples, feedNamed } from './verb.ts';
import { feedReader, openView, type View } from './view.ts';

type Options = { limit: number };

/** `plan`: what the next poll would do, feed by feed, with a feeds.yml that is not in use yet. */
export const planCommand = (cli: Cli): Command =>
  new Command('plan')
    .description('show what the next poll would do with this feeds.yml; run it before you deploy')
    .argument('[feed...]', 'IDs of feeds (default: all)')
    .addOption(new Option('--limit <n>', 'maximum number of entries').default(30).argParser(count))
    .addHelpText(
      'after',
      `
Nothing is written and nothing is sent: polling and sending run on a copy. Feeds are fetched as in a poll.
Feeds are read from --config, else from feeds.yml in this folder, else from what is running in --data.
The exit code is 1 when a feed cannot be read or an entry would be held.
${examples('plan', 'plan newsroom journal', 'plan --stage prod', 'plan --config feeds.yml --json')}`,
    )
    .action(
      act<Options>(cli, async ({ args, options, target, progress, terminal }) => {
        const view = await openView(options, target);
        const { feeds } = view.config;
        const chosen = args.length === 0 ? feeds : args.map((id) => feedNamed(feeds, id));
        const services = {
          ...view.stores,
          ...feedReader({ ...view, clock: terminal.clock }),
          clock: terminal.clock,
        };
        const planned = await progress('reading feeds', (tick) =>
          planPolls({ ...services, config: view.config }, chosen, (done) =>
            tick(`${done} of ${chosen.length}`),
          ),
        );
        return {
          json: jsonOf(view, planned),
          lines: (page) => linesOf(page, view, planned, options.limit),
          timezone: view.config.timezone,
          exitCode: planned.some(needsFixing) ? 1 : 0,
        };
      }),
    );

const needsFixing = ({ outcome, entries }: PlannedFeed): boolean =>
  outcome === 'failed' || entries.some(({ state }) => state === 'held');

type Sums = Record<'drafted' | 'waiting' | 'review' | 'held' | 'filtered' | 'baselined' | 'known', number>;

const countIn = (entries: EntryRow[], state: State): number =>
  entries.filter((row) => row.state === state).length;

const sumsOf = ({ counts, drafted, entries }: PlannedFeed): Sums => ({
  drafted,
  waiting: countIn(entries, 'queued'),
  review: countIn(entries, 'review'),
  held: countIn(entries, 'held'),
  filtered: countIn(entries, 'filtered'),
  baselined: countIn(entries, 'baselined'),
  known: counts?.known ?? 0,
});

const total = (planned: PlannedFeed[]): Sums => {
  const sums = planned.map(sumsOf);
  const names = ['drafted', 'waiting', 'review', 'held', 'filtered', 'baselined', 'known'] as const;
  return Object.fromEntries(
    names.map((name) => [name, sums.reduce((all, one) => all + one[name], 0)]),
  ) as Sums;
};

/** The reason for its state, before it would be sent. */
const reasonOf = (row: EntryRow) => historyLines(row).findLast(({ code }) => !code.startsWith('draft.'));

const jsonOf = ({ source, ledgerOf }: View, planned: PlannedFeed[]) => ({
  source,
  ledger: ledgerOf,
  feeds: planned.map((feed) => ({
    id: feed.id,
    outcome: feed.outcome,
    seen: feed.counts?.seen ?? 0,
    ...sumsOf(feed),
    news: feed.news,
    entries: feed.entries.map((row) => ({
      key: row.key,
      state: row.state,
      title: row.title,
      link: row.link,
      code: reasonOf(row)?.code ?? null,
      reason: reasonOf(row)?.text ?? null,
      dueAt: row.state === 'queued' ? new Date(row.dueAt).toISOString() : null,
      text: row.post?.text ?? null,
    })),
  })),
  total: total(planned),
});

const outcomeCells: Record<PlannedOutcome, Cell> = {
  changed: { text: 'changed', style: 'green' },
  unchanged: 'unchanged',
  failed: { text: 'fails', style: 'red' },
  'left-alone': { text: 'not polled now', style: 'yellow' },
  gone: { text: 'gone (410)', style: 'red' },
  paused: { text: 'paused', style: 'yellow' },
};

const linesOf = (page: Page, { source, ledgerOf }: View, planned: PlannedFeed[], limit: number): string[] => {
  const sums = total(planned);
  const entries = planned.flatMap((feed) => feed.entries).filter(({ state }) => state !== 'baselined');
  return [
    page.paint('dim', `feeds: ${plain(source)} · ledger: ${plain(ledgerOf)}`),
    '',
    ...page.sheet(
      ['feed', 'document', 'drafts', 'waiting', 'to review', 'held', 'filtered', 'existing', 'known'],
      planned.map((feed): Cell[] => [feed.id, outcomeCells[feed.outcome], ...Object.values(sumsOf(feed))]),
    ),
    ...planned.flatMap(({ id, news }) => news.flatMap((one) => newsLines(page, id, one))),
    ...(entries.length === 0 ? [] : ['', ...entryTable(page, entries.slice(0, limit))]),
    ...(entries.length > limit
      ? [page.paint('dim', `Showing ${limit} of ${entries.length} entries. See more with --limit.`)]
      : []),
    '',
    `The next poll would make ${page.paint('bold', drafts(sums.drafted))}${restText(sums)}. Nothing was written.`,
  ];
};

const drafts = (n: number): string => (n === 1 ? '1 draft' : `${n} drafts`);

const restText = ({ waiting, review, held, filtered, baselined }: Sums): string =>
  [
    [waiting, 'would wait'],
    [review, 'would wait for review'],
    [held, 'would be held'],
    [filtered, 'would be filtered'],
    [baselined, 'already existed'],
  ]
    .filter(([n]) => n !== 0)
    .map(([n, what]) => `, ${n} ${what}`)
    .join('');

const entryTable = (page: Page, entries: EntryRow[]): string[] =>
  page.sheet(
    ['state', 'feed', 'key', 'entry', 'reason'],
    entries.map((row): Cell[] => [
      stateCell(row.state),
      row.feed,
      row.key,
      titleOf(row),
      `${row.state === 'queued' ? `Not before ${page.time(row.dueAt)}. ` : ''}${reasonOf(row)?.text ?? ''}`,
    ]),
  );

const newsLines = (page: Page, id: string, news: PlannedFeed['news'][number]): string[] => {
  switch (news.event) {
    case 'poll.failed':
      return [page.paint('red', `${id}: ${plain(news.message)}`)];
    case 'poll.gap':
      return [
        page.paint(
          'yellow',
          `${id}: none of its entries is known; some may have been missed since the last poll`,
        ),
      ];
    case 'poll.batch-held':
      return [
        page.paint('yellow', `${id}: ${news.entries} entries look old rather than new and would be held`),
      ];
    case 'row.corrupt':
      return [page.paint('red', `${id}: row ${plain(news.key)} cannot be read: ${plain(news.message)}`)];
    default:
      return [];
  }
};

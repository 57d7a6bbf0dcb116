import { Command } from 'commander';
import { tellHistory, tellMore, tellState } from '../../lib/core/explain.ts';
import { movesOf } from '../../lib/core/moves.ts';
import type { EntryRow } from '../../lib/core/row.ts';
import { toType, type Where } from '../../lib/core/what-to-type.ts';
import { findEntries } from '../../lib/jobs/find-entries.ts';
import { plain } from '../plain-text.ts';
import { entryJson, titleOf } from './entry-words.ts';
import type { Page } from './page.ts';
import { act, type Cli, examples } from './verb.ts';

/** `explain ENTRY`: what became of an entry and why, its whole history in words. */
export const explainCommand = (cli: Cli): Command =>
  new Command('explain')
    .description('tell what became of an entry, and why')
    .argument('<entry>', 'its key, guid or link, or the id of its draft')
    .addHelpText(
      'after',
      examples('explain entry-Qm9…', 'explain https://www.example.com/bridge', 'explain 1004 --json'),
    )
    .action(
      act(cli, async ({ args, place, progress, terminal }) => {
        const { config, ledger, where } = await place();
        const rows = await progress('reading the ledger', () =>
          findEntries({ config: config(), ledger })({ names: args.slice(0, 1) }),
        );
        const now = terminal.clock();
        return {
          json: { entries: rows.map((row) => explained(row, now)) },
          lines: (page) => rows.flatMap((row) => [...linesOf(page, row, { now, where }), '']).slice(0, -1),
        };
      }),
    );

const explained = (row: EntryRow, now: number) => ({
  ...entryJson(row),
  meaning: tellState(row),
  attempts: row.attempts,
  dueAt: row.state === 'queued' ? new Date(row.dueAt).toISOString() : null,
  alsoPosted: row.alsoPosted,
  also: tellMore(row, now),
  errors: row.errors,
  post: row.post,
  history: tellHistory(row).map((moment) => ({ ...moment, at: new Date(moment.at).toISOString() })),
  moves: movesOf(row),
});

const linesOf = (page: Page, row: EntryRow, { now, where }: { now: number; where: Where }): string[] => [
  `${page.paint('bold', plain(titleOf(row)))}`,
  `${page.paint('bold', row.state)}: ${tellState(row)}${row.postId === null ? '' : ` (draft ${row.postId})`}`,
  ...tellMore(row, now).map((told) => page.paint('yellow', `! ${plain(told)}`)),
  ...about(page, row),
  '',
  ...tellHistory(row).flatMap(({ at, words }) => [`${page.paint('dim', page.time(at))}  ${plain(words)}`]),
  ...captionOf(page, row),
  ...errorsOf(row),
  ...next(page, row, where),
];

const about = (page: Page, row: EntryRow): string[] =>
  [
    ['key', row.key],
    ['feed', `${row.feed} (brand ${row.brand})`],
    ['link', row.link],
    ['published', row.published],
    ['first seen', page.time(row.seenAt)],
    ...(row.state === 'queued' ? [['not before', page.time(row.dueAt)]] : []),
  ].flatMap(([name, value]) =>
    value ? [`${page.paint('dim', (name ?? '').padEnd(11))} ${plain(value)}`] : [],
  );

const captionOf = (page: Page, { post }: EntryRow): string[] =>
  post?.text === undefined
    ? []
    : ['', page.paint('dim', 'caption'), ...post.text.split('\n').map((line) => `  ${plain(line)}`)];

const errorsOf = ({ errors }: EntryRow): string[] =>
  errors === null ? [] : ['', `Dash Social answered: ${plain(JSON.stringify(errors))}`];

const next = (page: Page, row: EntryRow, where: Where): string[] => {
  const { key } = row;
  const moves = movesOf(row);
  if (moves.length === 0) return [];
  return ['', `You may ${moves.join(', ')}: ${page.paint('cyan', toType(`${moves[0]} ${key}`, where))}`];
};

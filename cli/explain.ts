import { Command } from 'commander';
import { heldInBatch } from '../lib/core/entries/batch.ts';
import { tellDecision } from '../lib/core/entries/decision-words.ts';
import { tellRecognized } from '../lib/core/entries/identity/recognized-words.ts';
import type { FeedMemory } from '../lib/core/entries/memory/feed-memory.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { toType, type Where } from '../lib/core/operator/cli-hints.ts';
import { historyLines, tellMore, tellRendering, tellState } from '../lib/core/operator/explain.ts';
import { movesOf } from '../lib/core/operator/moves.ts';
import type { FeedStore } from '../lib/core/ports.ts';
import type { TikTokPost } from '../lib/core/posts/tiktok-post.ts';
import { postToSend } from '../lib/jobs/draft/render-again.ts';
import { type Found, findNamed } from '../lib/jobs/operator/find-entries.ts';
import { plain } from '../local/plain-text.ts';
import { entryJson, titleOf } from './format-entry.ts';
import type { Page } from './page.ts';
import { act, type Cli, examples } from './verb.ts';

/** `explain ENTRY`: what became of an entry and why, its whole history in words. */
export const explainCommand = (cli: Cli): Command =>
  new Command('explain')
    .description('show the state of an entry, its history and the reasons')
    .argument('<entry>', 'its key, guid or link, or the id of its draft')
    .addHelpText(
      'after',
      examples('explain entry-Qm9…', 'explain https://www.example.com/bridge', 'explain 1004 --json'),
    )
    .action(
      act(cli, async ({ args, target, progress, terminal }) => {
        const { config, ledger, feedStore, where } = await target();
        const deps = { config: config(), ledger, clock: terminal.clock };
        const found = await progress('reading the ledger', () => findNamed(deps, args.slice(0, 1)));
        const now = terminal.clock();
        const told = await Promise.all(
          found.map(async (one) => ({
            ...one,
            memory: await memoryFor(feedStore, one.row),
            ...(await postToSend(deps, one.row)),
          })),
        );
        return {
          json: { entries: told.map((one) => explained(one, now)) },
          lines: (page) => told.flatMap((one) => [...linesOf(page, one, { now, where }), '']).slice(0, -1),
        };
      }),
    );

/** `post`: what is sent, or was; `told`: why that is another one than its row holds, or cannot be made. */
type Told = Found & { memory: FeedMemory | null; post: TikTokPost | null; note: string | null };

const moreOf = ({ row, note }: Told, now: number): string[] => [
  ...tellMore(row, now),
  ...(note === null ? [] : [note]),
];

/** What its feed remembers, where that says what a release would teach. */
const memoryFor = async (feedStore: Pick<FeedStore, 'read'>, { state, feed, lesson }: EntryRow) =>
  state === 'held' && lesson !== null ? ((await feedStore.read(feed))?.memory ?? null) : null;

const explained = (told: Told, now: number) => {
  const { row, recognized, memory, post } = told;
  return {
    ...entryJson(row),
    meaning: tellState(row),
    recognized: recognized.map((one) => ({ ...one, words: tellRecognized(one, row) })),
    decision: tellDecision(row, memory),
    attempts: row.attempts,
    dueAt: row.state === 'queued' ? new Date(row.dueAt).toISOString() : null,
    alsoPosted: row.alsoPosted,
    captionBy: row.rendering.by,
    also: moreOf(told, now),
    errors: row.errors,
    post,
    history: historyLines(row).map((moment) => ({ ...moment, at: new Date(moment.at).toISOString() })),
    moves: movesOf(row),
  };
};

const linesOf = (page: Page, told: Told, { now, where }: { now: number; where: Where }): string[] => {
  const { row, recognized, memory, post } = told;
  return [
    ...recognized.map((one) =>
      page.paint(
        'yellow',
        plain(`“${one.name}” was recognised as the entry below: ${tellRecognized(one, row)}`),
      ),
    ),
    `${page.paint('bold', plain(titleOf(row)))}`,
    `${page.paint('bold', row.state)}: ${tellState(row)}${row.postId === null ? '' : ` (draft ${row.postId})`}`,
    ...moreOf(told, now).map((words) => page.paint('yellow', `! ${plain(words)}`)),
    ...tellDecision(row, memory).map((words) => `- ${plain(words)}`),
    ...about(page, row),
    '',
    ...historyLines(row).flatMap(({ at, words }) => [`${page.paint('dim', page.time(at))}  ${plain(words)}`]),
    ...captionOf(page, post),
    ...errorsOf(row),
    ...next(page, row, where),
  ];
};

const about = (page: Page, row: EntryRow): string[] =>
  [
    ['key', row.key],
    ['feed', `${row.feed} (brand ${row.brand})`],
    ['batch', heldInBatch(row)],
    ['link', row.link],
    ['published', row.published],
    ['caption by', tellRendering(row)],
    ['first seen', page.time(row.seenAt)],
    ...(row.state === 'queued' ? [['not before', page.time(row.dueAt)]] : []),
  ].flatMap(([name, value]) =>
    value ? [`${page.paint('dim', (name ?? '').padEnd(11))} ${plain(value)}`] : [],
  );

const captionOf = (page: Page, post: TikTokPost | null): string[] =>
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

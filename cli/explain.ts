import { Command } from 'commander';
import { isOpen } from '../lib/core/circuit/circuit-breaker.ts';
import { heldInBatch } from '../lib/core/entries/batch.ts';
import { decisionTexts } from '../lib/core/entries/format-decision.ts';
import { recognizedText } from '../lib/core/entries/identity/format-recognized.ts';
import type { FeedMemory } from '../lib/core/entries/memory/feed-memory.ts';
import { titleOf } from '../lib/core/entries/title-of.ts';
import { hasOpenChange } from '../lib/core/ledger/later-version.ts';
import { isLookedUp } from '../lib/core/ledger/needs-decision.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { toType, type Where } from '../lib/core/operator/cli-hints.ts';
import { captionSource, historyLines, notesOn, stateName, stateText } from '../lib/core/operator/explain.ts';
import { movesOf } from '../lib/core/operator/moves.ts';
import { waitOf } from '../lib/core/operator/waiting.ts';
import type { CircuitStore, FeedStore } from '../lib/core/ports.ts';
import type { TikTokPost } from '../lib/core/posts/tiktok-post.ts';
import { orList } from '../lib/core/text/sentence.ts';
import { postToSend } from '../lib/jobs/draft/render-again.ts';
import { type Found, findNamed } from '../lib/jobs/operator/find-entries.ts';
import { type ArticleChange, readChange } from '../lib/jobs/operator/read-change.ts';
import { plain } from '../local/plain-text.ts';
import { entryJson } from './format-entry.ts';
import type { Page } from './page.ts';
import { act, type Cli, examples } from './verb.ts';

/** `explain ENTRY`: the state of an entry, with its whole history and the reasons. */
export const explainCommand = (cli: Cli): Command =>
  new Command('explain')
    .description('show the state of an entry, its history and the reasons')
    .argument('<entry>', 'key, guid or link of the entry, or ID of its draft')
    .addHelpText(
      'after',
      examples('explain entry-Qm9…', 'explain https://www.example.com/bridge', 'explain 1004 --json'),
    )
    .action(
      act(cli, async ({ args, target, progress, terminal }) => {
        const { config, ledger, feedStore, circuits, where, isRunning, start } = await target();
        const deps = { config: config(), ledger, clock: terminal.clock };
        const found = await progress('reading the ledger', () => findNamed(deps, args.slice(0, 1)));
        const now = terminal.clock();
        const facts = {
          config: deps.config,
          circuits: await openCircuits(circuits, now),
          now,
          isRunning,
          start,
        };
        const explained = await Promise.all(
          found.map(async (one) => ({
            ...one,
            wait: waitOf(one.row, facts),
            memory: await memoryFor(feedStore, one.row),
            change: await readChange(deps, one.row),
            ...(await postToSend(deps, one.row)),
          })),
        );
        return {
          json: { entries: explained.map((one) => jsonOf(one, now)) },
          lines: (page) =>
            explained.flatMap((one) => [...linesOf(page, one, { now, where, isRunning }), '']).slice(0, -1),
        };
      }),
    );

/** `post`: what is or was sent; `note`: why that differs from the row's post, or cannot be rendered. */
type Explained = Found & {
  /** Why it is not a draft yet. */
  wait: ReturnType<typeof waitOf>;
  memory: FeedMemory | null;
  /** How its article changed; null: it did not. */
  change: ArticleChange | null;
  post: TikTokPost | null;
  note: string | null;
};

const openCircuits = async (circuits: Pick<CircuitStore, 'rows'>, now: number) =>
  (await circuits.rows()).filter((row) => isOpen(row, now));

const allNotes = ({ row, note }: Explained, now: number): string[] => [
  ...notesOn(row, now),
  ...(note === null ? [] : [note]),
];

/** The memory of its feed, where a release would teach the feed something. */
const memoryFor = async (feedStore: Pick<FeedStore, 'read'>, { state, feed, lesson }: EntryRow) =>
  state === 'held' && lesson !== null ? ((await feedStore.read(feed))?.memory ?? null) : null;

const jsonOf = (one: Explained, now: number) => {
  const { row, wait, recognized, memory, post } = one;
  const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    ...entryJson(row),
    meaning: stateText(row),
    wait: wait && { ...wait, since: iso(wait.since), until: iso(wait.until) },
    recognized: recognized.map((name) => ({ ...name, text: recognizedText(name, row) })),
    decision: decisionTexts(row, memory),
    attempts: row.attempts,
    dueAt: row.state === 'queued' ? new Date(row.dueAt).toISOString() : null,
    alsoPosted: row.alsoPosted,
    captionBy: row.rendering.by,
    also: allNotes(one, now),
    errors: row.errors,
    change: one.change && {
      ...one.change,
      at: iso(one.change.at),
    },
    post,
    history: historyLines(row).map((moment) => ({ ...moment, at: new Date(moment.at).toISOString() })),
    moves: movesOf(row),
  };
};

type Surroundings = { now: number; where: Where; isRunning: boolean };

const linesOf = (page: Page, one: Explained, { now, where, isRunning }: Surroundings): string[] => {
  const { row, wait, recognized, memory, post } = one;
  return [
    ...(isRunning ? [] : waitLine(page, wait)),
    ...recognized.map((name) =>
      page.paint('yellow', plain(`“${name.name}” is known as this entry: ${recognizedText(name, row)}.`)),
    ),
    `${page.paint('bold', plain(titleOf(row)))}`,
    `${page.paint('bold', stateName(row.state))}${row.postId === null ? '' : ` (draft ${row.postId})`}: ${stateText(row)}`,
    ...(isRunning ? waitLine(page, wait) : []),
    ...allNotes(one, now).map((note) => page.paint('yellow', `! ${plain(note)}`)),
    ...decisionTexts(row, memory).map((decision) => `- ${plain(decision)}`),
    ...about(page, row),
    '',
    ...historyLines(row).map(({ at, text }) => `${page.paint('dim', page.time(at))}  ${plain(text)}`),
    ...captionOf(page, post),
    ...changeLines(page, one),
    ...errorsOf(row),
    ...next(page, row, where),
  ];
};

/** Why it waits now, since when, until when, and what to do. */
const waitLine = (page: Page, wait: Explained['wait']): string[] => {
  if (wait === null) return [];
  const { why, since, until, remedy } = wait;
  const times = [
    ...(since === null ? [] : [`Since ${page.time(since)}.`]),
    ...(until === null ? [] : [page.nextTry(until)]),
  ];
  return [page.paint('yellow', plain([why, ...times, remedy].join(' ')))];
};

const about = (page: Page, row: EntryRow): string[] =>
  [
    ['key', row.key],
    ['feed', `${row.feed} (brand ${row.brand})`],
    ['batch', heldInBatch(row)],
    ['link', row.link],
    ['published', row.published],
    ['caption by', captionSource(row)],
    ['first seen', page.time(row.seenAt)],
    ...(row.state === 'queued' ? [['not before', page.time(row.dueAt)]] : []),
  ].flatMap(([name, value]) =>
    value ? [`${page.paint('dim', (name ?? '').padEnd(11))} ${plain(value)}`] : [],
  );

const captionOf = (page: Page, post: TikTokPost | null): string[] =>
  post?.text === undefined
    ? []
    : ['', page.paint('dim', 'caption'), ...post.text.split('\n').map((line) => `  ${plain(line)}`)];

/** What changed in the article, and each field that its draft would have now. */
const changeLines = (page: Page, { change, row }: Explained): string[] => {
  if (change === null) return [];
  const { at, difference, draft, why } = change;
  const after = row.state === 'drafted' ? ' after its draft' : '';
  return [
    '',
    page.paint('yellow', plain(`The article changed${after} (${page.time(at)}): ${difference}`)),
    ...(why === null ? [] : [plain(`The draft was not changed: ${why}.`)]),
    ...(draft ?? []).flatMap(({ field, now }) => [
      page.paint('dim', `${field === 'text' ? 'caption' : field} now`),
      ...(now ?? '–').split('\n').map((line) => `  ${plain(line)}`),
    ]),
  ];
};

const errorsOf = ({ errors }: EntryRow): string[] =>
  errors === null ? [] : ['', `Errors from Dash Social: ${plain(JSON.stringify(errors))}`];

const next = (page: Page, row: EntryRow, where: Where): string[] => {
  const { key } = row;
  const moves = movesOf(row);
  if (hasOpenChange(row))
    return [
      '',
      `To change the draft too: ${page.paint('cyan', toType(`update-draft ${key}`, where))}`,
      `To keep it as it is: ${page.paint('cyan', toType(`keep-draft ${key}`, where))}`,
    ];
  if (moves.length === 0 || isLookedUp(row)) return [];
  return ['', `You can ${orList(moves)} it: ${page.paint('cyan', toType(`${moves[0]} ${key}`, where))}`];
};

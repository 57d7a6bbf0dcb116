import type { Config } from '../../core/config/config.ts';
import { rowOwners } from '../../core/config/row-owners.ts';
import { type Lesson, learnFrom, lessonsLeft } from '../../core/entries/memory/feed-memory.ts';
import type { OpenBatch } from '../../core/entries/open-batches.ts';
import { AppError, permanent } from '../../core/errors.ts';
import type { Rerender, Transition } from '../../core/ledger/entry-state.ts';
import type { EntryRow, State } from '../../core/ledger/row.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import { type Move, makeMove, makesDraft, refuseLookedUp } from '../../core/operator/moves.ts';
import { refuseTooOld } from '../../core/operator/too-old.ts';
import { undoLast, withUndo } from '../../core/operator/undo.ts';
import type { Clock, FeedStore, Ledger, SendWakeUps } from '../../core/ports.ts';
import { changeRow } from '../change-row.ts';
import { renderAgain } from '../draft/render-again.ts';
import { changeFeedRow } from '../ingest/change-feed-row.ts';
import { expireStoredEntry } from './expire-stored-entry.ts';

type Deps = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  ledger: Pick<Ledger, 'read' | 'replace' | 'storedEntry' | 'setStoredEntryExpiry'>;
  feedStore: Pick<FeedStore, 'read' | 'save'>;
  sendWakeUps: SendWakeUps;
  clock: Clock;
};

/**
 * A manual move. `postId`: of the draft found in Dash Social, for `confirm`. `evenIfOld`: an entry is approved although
 * it has become too old for a new one. `evenIfLookedUp`: one is retried although its draft is still looked up. `undoMs`: nothing is sent for so long, so that the move can be undone.
 */
export type MoveRequest = {
  move: Move;
  by: string;
  postId?: number | null;
  evenIfOld?: boolean;
  evenIfLookedUp?: boolean;
  undoMs?: number;
};

/** The result of a move, or of a planned one: the row afterwards, or why it stays unchanged. */
export type Moved = { from: State; row: EntryRow; refusal: { code: string; message: string } | null };

/** The sweep wakes rows beyond this number, because a release of thousands must not fill the queue. */
const maxWakeUps = 1_000;
/** Rows are moved and woken in pieces, so that little is left to the sweep when a large move is interrupted. */
const pieceSize = 100;
const movesAtOnce = 8;

/** The result of a move for these rows; writes nothing. */
export const planMoves = (
  deps: Pick<Deps, 'config' | 'ledger' | 'clock'>,
  rows: EntryRow[],
  request: MoveRequest,
): Promise<Moved[]> =>
  mapWithConcurrency(rows, movesAtOnce, async (row) => {
    try {
      return {
        from: row.state,
        row: (await transitionOf(deps, row, request))(row) ?? row,
        refusal: null,
      };
    } catch (error) {
      return refused(row, error);
    }
  });

/**
 * Moves rows in pieces, each based on its current version; a row that may not be moved does not stop the others.
 * Queued rows are woken at once, or by the sweep if that fails. A lesson from a release is saved first: an
 * interrupted release is repeated and teaches the same.
 */
export const moveEntries = async (deps: Deps, rows: EntryRow[], request: MoveRequest): Promise<Moved[]> => {
  if (request.move === 'release') await teach(deps, rows);
  const moved: Moved[] = [];
  let wakes = maxWakeUps;
  for (let at = 0; at < rows.length; at += pieceSize) {
    const piece = rows.slice(at, at + pieceSize);
    const done = await mapWithConcurrency(piece, movesAtOnce, (row) => moveOne(deps, row, request));
    moved.push(...done);
    wakes -= await wake(deps, done, wakes, request);
  }
  return moved;
};

/** Wakes at most `most` of the queued rows once they can no longer be undone; returns how many. */
const wake = async (
  { sendWakeUps, clock }: Deps,
  moved: Moved[],
  most: number,
  { undoMs = 0 }: MoveRequest,
): Promise<number> => {
  const until = clock() + undoMs;
  const queued = moved.filter(
    ({ row, refusal }) => refusal === null && row.state === 'queued' && row.dueAt <= until,
  );
  const wakeUps = queued.slice(0, most).map(({ row: { key, brand } }) => ({ key, brand }));
  if (wakeUps.length > 0) await sendWakeUps(wakeUps, Math.ceil(undoMs / 1000));
  return wakeUps.length;
};

const lessonsIn = (rows: readonly EntryRow[]): Map<string, Set<Lesson>> => {
  const lessons = new Map<string, Set<Lesson>>();
  for (const { state, feed, lesson } of rows)
    if (state === 'held' && lesson !== null) lessons.set(feed, (lessons.get(feed) ?? new Set()).add(lesson));
  return lessons;
};

/**
 * The lessons that a release of these rows would teach their feeds and that they have not learned yet; writes
 * nothing.
 */
export const planLessons = async (
  { feedStore }: { feedStore: Pick<FeedStore, 'read'> },
  rows: readonly EntryRow[],
): Promise<{ feed: string; lesson: Lesson }[]> => {
  const planned = await Promise.all(
    [...lessonsIn(rows)].map(async ([feed, lessons]) => {
      const memory = (await feedStore.read(feed))?.memory ?? null;
      return lessonsLeft(memory, [...lessons]).map((lesson) => ({ feed, lesson }));
    }),
  );
  return planned.flat();
};

/** Batches with only the lessons that their feeds have not learned yet; writes nothing. */
export const withLessons = (
  { read }: Pick<FeedStore, 'read'>,
  batches: readonly OpenBatch[],
): Promise<OpenBatch[]> =>
  Promise.all(
    batches.map(async (batch) => {
      const memory = batch.lessons.length === 0 ? null : ((await read(batch.feed))?.memory ?? null);
      return { ...batch, lessons: lessonsLeft(memory, batch.lessons) };
    }),
  );

const teach = async ({ feedStore }: Deps, rows: EntryRow[]): Promise<void> => {
  for (const [feed, lessons] of lessonsIn(rows))
    await changeFeedRow(feedStore, feed, (row) => {
      const memory = row.memory && [...lessons].reduce(learnFrom, row.memory);
      return memory === null || memory === row.memory ? null : { ...row, memory };
    });
};

const moveOne = (deps: Deps, row: EntryRow, request: MoveRequest): Promise<Moved> =>
  change(deps, row, () => transitionOf(deps, row, request));

/**
 * Undoes the last decision about each row that has not been claimed since; the others are refused, with their drafts.
 * A lesson that a release taught stays learned.
 */
export const undoMoves = (deps: Deps, rows: EntryRow[], { by }: { by: string }): Promise<Moved[]> =>
  mapWithConcurrency(rows, movesAtOnce, (row) =>
    change(deps, row, async () => undoLast({ at: deps.clock(), by })),
  );

const change = async (deps: Deps, row: EntryRow, decide: () => Promise<Transition>): Promise<Moved> => {
  let decidedFrom = row;
  try {
    const transition = await decide();
    const remember: Transition = (current) => {
      decidedFrom = current;
      return transition(current);
    };
    const next = await changeRow(deps, row.key, remember, row);
    if (!next) throw permanent('entry.unknown', `${row.key} is no longer in the ledger`);
    await expireStoredEntry(deps, next);
    return { from: decidedFrom.state, row: next, refusal: null };
  } catch (error) {
    return refused(decidedFrom, error);
  }
};

const refused = (row: EntryRow, error: unknown): Moved => {
  if (!(error instanceof AppError && error.kind === 'permanent')) throw error;
  return { from: row.state, row, refusal: { code: error.code, message: error.message } };
};

type Reads = { config: Deps['config']; ledger: Pick<Ledger, 'storedEntry'>; clock: Clock };

const transitionOf = async (
  deps: Reads,
  row: EntryRow,
  { move, by, postId = null, evenIfOld = false, evenIfLookedUp = false, undoMs = 0 }: MoveRequest,
): Promise<Transition> => {
  const at = deps.clock();
  const moved = makeMove(move, { at, by, postId, notBefore: at + undoMs });
  if (move === 'confirm') return moved;
  const renew = makesDraft(move) ? await ready(deps, row) : unchanged;
  return withUndo(move, (current) => {
    const next = renew(current);
    if (move === 'retry' && !evenIfLookedUp) refuseLookedUp(next);
    if (move === 'approve' && !evenIfOld) refuseTooOld(next, deps.config, at);
    return moved(next);
  });
};

/** Renews nothing. */
const unchanged: Rerender = (row) => row;

/** Adds a post rendered with the current settings: an entry that could not be rendered before may be now. */
const ready = async (deps: Reads, row: EntryRow): Promise<Rerender> => {
  if (!rowOwners(deps.config).some(({ id }) => id === row.feed))
    throw permanent(
      'move.no-feed',
      `${row.key} belongs to ${row.feed}, which is not in feeds.yml. Add the feed again, or dismiss the entry.`,
    );
  const rendered = await renderAgain(deps, row);
  if (rendered.kind === 'failed')
    throw permanent('move.no-post', `${row.key} has no post yet: ${rendered.detail}`);
  if (rendered.kind === 'again') return rendered.rerender;
  if (row.post === null)
    throw permanent('move.no-post', `${row.key} has no post, and its entry is no longer stored. Dismiss it.`);
  return (current) => current;
};

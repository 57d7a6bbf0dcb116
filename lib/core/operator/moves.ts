import { draftIds, isPossibleDuplicate } from '../entries/identity/possible-duplicate.ts';
import { permanent } from '../errors.ts';
import type { Transition } from '../ledger/entry-state.ts';
import { step } from '../ledger/entry-state.ts';
import { isNote } from '../ledger/history.ts';
import { isLookedUp } from '../ledger/needs-decision.ts';
import type { EntryRow, State } from '../ledger/row.ts';
import { orList } from '../text/sentence.ts';

/** The decisions that can be made about an entry. */
export type Move = 'approve' | 'release' | 'retry' | 'dismiss' | 'confirm';

/** The states from which each move is allowed. */
export const allowedFrom: Readonly<Record<Move, readonly State[]>> = {
  approve: ['review'],
  release: ['held', 'filtered', 'baselined', 'dismissed'],
  retry: ['rejected', 'uncertain'],
  dismiss: ['enriching', 'review', 'queued', 'held', 'uncertain', 'rejected'],
  confirm: ['uncertain'],
};

const leadsTo: Readonly<Record<Move, State>> = {
  approve: 'queued',
  release: 'queued',
  retry: 'queued',
  dismiss: 'dismissed',
  confirm: 'drafted',
};

/** Whether a move queues the entry, so that it is sent. */
export const makesDraft = (move: Move): boolean => leadsTo[move] === 'queued';

/** The moves allowed for an entry in this state. */
export const movesFrom = (state: State): Move[] =>
  (Object.keys(allowedFrom) as Move[]).filter((move) => allowedFrom[move].includes(state));

/** The moves allowed for this entry; `confirm` also ends a possible duplicate. */
export const movesOf = (row: EntryRow): Move[] => {
  const moves = movesFrom(row.state);
  return isPossibleDuplicate(row) && !moves.includes('confirm') ? [...moves, 'confirm'] : moves;
};

/**
 * Sending an entry again while its draft is looked up may make a second one, although the look-up would have found the
 * first. Throws permanent `move.looked-up`.
 */
export const refuseLookedUp = (row: EntryRow): void => {
  if (!isLookedUp(row)) return;
  throw permanent(
    'move.looked-up',
    `${row.key} was not queued again: its draft is still being looked up in Dash Social, and sending it now may make a second one. Wait for the result, or send it with --even-if-looked-up ("Try again anyway").`,
  );
};

/** That a decision about many entries leaves out those whose drafts are still looked up. */
export const lookedUpText = (count: number): string =>
  count === 1
    ? '1 entry is still being looked up and was left out. You can decide about it by itself.'
    : `${count} entries are still being looked up and were left out. You can decide about each by itself.`;

const isIn = (state: State): string => {
  if (state === 'uncertain') return 'has an unknown outcome';
  return state === 'review' ? 'waits for review' : `is ${state}`;
};

const refuse = (row: EntryRow, move: Move) => {
  const open = movesOf(row);
  const remedy = open.length > 0 ? ` You can ${orList(open)} it.` : '';
  return permanent('move.not-allowed', `${row.key} ${isIn(row.state)}, so you cannot ${move} it.${remedy}`);
};

/** Confirming establishes how many drafts there are; retrying an unknown outcome revokes that. */
const checkedBy = (move: Move, { state, checkedAt }: EntryRow, at: number): number | null => {
  if (move === 'confirm') return at;
  return move === 'retry' && state === 'uncertain' ? null : checkedAt;
};

/** Dash Social was checked by hand; the state stays. `postId`: the draft that was kept, if it is another one. */
const checked = (row: EntryRow, { at, by, postId }: { at: number; by: string; postId: number | null }) => {
  const kept = postId ?? row.postId;
  const others = draftIds(row).filter((id) => id !== kept);
  return step(
    row,
    { at, state: row.state, code: 'move.confirm', detail: `by ${by}` },
    { checkedAt: at, postId: kept, alsoPosted: others },
  );
};

/** Whether a draft may exist already; also of a row that was dismissed after its outcome was unknown. */
const hasUnknownOutcome = ({ state, history }: EntryRow): boolean =>
  state === 'uncertain' ||
  (state === 'dismissed' &&
    history.findLast((moment) => moment.state !== 'dismissed' && !isNote(moment))?.state === 'uncertain');

type MoveFacts = { at: number; by: string; postId?: number | null; notBefore?: number };

/** A time before which an entry is not to be sent outlasts its approval or release. */
const dueAfter = (move: Move, row: EntryRow, notBefore: number): number =>
  move === 'retry' ? notBefore : Math.max(notBefore, row.dueAt);

/**
 * Applies a move. `notBefore`: when a queued row may be sent, at the earliest. Retrying an unknown outcome may create a duplicate, which the row records; confirming ends that.
 * Throws permanent `move.not-allowed`, naming the row's state and the allowed ones, and `move.no-post` if there is
 * nothing to send yet.
 */
export const makeMove =
  (move: Move, { at, by, postId = null, notBefore = at }: MoveFacts): Transition =>
  (row) => {
    if (!movesOf(row).includes(move)) throw refuse(row, move);
    if (move === 'confirm' && row.state !== 'uncertain') return checked(row, { at, by, postId });
    const state = leadsTo[move];
    if (state === 'queued' && !row.post)
      throw permanent(
        'move.no-post',
        `${row.key} has no post: fix the caption or post fields of its feed in feeds.yml, then ${move} it again`,
      );
    const isSentTwice = state === 'queued' && hasUnknownOutcome(row);
    const dueAt = state === 'queued' ? dueAfter(move, row, notBefore) : row.dueAt;
    return step(
      row,
      { at, state, code: `move.${move}`, detail: `by ${by}` },
      {
        mayBeTwice: row.mayBeTwice + (isSentTwice ? 1 : 0),
        checkedAt: checkedBy(move, row, at),
        dueAt,
        wakeAt: state === 'queued' ? dueAt : null,
        claimId: state === 'queued' ? null : row.claimId,
        leaseUntil: null,
        postId: move === 'confirm' ? postId : row.postId,
      },
    );
  };

import { permanent } from './errors.ts';
import type { Transition } from './life.ts';
import { step } from './life.ts';
import type { EntryRow, State } from './row.ts';

/** What a person may do with an entry. */
export type Move = 'release' | 'retry' | 'dismiss' | 'confirm';

/** From which states each move leads, and where to. */
export const allowedFrom: Readonly<Record<Move, readonly State[]>> = {
  release: ['held', 'filtered', 'baselined'],
  retry: ['rejected', 'uncertain'],
  dismiss: ['queued', 'held', 'uncertain', 'rejected'],
  confirm: ['uncertain'],
};

const leadsTo: Readonly<Record<Move, State>> = {
  release: 'queued',
  retry: 'queued',
  dismiss: 'dismissed',
  confirm: 'drafted',
};

/** The moves that a person may make with an entry in this state. */
export const movesFrom = (state: State): Move[] =>
  (Object.keys(allowedFrom) as Move[]).filter((move) => allowedFrom[move].includes(state));

const refuse = (row: EntryRow, move: Move) => {
  const open = movesFrom(row.state);
  const remedy = open.length > 0 ? `allowed now: ${open.join(', ')}` : 'no move is allowed from there';
  return permanent(
    'move.not-allowed',
    `${row.key} is ${row.state}; ${move} works only from ${allowedFrom[move].join(', ')} (${remedy})`,
  );
};

/**
 * A person's move. Retrying what is uncertain may double it, and the row says so. Throws permanent
 * `move.not-allowed`, naming the state the row is in and what is allowed there, and `move.no-post` when there is
 * nothing to send yet.
 */
export const makeMove =
  (move: Move, { at, by, postId = null }: { at: number; by: string; postId?: number | null }): Transition =>
  (row) => {
    if (!allowedFrom[move].includes(row.state)) throw refuse(row, move);
    const state = leadsTo[move];
    if (state === 'queued' && !row.post)
      throw permanent(
        'move.no-post',
        `${row.key} has no post: mend its feed's caption or post fields, then ${move} it again`,
      );
    const mayBeTwice = row.mayBeTwice + (move === 'retry' && row.state === 'uncertain' ? 1 : 0);
    const wakeAt = state === 'queued' ? at : null;
    return step(
      row,
      { at, state, code: `move.${move}`, detail: `by ${by}` },
      {
        mayBeTwice,
        dueAt: state === 'queued' ? at : row.dueAt,
        wakeAt,
        claimId: state === 'queued' ? null : row.claimId,
        leaseUntil: null,
        postId: move === 'confirm' ? postId : row.postId,
      },
    );
  };

import type { State } from '../../../lib/core/ledger/row.ts';
import type { Move } from '../../../lib/core/operator/moves.ts';
import { moveEntries } from '../../../lib/jobs/operator/move-entries.ts';
import type { alertWorld } from '../../support/alert-world.ts';
import { story } from '../../support/entries.ts';

export type W = ReturnType<typeof alertWorld>;

/** A feed with one new entry. */
export const withNews = async (w: W) => {
  w.publish([story(1)]);
  await w.minutes(1);
  w.publish([story(2), story(1)]);
};

/** Applies a move to every row in a state. */
export const decide = (w: W, move: Move, state: State) =>
  moveEntries(
    w.services,
    w.rows().filter((row) => row.state === state),
    { move, by: 'ada', postId: 1 },
  );

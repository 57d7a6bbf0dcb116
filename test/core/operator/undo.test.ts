import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  claim,
  deferWakeUp,
  hold,
  postpone,
  settleCreated,
  type Transition,
} from '../../../lib/core/ledger/entry-state.ts';
import { type EntryRow, states } from '../../../lib/core/ledger/row.ts';
import { edit, snooze } from '../../../lib/core/operator/edit.ts';
import { allowedFrom, type Move, makeMove } from '../../../lib/core/operator/moves.ts';
import { undoLast, withUndo } from '../../../lib/core/operator/undo.ts';
import { anEntryRow } from '../../support/store-rows.ts';

const at = 5_000;
const by = 'ada';
const undone = undoLast({ at: 9_000, by: 'grace' });
const decided = (row: EntryRow, of: Exclude<Move, 'confirm'>, notBefore = at): EntryRow =>
  withUndo(of, makeMove(of, { at, by, notBefore }))(row) as EntryRow;

/** What an undo restores: all but the history, the version and the note of what can be undone. */
const shown = ({ rev: _, history: __, undo: ___, ...row }: EntryRow) => row;

const rows = fc.record({
  state: fc.constantFrom(...states),
  dueAt: fc.nat({ max: 20_000 }),
  wakeAt: fc.option(fc.nat({ max: 20_000 })),
  claimId: fc.option(fc.constantFrom('a', 'b')),
  leaseUntil: fc.option(fc.nat()),
  mayBeTwice: fc.nat({ max: 3 }),
  checkedAt: fc.option(fc.nat()),
  postId: fc.option(fc.nat()),
  expiresAt: fc.option(fc.nat()),
  edited: fc.option(fc.record({ fields: fc.record({ text: fc.string() }), at: fc.nat(), by: fc.string() })),
});

describe('an undo', () => {
  it('restores exactly what a move of any row changed', () => {
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom('approve', 'release', 'retry', 'dismiss'),
        fc.nat({ max: 10_000 }),
        (given, move, graceMs) => {
          const row = anEntryRow(given);
          fc.pre(allowedFrom[move].includes(row.state));

          const back = undone(decided(row, move, at + graceMs));

          expect(back && shown(back)).toEqual(shown(row));
          expect(back?.history.slice(-2)).toMatchObject([
            { code: `move.${move}`, detail: 'by ada' },
            { code: `undo.${move}`, detail: 'by grace', state: row.state },
          ]);
        },
      ),
    );
  });

  it('restores the post and the edits before an edit, and the time before a snooze', () => {
    const row = anEntryRow({ state: 'queued', wakeAt: 1, dueAt: 1 });
    const post = { ...(row.post as NonNullable<EntryRow['post']>), text: 'Edited' };
    const made = { post, rendering: row.rendering, fields: { text: 'Edited' }, changed: { text: 'Edited' } };
    const edited = withUndo('edit', (one) => edit(one, made, { at, by, notBefore: at + 10 }))(row);
    const snoozed = withUndo('snooze', (one) => snooze(one, 99_000, { at, by }))(row);

    expect(edited).toMatchObject({ dueAt: at + 10, wakeAt: at + 10, post: { text: 'Edited' } });
    expect(snoozed).toMatchObject({ dueAt: 99_000, wakeAt: 99_000 });
    for (const next of [edited, snoozed]) {
      const back = undone(next as EntryRow);
      expect(back && shown(back)).toEqual(shown(row));
    }
  });

  const queued = () => decided(anEntryRow({ state: 'held', wakeAt: null }), 'release');

  it.each<[string, Transition]>([
    ['a wake-up', deferWakeUp(at + 1)],
    ['a limit of its feed', postpone(at, { dueAt: 60_000, code: 'limit.per-day', detail: '1' })],
  ])('is still possible after %s', (_, meanwhile) => {
    expect(undone(meanwhile(queued()) as EntryRow)).toMatchObject({ state: 'held' });
  });

  it.each<[string, Transition[], RegExp]>([
    ['it was claimed', [claim('c', at)], /is being sent/],
    ['it was sent', [claim('c', at), settleCreated('c', 1004, at)], /was sent already: draft 1004 is in/],
    ['it was sent, and the ID is unknown', [claim('c', at), settleCreated('c', null, at)], /its draft is in/],
    ['it was held', [hold(at, 'caption.empty')], /has no decision to undo/],
    ['it was undone', [undone], /has no decision to undo/],
  ])('is refused after %s', (_, meanwhile, message) => {
    const row = meanwhile.reduce((one, next) => next(one) as EntryRow, queued());

    expect(() => undone(row)).toThrow(message);
  });
});

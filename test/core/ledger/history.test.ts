import { describe, expect, it } from 'vitest';
import { maxMoments } from '../../../lib/core/dash/timing.ts';
import { heldInBatch } from '../../../lib/core/entries/batch.ts';
import { withMoment } from '../../../lib/core/ledger/history.ts';
import type { Moment, State } from '../../../lib/core/ledger/row.ts';
import { stateSince } from '../../../lib/core/ledger/state-since.ts';

const moment = (at: number, state: State, code: string): Moment => ({ at, state, code });
const held = moment(1, 'held', 'entry.mass-reissue');

describe('a full history', () => {
  it('drops notes before reasons, so that many edits do not hide why an entry is held', () => {
    let history: Moment[] = [held];
    for (let at = 2; at < 60; at++) history = withMoment(history, moment(at, 'held', 'edit.changed'));

    expect(history).toHaveLength(maxMoments);
    expect(history[0]).toBe(held);
    expect(history.at(-1)?.at).toBe(59);
    expect(heldInBatch({ state: 'held', history, batch: 'newsroom.1' })).toBe('newsroom.1');
  });

  it('drops the oldest reason if there are no notes', () => {
    let history: Moment[] = [];
    for (let at = 1; at <= maxMoments + 1; at++) history = withMoment(history, moment(at, 'queued', 'a.b'));

    expect([history.length, history[0]?.at]).toEqual([maxMoments, 2]);
  });
});

describe('the time since an entry is in its state', () => {
  const since = (...history: Moment[]) =>
    stateSince({ history, state: history.at(-1)?.state ?? 'held', seenAt: 0 });

  it.each<[string, number, Moment[]]>([
    ['does not move with an edit', 1, [held, moment(2, 'held', 'edit.changed')]],
    [
      'does not move with an undone decision',
      1,
      [held, moment(2, 'queued', 'move.release'), moment(3, 'held', 'undo.release')],
    ],
    [
      'does not move with two undone decisions',
      1,
      [
        ...[held, moment(2, 'queued', 'move.release'), moment(3, 'held', 'undo.release')],
        ...[moment(4, 'dismissed', 'move.dismiss'), moment(5, 'held', 'undo.dismiss')],
      ],
    ],
    [
      'begins again with a decision',
      4,
      [held, moment(2, 'queued', 'move.release'), moment(4, 'held', 'a.b')],
    ],
    ['is when it was seen if there is no history', 0, []],
  ])('%s', (_, expected, history) => {
    expect(since(...history)).toBe(expected);
  });
});

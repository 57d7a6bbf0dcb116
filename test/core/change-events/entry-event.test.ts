import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { ChangeEvent, sentFrom } from '../../../lib/core/change-events/change-event.ts';
import {
  entryEvent,
  parseChangedEntry,
  presentEntry,
  statesPassed,
} from '../../../lib/core/change-events/entry-event.ts';
import {
  claim,
  deferWakeUp,
  hold,
  postpone,
  releaseClaim,
  settleCreated,
  settleUncertain,
  step,
  type Transition,
} from '../../../lib/core/ledger/entry-state.ts';
import { withMoment } from '../../../lib/core/ledger/history.ts';
import { type EntryRow, type State, states } from '../../../lib/core/ledger/row.ts';
import { makeMove } from '../../../lib/core/operator/moves.ts';
import { undoLast, withUndo } from '../../../lib/core/operator/undo.ts';
import { rowOf } from '../../support/entries.ts';

const at = Date.UTC(2026, 10, 30, 12);
const changedBy = (row: EntryRow, ...transitions: Transition[]): EntryRow =>
  transitions.reduce((now, transition) => transition(now) ?? now, row);

describe('the event of an entry', () => {
  it('names the entry, its state, the state before and the reason', () => {
    const drafting = changedBy(rowOf({ dueAt: at }, { at }), claim('c', at));
    const drafted = changedBy(drafting, settleCreated('c', 1004, at + 5_000));

    expect(entryEvent(drafting, drafted)).toEqual({
      type: 'entry.drafted',
      schema_version: 1,
      id: `entry/guid-a/${at}#3`,
      time: '2026-11-30T12:00:05.000Z',
      subject: `entry/guid-a/${at}`,
      rev: 3,
      reason: 'draft.created',
      replay: false,
      state: 'drafted',
      previous_state: 'drafting',
      states: ['drafted'],
      entry: 'guid-a',
      feed: 'newsroom',
      brand: 144,
      title: 'Story 1',
      link: 'https://www.example.com/1',
      draft_id: 1004,
    });
  });

  it('of a new entry has no state before', () => {
    expect(entryEvent(null, rowOf())).toMatchObject({
      type: 'entry.queued',
      rev: 1,
      previous_state: null,
      states: ['queued'],
      reason: 'entry.new',
    });
  });

  it('holds all states that were passed in one write', () => {
    const before = rowOf({ dueAt: at }, { at });
    const later = { ...changedBy(before, claim('c', at), settleCreated('c', 7, at)), rev: before.rev + 1 };

    expect(entryEvent(before, later)).toMatchObject({ states: ['drafting', 'drafted'], state: 'drafted' });
  });

  it('reports states that were passed on the way back to the same state', () => {
    const before = rowOf({ dueAt: at }, { at });
    const back = changedBy(
      before,
      claim('c', at),
      releaseClaim({ claimId: 'c', at, dueAt: at, code: 'dash.throttled' }),
    );

    expect(entryEvent(before, back)).toMatchObject({
      type: 'entry.queued',
      states: ['drafting', 'queued'],
      reason: 'dash.throttled',
    });
  });

  it.each<[string, Transition]>([
    ['a wake-up is deferred', deferWakeUp(at + 1_000_000)],
    ['a limit of the feed postpones it', postpone(at, { dueAt: at + 1, code: 'feed.limit', detail: 'a' })],
    [
      'the same limit postpones it again',
      (row) => postpone(at + 9, { dueAt: at + 10, code: 'feed.limit', detail: 'b' })(row),
    ],
    ['a note is made', (row) => step(row, { at, state: row.state, code: 'edit.changed' })],
  ])('is none when %s', (_, transition) => {
    const before = changedBy(
      rowOf({ dueAt: at, wakeAt: at }, { at }),
      postpone(at, { dueAt: at, code: 'feed.limit', detail: 'first' }),
    );
    const next = transition(before);

    expect(next?.rev).toBe(before.rev + 1);
    expect(entryEvent(before, next as EntryRow)).toBeNull();
  });

  it('gives the reason for the state, not a note about it', () => {
    const held = changedBy(rowOf(), hold(at, 'feed.removed'));
    const noted = { ...held, history: withMoment(held.history, { at, state: 'held', code: 'edit.changed' }) };

    expect(entryEvent(rowOf(), noted)).toMatchObject({ reason: 'feed.removed' });
  });

  it('reports an undone decision as a change of its own', () => {
    const held = rowOf({ state: 'held' }, { verdict: { state: 'held', code: 'entry.too-large' } });
    const dismissed = changedBy(held, withUndo('dismiss', makeMove('dismiss', { at, by: 'ada' })));
    const back = changedBy(dismissed, undoLast({ at: at + 1, by: 'ada' }));

    expect(entryEvent(held, dismissed)).toMatchObject({ states: ['dismissed'] });
    expect(entryEvent(dismissed, back)).toMatchObject({ states: ['held'], previous_state: 'dismissed' });
  });

  it('has no field with content, a post or a secret', () => {
    const row = changedBy(
      rowOf({ dueAt: at }, { at }),
      claim('c', at),
      settleUncertain('c', at, 'a.b', 'SENSITIVE'),
    );

    expect(JSON.stringify(entryEvent(rowOf(), row))).not.toMatch(/SENSITIVE|text|storedAs|claimId/);
  });

  it('is read from the few fields that it needs', () => {
    const { key, rev, state, feed, brand, title, link, seenAt, postId, history } = rowOf();
    const stored = { key, rev, state, feed, brand, title, link, seenAt, postId, history, post: '{' };

    expect(entryEvent(null, parseChangedEntry(key, stored))).toEqual(entryEvent(null, rowOf()));
    expect(() => parseChangedEntry('k', { ...stored, rev: 'x' })).toThrow(/Ledger row k cannot be read: rev/);
  });
});

describe('the present state of an entry', () => {
  it('is an event with the ID of the version that it shows', () => {
    const row = changedBy(rowOf({ dueAt: at }, { at }), claim('c', at), settleCreated('c', 7, at));

    expect(presentEntry(row)).toEqual({
      ...entryEvent(null, row),
      replay: true,
      previous_state: null,
      states: ['drafted'],
    });
  });
});

/** Rows after any number of changes, each of which may pass several states or none. */
const moment = fc.record({
  at: fc.nat(3).map((n) => at + n),
  state: fc.constantFrom(...states),
  code: fc.constantFrom('a.b', 'edit.changed', 'post.rendered-again'),
});
type Written = { at: number; state: State; code: string }[];

const write = (row: EntryRow, moments: Written): EntryRow => ({
  ...row,
  state: moments.at(-1)?.state ?? row.state,
  history: moments.reduce(withMoment, row.history),
  rev: row.rev + 1,
});

/** What the states say, without repetitions. */
const distinct = (names: State[]): State[] => names.filter((state, n) => state !== names[n - 1]);

describe('events of any changes', () => {
  it('are null exactly when no other state was passed, and otherwise hold each in order', () => {
    fc.assert(
      fc.property(fc.array(fc.array(moment, { maxLength: 4 }), { maxLength: 30 }), (writes) => {
        let row = rowOf();
        for (const moments of writes) {
          const next = write(row, moments);
          const expected = distinct([row.state, ...moments.map(({ state }) => state)]).slice(1);

          const event = entryEvent(row, next);

          expect(statesPassed(row, next)).toEqual(expected);
          expect(event === null).toBe(expected.length === 0);
          if (event) {
            expect(event.states).toEqual(expected);
            expect(v.is(ChangeEvent, sentFrom(event, 'prod'))).toBe(true);
          }
          row = next;
        }
      }),
    );
  });

  it('have IDs that differ, and a rev that rises', () => {
    fc.assert(
      fc.property(fc.array(fc.array(moment, { maxLength: 3 }), { maxLength: 20 }), (writes) => {
        const rows = [rowOf()];
        for (const moments of writes) rows.push(write(rows.at(-1) as EntryRow, moments));
        const events = rows.flatMap((row, n) => entryEvent(rows[n - 1] ?? null, row) ?? []);

        expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
        expect(events.map(({ rev }) => rev)).toEqual(events.map(({ rev }) => rev).toSorted((a, b) => a - b));
      }),
    );
  });
});

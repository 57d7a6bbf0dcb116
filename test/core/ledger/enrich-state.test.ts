import { describe, expect, it } from 'vitest';
import {
  answered,
  ask,
  askFirst,
  failed,
  goOnWithoutHook,
  holdUnasked,
  maxTries,
  skipped,
} from '../../../lib/core/ledger/enrich-state.ts';
import type { Transition } from '../../../lib/core/ledger/entry-state.ts';
import { type EntryRow, type State, states } from '../../../lib/core/ledger/row.ts';
import { makeMove } from '../../../lib/core/operator/moves.ts';
import { postOf, rowOf } from '../../support/entries.ts';

const at = 1_000_000;
const enriching = (changes: Partial<EntryRow> = {}) =>
  rowOf({ state: 'enriching', asking: { tries: 1, next: 'queued' }, dueAt: at, ...changes });
const lastFailure = { at, detail: 'the hook timed out', waitMs: 5 } as const;

describe('each transition of a hook applies only in its own states', () => {
  const table: [string, Transition, State[]][] = [
    ['ask first', askFirst(at), ['queued']],
    ['ask', ask(at, 20_000), ['enriching']],
    ['answered', answered(1, { text: 'x' }, at), ['enriching']],
    ['skipped', skipped(1, 'no video', at), ['enriching']],
    ['failed', failed(1, { ...lastFailure, onFailure: 'hold' }), ['enriching']],
    ['hold unasked', holdUnasked(at, 'caption.empty', 'nothing'), ['enriching']],
    ['go on without a hook', goOnWithoutHook(at), ['enriching']],
  ];
  it.each(table)('%s', (_, transition, allowed) => {
    expect(states.filter((state) => transition(enriching({ state })) !== null)).toEqual(allowed);
  });
});

describe('asking', () => {
  it('counts a try before the hook is asked, and no other worker asks until it is lost', () => {
    const asked = ask(at, 20_000)(enriching({ asking: { tries: 0, next: 'queued' } }));

    expect(asked).toMatchObject({ asking: { tries: 1 }, dueAt: at + 50_000, wakeAt: at + 50_000 });
    expect(asked && ask(at + 49_999, 20_000)(asked)).toBeNull();
    expect(asked && ask(at + 50_000, 20_000)(asked)?.asking?.tries).toBe(2);
  });

  it('ends after the last try', () => {
    expect(ask(at, 20_000)(enriching({ asking: { tries: maxTries, next: 'queued' } }))).toBeNull();
  });

  it('does not ask again about a row that has an answer', () => {
    expect(askFirst(at)(rowOf({ enriched: { outcome: 'answered', fields: {}, at } }))).toBeNull();
  });
});

describe('an answer', () => {
  it.each(['queued', 'review'] as const)('is kept, and the row goes on to %s', (next) => {
    const row = answered(1, { text: 'Better', title: null }, at)(enriching({ asking: { tries: 1, next } }));

    expect(row).toMatchObject({ state: next, post: { text: 'Better' }, asking: null, undo: null });
    expect(row?.enriched).toEqual({ outcome: 'answered', fields: { text: 'Better', title: null }, at });
    expect(row?.wakeAt !== null).toBe(next === 'queued');
  });

  it("does not change an editor's edits", () => {
    const edited = { fields: { text: 'Mine' }, at, by: 'ada' };

    const row = answered(1, { text: 'Better', title: 'T' }, at)(enriching({ edited, post: postOf('Mine') }));

    expect(row?.post).toMatchObject({ text: 'Mine', title: 'T' });
  });

  it('comes too late for a row that was asked again or dismissed', () => {
    const dismissed = makeMove('dismiss', { at, by: 'ada' })(enriching());

    expect(answered(1, {}, at)(enriching({ asking: { tries: 2, next: 'queued' } }))).toBeNull();
    expect(dismissed && answered(1, {}, at)(dismissed)).toBeNull();
  });
});

describe('a failed try', () => {
  it('asks again later', () => {
    const row = failed(1, { ...lastFailure, onFailure: 'hold' })(enriching());

    expect(row).toMatchObject({ state: 'enriching', dueAt: at + 5, wakeAt: at + 5, enriched: null });
  });

  const last = enriching({ asking: { tries: maxTries, next: 'review' } });

  it('holds the row after the last one, unsettled, so that its release asks again', () => {
    const row = failed(maxTries, { ...lastFailure, onFailure: 'hold' })(last);

    expect(row).toMatchObject({ state: 'held', enriched: null, asking: null, wakeAt: null });
    expect(row?.history.at(-1)).toMatchObject({ code: 'enrich.failed', detail: 'the hook timed out' });
  });

  it('sends the post as it is after the last one with on_failure: send', () => {
    const row = failed(maxTries, { ...lastFailure, onFailure: 'send' })(last);

    expect(row).toMatchObject({ state: 'review', enriched: { outcome: 'failed', fields: {} } });
    expect(row?.post).toEqual(last.post);
  });
});

it('a refusal filters the row with its reason, and a release sends it without asking again', () => {
  const row = skipped(1, 'no video yet', at)(enriching());
  const released = row && makeMove('release', { at, by: 'ada' })(row);

  expect(row).toMatchObject({ state: 'filtered', enriched: { outcome: 'skipped' } });
  expect(row?.history.at(-1)).toMatchObject({ code: 'enrich.skipped', detail: 'no video yet' });
  expect(released && askFirst(at)(released)).toBeNull();
});

import { describe, expect, it } from 'vitest';
import {
  keepMs,
  leaseMs,
  maxMoments,
  serverDelayMs,
  uncertainPauseMs,
  wakeGraceMs,
} from '../../../lib/core/dash/timing.ts';
import { renewExpiry } from '../../../lib/core/entries/seen-again.ts';
import {
  claim,
  deferWakeUp,
  expireLease,
  hold,
  newRow,
  releaseClaim,
  settleCreated,
  settleRejected,
  settleUncertain,
  type Transition,
  takeOver,
  type Verdict,
} from '../../../lib/core/ledger/entry-state.ts';
import { type EntryRow, finalStates, type State, states } from '../../../lib/core/ledger/row.ts';
import { type Move, makeMove } from '../../../lib/core/operator/moves.ts';
import { postOf, rowOf, story } from '../../support/entries.ts';

const at = 1_000_000;
const drafting = (changes: Partial<EntryRow> = {}) =>
  rowOf({
    state: 'drafting',
    claimId: 'mine',
    leaseUntil: at + leaseMs,
    wakeAt: at + leaseMs + 1,
    attempts: 1,
    ...changes,
  });
const inState = (state: State) => drafting({ state });

const back = releaseClaim({ claimId: 'mine', at, dueAt: at + 5, code: 'dash.throttled' });
const wanted = {
  feed: 'products',
  side: 'feed',
  news: true,
  forReview: false,
  firstPublished: false,
  post: postOf('x'),
  storedAs: 'kept-b',
  contentHash: 'b',
  rendering: { by: 'products/feed', from: 'b' },
  leading: [],
  whenUncertain: 'park',
  at,
} as const;

describe('each transition applies only in its own states', () => {
  const table: [string, Transition, State[]][] = [
    ['claim', claim('new', at), ['queued']],
    ['release claim', back, ['drafting', 'uncertain']],
    ['drafted', settleCreated('mine', 7, at), ['drafting', 'uncertain', 'queued']],
    ['rejected', settleRejected('mine', {}, 'no', at), ['drafting', 'uncertain', 'queued']],
    ['uncertain', settleUncertain('mine', at, 'dash.timeout', 'no answer'), ['drafting']],
    ['expire lease', expireLease(at + leaseMs + 1), ['drafting']],
    ['hold', hold(at, 'feed.removed'), ['queued']],
    ['take over', takeOver(wanted), ['baselined', 'filtered']],
  ];
  it.each(
    table.flatMap(([name, transition, from]) =>
      states.map((state) => [name, state, from.includes(state), transition] as const),
    ),
  )('%s from %s: %s', (name, state, applies, transition) => {
    const next = transition(inState(state));

    const moved = next !== null && next.state !== state;
    const truthKept = name === 'drafted' && next?.alsoPosted.includes(7);
    expect(moved || (applies && next !== null)).toBe(applies);
    if (name === 'drafted' && !applies) expect(truthKept).toBe(true);
  });

  it.each([
    ['approve', ['review'], 'queued'],
    ['release', ['held', 'filtered', 'baselined', 'dismissed'], 'queued'],
    ['retry', ['rejected', 'uncertain'], 'queued'],
    ['dismiss', ['enriching', 'review', 'queued', 'held', 'uncertain', 'rejected'], 'dismissed'],
    ['confirm', ['uncertain'], 'drafted'],
  ] as [Move, State[], State][])('%s is allowed from %j', (move, from, to) => {
    for (const state of states) {
      const go = () => makeMove(move, { at, by: 'operator' })(inState(state));

      if (from.includes(state)) expect(go()?.state).toBe(to);
      else expect(go).toThrow(new RegExp(`so you cannot ${move} it`));
    }
  });
});

describe('every transition', () => {
  const every: Transition[] = [
    claim('c', at),
    back,
    settleCreated('mine', 7, at),
    settleRejected('mine', {}, 'no', at),
    settleUncertain('mine', at, 'c', 'd'),
    expireLease(at + leaseMs + 1),
    hold(at, 'c'),
    takeOver(wanted),
    deferWakeUp(at + leaseMs + 5),
  ];
  const all = every.flatMap((transition) => states.flatMap((state) => transition(inState(state)) ?? []));

  it('increments the version', () => {
    expect(new Set(all.map(({ rev }) => rev))).toEqual(new Set([2]));
  });

  it('sets an expiry only on final states', () => {
    for (const row of all)
      if (row.rev === 2 && row.history.length > 1)
        expect(row.expiresAt !== null, row.state).toBe(
          finalStates.has(row.state) && row.history.at(-1)?.code !== 'draft.twice',
        );
  });

  it('sets a wake-up time if the row changes over time', () => {
    for (const row of all.filter(({ state }) => state === 'queued' || state === 'drafting'))
      expect(row.wakeAt).not.toBeNull();
  });

  it('keeps the history bounded, with the latest moments', () => {
    let row = rowOf();
    for (let i = 0; i < 50; i++)
      row = releaseClaim({ claimId: 'c', at: i, dueAt: 0, code: `n${i}` })(
        claim('c', i)(row) as EntryRow,
      ) as EntryRow;

    expect(row.history).toHaveLength(maxMoments);
    expect(row.history.at(-1)).toMatchObject({ code: 'n49', state: 'queued' });
    expect(row.attempts).toBe(0);
  });
});

describe('a claim', () => {
  it('takes a due row under a lease that the sweep checks', () => {
    expect(claim('new', at)(rowOf({ dueAt: at }))).toMatchObject({
      state: 'drafting',
      claimId: 'new',
      leaseUntil: at + leaseMs,
      wakeAt: at + leaseMs + 1,
      attempts: 1,
    });
  });

  it('skips rows that are not due or have no post', () => {
    expect(claim('new', at)(rowOf({ dueAt: at + 1 }))).toBeNull();
    expect(claim('new', at)(rowOf({ post: null }))).toBeNull();
  });
});

describe('a late response', () => {
  it('is refused if another worker has the row, but a created draft is recorded in alsoPosted', () => {
    const theirs = drafting({ claimId: 'theirs' });

    expect(settleUncertain('mine', at, 'c', 'd')(theirs)).toBeNull();
    expect(settleRejected('mine', {}, 'no', at)(theirs)).toBeNull();
    expect(back(theirs)).toBeNull();
    expect(settleCreated('mine', 7, at)(theirs)).toMatchObject({ state: 'drafting', alsoPosted: [7] });
  });

  it('is not recorded twice', () => {
    expect(settleCreated('mine', 7, at)(drafting({ claimId: 'theirs', alsoPosted: [7] }))).toBeNull();
    expect(
      settleCreated('mine', 7, at)(drafting({ claimId: 'theirs', state: 'drafted', postId: 7 })),
    ).toBeNull();
  });

  it('that nothing was created releases the row even after the lease expired', () => {
    const expiredLeases = expireLease(at + leaseMs + 1)(drafting()) as EntryRow;

    expect(expiredLeases.state).toBe('uncertain');
    expect(back(expiredLeases)).toMatchObject({ state: 'queued', attempts: 0 });
  });
});

describe('an unknown outcome', () => {
  const lost = settleUncertain('mine', at, 'dash.timeout', 'no answer in 30 s');

  it('waits for a decision under park', () => {
    expect(lost(drafting({ whenUncertain: 'park' }))).toMatchObject({ state: 'uncertain', wakeAt: null });
  });

  it('is retried under retry, minutes apart and at most twice, with a note in the row', () => {
    const once = lost(drafting({ whenUncertain: 'retry' })) as EntryRow;
    expect(once).toMatchObject({
      state: 'queued',
      mayBeTwice: 1,
      dueAt: at + uncertainPauseMs,
      wakeAt: at + uncertainPauseMs,
    });
    expect(once.history.at(-1)?.detail).toContain('there may be two');

    expect(lost(drafting({ whenUncertain: 'retry', mayBeTwice: 2 }))).toMatchObject({
      state: 'uncertain',
      wakeAt: null,
      mayBeTwice: 2,
    });
  });

  it('is looked up only after the request can no longer be committed', () => {
    const row = lost(drafting({ whenUncertain: 'auto' }));

    expect(row).toMatchObject({ state: 'uncertain', wakeAt: at + leaseMs + serverDelayMs });
  });

  it('is marked as a possible duplicate when retried by hand', () => {
    expect(makeMove('retry', { at, by: 'operator' })(drafting({ state: 'uncertain' }))).toMatchObject({
      state: 'queued',
      mayBeTwice: 1,
      claimId: null,
    });
    expect(makeMove('retry', { at, by: 'operator' })(drafting({ state: 'rejected' }))).toMatchObject({
      state: 'queued',
      mayBeTwice: 0,
    });
  });
});

it('a running lease does not expire', () => {
  expect(expireLease(at + leaseMs)(drafting())).toBeNull();
});

it('only the wake-up time of a row that was woken is deferred', () => {
  expect(deferWakeUp(at)(rowOf({ wakeAt: at }))).toMatchObject({
    wakeAt: at + wakeGraceMs,
    history: rowOf().history,
  });
  expect(deferWakeUp(at)(rowOf({ wakeAt: at + 1 }))).toBeNull();
  expect(deferWakeUp(at)(rowOf({ wakeAt: null, state: 'held' }))).toBeNull();
  expect(deferWakeUp(at + leaseMs * 2)(drafting())).toBeNull();
});

describe('a row baselined or filtered by another feed', () => {
  it.each([
    ['filtered by another feed', rowOf({ state: 'filtered', feed: 'all' }), {}, true],
    ['filtered by this feed', rowOf({ state: 'filtered', feed: 'products' }), {}, false],
    ['baselined by another feed, new here', rowOf({ state: 'baselined', feed: 'all' }), {}, true],
    [
      'baselined by another feed, existing here',
      rowOf({ state: 'baselined', feed: 'all' }),
      { news: false },
      false,
    ],
    ['baselined by this feed', rowOf({ state: 'baselined', feed: 'products' }), {}, false],
    [
      'baselined by this feed, and first published by its webhook',
      rowOf({ state: 'baselined', feed: 'products' }),
      { side: 'hook', firstPublished: true },
      true,
    ],
    ['drafted by another feed', rowOf({ state: 'drafted', feed: 'all' }), {}, false],
    ['dismissed by hand', rowOf({ state: 'dismissed', feed: 'all' }), {}, false],
  ] as const)('%s → taken over: %s', (_, row, over, taken) => {
    const next = takeOver({ ...wanted, ...over })(row);

    expect(next?.state ?? null).toBe(taken ? 'queued' : null);
    if (taken) expect(next).toMatchObject({ feed: 'products', expiresAt: null, wakeAt: at + wakeGraceMs });
  });
});

describe('a new row', () => {
  const made = (
    post: ReturnType<typeof postOf> | null,
    storedAs: string | null,
    verdict: Verdict = { state: 'held', code: 'caption.empty' },
  ) =>
    newRow({
      key: 'k',
      feed: 'f',
      brand: 1,
      entry: story(1),
      storedAs,
      rendering: { by: 'newsroom/feed', from: 'a' },
      contentHash: '',
      seenIn: 'newsroom/feed',
      leading: [],
      batch: null,
      lesson: null,
      whenUncertain: 'park',
      post,
      verdict,
      at,
    });

  it.each([
    ['queued', 'held', 'entry.too-large'],
    ['held', 'held', 'x'],
    ['filtered', 'filtered', 'x'],
    ['baselined', 'baselined', 'x'],
  ] as const)('whose entry is too large to store changes from %s to %s: %s', (state, then, code) => {
    const row = made(postOf('x'), null, { state, code: 'x' });

    expect(row).toMatchObject({ state: then, wakeAt: null, history: [{ state: then, code }] });
    expect(made(postOf('x'), 'kept-a', { state, code: 'x' })).toMatchObject({ state, storedAs: 'kept-a' });
  });

  it('whose entry is too large to store is also held when taken over', () => {
    const taken = takeOver({ ...wanted, storedAs: null })(inState('filtered'));

    expect(taken).toMatchObject({ state: 'held', wakeAt: null, feed: 'products' });
    expect(taken?.history.at(-1)).toMatchObject({ code: 'entry.too-large' });
  });

  it('without a post reports why it cannot be released', () => {
    expect(() => makeMove('release', { at, by: 'operator' })(made(null, 'kept-a'))).toThrow(
      /has no post: fix the caption or post fields of its feed/,
    );
  });
});

it('renewing extends the expiry of final rows, but not for less than a month', () => {
  const second = 1000;
  const monthMs = 30 * 24 * 3600 * second;
  const row = rowOf({ state: 'drafted', expiresAt: keepMs / second });

  expect(renewExpiry(row, monthMs)).toBeNull();
  expect(renewExpiry(row, monthMs + second)).toMatchObject({
    expiresAt: (keepMs + monthMs) / second + 1,
    rev: 2,
  });
  expect(renewExpiry(rowOf(), monthMs * 9)).toBeNull();
});

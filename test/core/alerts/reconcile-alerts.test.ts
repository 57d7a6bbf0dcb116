import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draftWaitsMs, retryChannelsMs } from '../../../lib/core/alerts/alert.ts';
import type { AlertFacts, AlertRow } from '../../../lib/core/alerts/alert-row.ts';
import { isDue, type Looked, reconcileAlerts } from '../../../lib/core/alerts/reconcile-alerts.ts';
import type { State } from '../../../lib/core/ledger/row.ts';
import { aFact, aFlag } from '../../support/alert-rows.ts';

const now = 1_000_000;
const channels = ['log', 'slack'];
const looked = (given: Partial<Looked> = {}): Looked => ({
  now,
  observed: [],
  blind: new Set(),
  entryStates: new Map(),
  channelsFor: () => channels,
  ...given,
});

/** The change to one alert row: the new row, or its removal. */
const changeTo = (row: AlertRow, given: Partial<Looked>) => {
  const [change] = reconcileAlerts([row], looked(given));
  return change?.remove ? 'removed' : (change?.row ?? 'unchanged');
};

describe('a new condition', () => {
  it('raises an alert pending on every channel', () => {
    const changes = reconcileAlerts([], looked({ observed: [aFact()] }));

    expect(changes).toEqual([
      {
        remove: false,
        row: { ...aFlag({ rev: 1, pendingChannels: channels, notified: false }), changedAt: now },
      },
    ]);
  });

  it('is not notified before it has lasted long enough', () => {
    const [change] = reconcileAlerts([], looked({ observed: [aFact({ notifyAt: now + 1 })] }));

    expect(isDue(change?.row as AlertRow, null, now)).toBe(false);
    expect(isDue(change?.row as AlertRow, null, now + 1)).toBe(true);
  });

  it('is assigned to the channels when another process raised its alert', () => {
    const row = aFlag({ kind: 'possible-gap', pendingChannels: null, notified: false, since: now });

    expect(changeTo(row, {})).toMatchObject({ pendingChannels: channels, rev: 2 });
  });
});

describe('an ongoing condition', () => {
  it('is not written again', () => {
    expect(changeTo(aFlag(), { observed: [aFact({ since: 99, detail: 'another word for it' })] })).toBe(
      'unchanged',
    );
  });

  it.each([
    ['one more is notified', 2, { count: 2, pendingChannels: channels }],
    ['one less is stored without notification', 0, { count: 0, pendingChannels: [] }],
  ])('of uncertain entries: %s', (_, count, expected) => {
    expect(changeTo(aFlag(), { observed: [aFact({ count })] })).toMatchObject(expected);
  });

  it('of dead letters is notified once, however many there are', () => {
    const row = aFlag({ kind: 'dead-letters', subject: 'feeds' });

    expect(changeTo(row, { observed: [aFact({ kind: 'dead-letters', subject: 'feeds', count: 9 })] })).toBe(
      'unchanged',
    );
  });
});

describe('a condition that ended', () => {
  it('is notified on every channel, then its alert is removed', () => {
    const ended = changeTo(aFlag(), {}) as AlertRow;

    expect(ended).toMatchObject({ endedAt: now, pendingChannels: channels, rev: 2 });
    expect(changeTo(ended, {})).toBe('unchanged');
    expect(changeTo({ ...ended, pendingChannels: [] }, {})).toBe('removed');
  });

  it('is removed silently when it was never notified', () => {
    expect(changeTo(aFlag({ notified: false, pendingChannels: channels, notifyAt: now + 1 }), {})).toBe(
      'removed',
    );
  });

  it('is not assumed to have ended when it could not be checked', () => {
    expect(changeTo(aFlag(), { blind: new Set(['outcome-unknown']) })).toBe('unchanged');
  });

  it('and recurs is notified again', () => {
    const ended = aFlag({ endedAt: 5, pendingChannels: ['slack'] });

    expect(changeTo(ended, { observed: [aFact({ since: 7 })] })).toMatchObject({
      endedAt: null,
      since: 7,
      notified: false,
      pendingChannels: channels,
    });
  });
});

describe('an alert about an event', () => {
  const held = aFlag({ kind: 'batch-held', id: 'r', entryKey: 'k1' });
  const gap: AlertRow = aFlag({ kind: 'possible-gap', id: 'g', since: now });
  const draft = aFlag({
    kind: 'draft-made',
    id: 'd',
    entryKey: 'k1',
    pendingChannels: channels,
    notified: false,
    since: now,
  });

  const excess = aFlag({ kind: 'not-as-configured', id: 'x', entryKey: 'k1', notified: false });

  const cases: [string, AlertRow, State | null, string][] = [
    ['a re-issue that is still held', held, 'held', 'unchanged'],
    ['an excess whose row is about to be held', excess, 'queued', 'unchanged'],
    ['an excess whose row is held', excess, 'held', 'unchanged'],
    ['an excess that was dismissed before it was reported', excess, 'dismissed', 'removed'],
    ['a recent gap', gap, null, 'unchanged'],
    ['a gap of the day before', { ...gap, since: now - retryChannelsMs }, null, 'removed'],
    ['a draft in progress', draft, 'drafting', 'unchanged'],
    ['a finished draft', draft, 'drafted', 'unchanged'],
    ['a draft notified on every channel', { ...draft, pendingChannels: [] }, 'drafted', 'removed'],
    ['a draft that was refused', draft, 'rejected', 'removed'],
    ['a draft whose entry was purged', draft, null, 'removed'],
    ['a draft that never gets made', { ...draft, since: now - draftWaitsMs }, 'queued', 'removed'],
  ];
  it.each(cases)('%s is %4$s', (_, row, state, expected) => {
    expect(changeTo(row, { entryStates: new Map([[row.id, state]]) })).toBe(expected);
  });

  it('about a re-issue is over once it is decided', () => {
    expect(changeTo(held, { entryStates: new Map([['r', 'drafted']]) })).toMatchObject({
      endedAt: now,
      pendingChannels: channels,
    });
  });

  it('about a draft is due once the draft exists', () => {
    const due = (['queued', 'drafting', 'uncertain', 'drafted'] as const).filter((state) =>
      isDue(draft, state, now),
    );

    expect(due).toEqual(['drafted']);
  });
});

describe('a failing channel', () => {
  it('is retried for a day, then given up', () => {
    const owing = aFlag({ pendingChannels: ['slack'], changedAt: now });
    const observed = [aFact()];

    expect(changeTo(owing, { observed, now: now + retryChannelsMs - 1 })).toBe('unchanged');
    expect(changeTo(owing, { observed, now: now + retryChannelsMs })).toMatchObject({ pendingChannels: [] });
  });
});

describe('for any sequence of conditions', () => {
  const facts = fc.uniqueArray(
    fc.record({
      subject: fc.constantFrom('a', 'b', 'c'),
      kind: fc.constantFrom('outcome-unknown', 'feed-failing', 'posting-stopped' as const),
      count: fc.integer({ min: 1, max: 3 }),
    }),
    { selector: ({ subject, kind }) => `${kind}/${subject}` },
  );

  it('exactly the current conditions have an active alert', () => {
    fc.assert(
      fc.property(fc.array(facts, { minLength: 1, maxLength: 6 }), (rounds) => {
        let rows = new Map<string, AlertRow>();
        for (const [turn, round] of rounds.entries()) {
          const observed: AlertFacts[] = round.map((one) => aFact({ ...one, since: turn }));
          const changes = reconcileAlerts([...rows.values()], looked({ observed, now: turn }));
          for (const { row, remove } of changes) {
            expect(rows.get(row.id)?.rev ?? 0).toBe(remove ? row.rev : row.rev - 1);
            if (remove) rows.delete(row.id);
            else rows.set(row.id, { ...row, pendingChannels: [], notified: true });
          }
          rows = new Map(rows);
          const on = [...rows.values()].filter(({ endedAt }) => endedAt === null).map(({ id }) => id);
          expect(on.toSorted()).toEqual(observed.map(({ id }) => id).toSorted());
        }
      }),
    );
  });
});

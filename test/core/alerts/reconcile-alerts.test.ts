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
  witnessed: new Map(),
  channelsFor: () => channels,
  ...given,
});

/** What is written for one flag: a few fields, or that it is taken down. */
const fateOf = (row: AlertRow, given: Partial<Looked>) => {
  const [change] = reconcileAlerts([row], looked(given));
  return change?.remove ? 'removed' : (change?.row ?? 'unchanged');
};

describe('what begins', () => {
  it('puts up a flag that owes every channel a word', () => {
    const changes = reconcileAlerts([], looked({ observed: [aFact()] }));

    expect(changes).toEqual([
      {
        remove: false,
        row: { ...aFlag({ rev: 1, pendingChannels: channels, notified: false }), changedAt: now },
      },
    ]);
  });

  it('is told to nobody before it has lasted long enough', () => {
    const [change] = reconcileAlerts([], looked({ observed: [aFact({ notifyAt: now + 1 })] }));

    expect(isDue(change?.row as AlertRow, null, now)).toBe(false);
    expect(isDue(change?.row as AlertRow, null, now + 1)).toBe(true);
  });

  it('is dealt to the channels when somebody else has put it up', () => {
    const row = aFlag({ kind: 'possible-gap', pendingChannels: null, notified: false, since: now });

    expect(fateOf(row, {})).toMatchObject({ pendingChannels: channels, rev: 2 });
  });
});

describe('what goes on', () => {
  it('is not written', () => {
    expect(fateOf(aFlag(), { observed: [aFact({ since: 99, detail: 'another word for it' })] })).toBe(
      'unchanged',
    );
  });

  it.each([
    ['one more is news', 2, { count: 2, pendingChannels: channels }],
    ['one less is no news, but remembered', 0, { count: 0, pendingChannels: [] }],
  ])('of uncertain entries %s', (_, count, expected) => {
    expect(fateOf(aFlag(), { observed: [aFact({ count })] })).toMatchObject(expected);
  });

  it('of dead letters is told once, however many they become', () => {
    const row = aFlag({ kind: 'dead-letters', subject: 'feeds' });

    expect(fateOf(row, { observed: [aFact({ kind: 'dead-letters', subject: 'feeds', count: 9 })] })).toBe(
      'unchanged',
    );
  });
});

describe('what ends', () => {
  it('owes every channel that word too, and is taken down once all have it', () => {
    const ended = fateOf(aFlag(), {}) as AlertRow;

    expect(ended).toMatchObject({ endedAt: now, pendingChannels: channels, rev: 2 });
    expect(fateOf(ended, {})).toBe('unchanged');
    expect(fateOf({ ...ended, pendingChannels: [] }, {})).toBe('removed');
  });

  it('is taken down in silence when nobody has heard of it', () => {
    expect(fateOf(aFlag({ notified: false, pendingChannels: channels, notifyAt: now + 1 }), {})).toBe(
      'removed',
    );
  });

  it('does not end where nobody could look', () => {
    expect(fateOf(aFlag(), { blind: new Set(['uncertain-parked']) })).toBe('unchanged');
  });

  it('and begins again is news again', () => {
    const ended = aFlag({ endedAt: 5, pendingChannels: ['slack'] });

    expect(fateOf(ended, { observed: [aFact({ since: 7 })] })).toMatchObject({
      endedAt: null,
      since: 7,
      notified: false,
      pendingChannels: channels,
    });
  });
});

describe('events that somebody met', () => {
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

  const fates: [string, AlertRow, State | null, string][] = [
    ['a re-issue that is still held', held, 'held', 'unchanged'],
    ['an excess whose row is about to be held', excess, 'queued', 'unchanged'],
    ['an excess that is held', excess, 'held', 'unchanged'],
    ['an excess that was dismissed before it was reported', excess, 'dismissed', 'removed'],
    ['a gap of a moment ago', gap, null, 'unchanged'],
    ['a gap of yesterday', { ...gap, since: now - retryChannelsMs }, null, 'removed'],
    ['a draft that is on its way', draft, 'drafting', 'unchanged'],
    ['a draft that is there', draft, 'drafted', 'unchanged'],
    ['a draft that everybody knows of', { ...draft, pendingChannels: [] }, 'drafted', 'removed'],
    ['a draft that was refused', draft, 'rejected', 'removed'],
    ['a draft whose entry was purged', draft, null, 'removed'],
    ['a draft that waits for ever', { ...draft, since: now - draftWaitsMs }, 'queued', 'removed'],
  ];
  it.each(fates)('%s is %4$s', (_, row, state, expected) => {
    expect(fateOf(row, { witnessed: new Map([[row.id, state]]) })).toBe(expected);
  });

  it('of a re-issue is over when a person has decided', () => {
    expect(fateOf(held, { witnessed: new Map([['r', 'drafted']]) })).toMatchObject({
      endedAt: now,
      pendingChannels: channels,
    });
  });

  it('of a draft is told once the draft is there', () => {
    const told = (['queued', 'drafting', 'uncertain', 'drafted'] as const).filter((state) =>
      isDue(draft, state, now),
    );

    expect(told).toEqual(['drafted']);
  });
});

describe('a channel that fails', () => {
  it('is tried for a day, then let off', () => {
    const owing = aFlag({ pendingChannels: ['slack'], changedAt: now });
    const observed = [aFact()];

    expect(fateOf(owing, { observed, now: now + retryChannelsMs - 1 })).toBe('unchanged');
    expect(fateOf(owing, { observed, now: now + retryChannelsMs })).toMatchObject({ pendingChannels: [] });
  });
});

describe('whatever happens', () => {
  const facts = fc.uniqueArray(
    fc.record({
      subject: fc.constantFrom('a', 'b', 'c'),
      kind: fc.constantFrom('uncertain-parked', 'feed-failing', 'posting-stopped' as const),
      count: fc.integer({ min: 1, max: 3 }),
    }),
    { selector: ({ subject, kind }) => `${kind}/${subject}` },
  );

  it('each thing that is the case has one flag that is on, and nothing else has', () => {
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

import { describe, expect, it } from 'vitest';
import { newAlert } from '../../../lib/core/alerts/alert.ts';
import type { AlertFacts, AlertRow } from '../../../lib/core/alerts/alert-row.ts';
import { reconcileAlerts } from '../../../lib/core/alerts/reconcile-alerts.ts';
import { reviewAlert } from '../../../lib/core/alerts/review-alert.ts';

const timezone = 'Europe/Berlin';
const at = (text: string) => Date.parse(`2026-11-${text}+01:00`);
const waiting = (...times: string[]) => times.map((time, n) => ({ key: `k${n}`, since: at(time) }));

describe('a daily message about entries to review', () => {
  const daily = (now: string, ...times: string[]) =>
    reviewAlert(waiting(...times), { review: { dailyAt: 9 * 60 }, timezone, now: at(now) });

  it.each([
    ['nothing waits', '20T09:00', [], null],
    ['it is not time yet', '20T08:59', ['19T10:00'], null],
    ['it is time', '20T09:00', ['19T10:00', '20T08:00'], ['2026-11-20', 2]],
    ['it is later, but the same day', '20T17:00', ['19T10:00'], ['2026-11-20', 1]],
    ['only entries since then wait', '20T17:00', ['20T09:01'], null],
    ['one of them waited then', '20T17:00', ['20T09:01', '20T08:59'], ['2026-11-20', 2]],
    ['it is the next day', '21T09:00', ['20T09:01'], ['2026-11-21', 1]],
    ['it is after midnight', '21T00:30', ['19T10:00'], null],
  ] as const)('when %s', (_, now, times, expected) => {
    const alert = daily(now, ...times);

    expect(alert && [alert.id.replace('entries-to-review/', ''), alert.count]).toEqual(expected);
  });
});

describe('an immediate message about entries to review', () => {
  const immediate = (...times: string[]) =>
    reviewAlert(waiting(...times), { review: 'immediate', timezone, now: at('20T12:00') });

  const changesOf = (row: AlertRow, ...times: string[]) =>
    reconcileAlerts([row], {
      ...{ now: at('20T12:00'), blind: new Set<never>(), entryStates: new Map() },
      observed: [immediate(...times)].filter((facts) => facts !== null),
      channelsFor: () => ['slack'],
    });

  it('is one for all that arrived together, another for a later one, and none for a decision', () => {
    const facts = immediate('20T10:00', '20T10:00', '20T11:00') as AlertFacts;
    const sent: AlertRow = { ...newAlert(facts), notified: true, pendingChannels: [] };

    expect(facts.count).toBe(3);
    expect(changesOf(sent, '20T10:00', '20T10:00', '20T11:00')).toEqual([]);
    expect(changesOf(sent, '20T10:00', '20T10:00')).toEqual([]);
    expect(changesOf(sent, '20T10:00', '20T10:00', '20T11:00', '20T11:30')).toMatchObject([
      { row: { count: 4, pendingChannels: ['slack'] }, remove: false },
    ]);
  });

  it('is off when nothing is requested', () => {
    expect(reviewAlert(waiting('20T10:00'), { review: null, timezone, now: at('20T12:00') })).toBeNull();
  });

  it('ends without a message', () => {
    const facts = immediate('20T10:00');
    const row = { ...newAlert(facts as NonNullable<typeof facts>), notified: true, pendingChannels: [] };
    const looked = { now: at('20T12:01'), observed: [], blind: new Set<never>(), entryStates: new Map() };

    expect(reconcileAlerts([row], { ...looked, channelsFor: () => ['slack'] })).toEqual([
      { row, remove: true },
    ]);
  });
});

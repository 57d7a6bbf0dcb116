import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { leadMs } from '../../../lib/core/dash/timing.ts';
import { daySpan, hourSpan, quietUntil } from '../../../lib/core/editorial/calendar.ts';
import {
  expectRows,
  type FeedLimits,
  type ReservationRequest,
  reserve,
  withoutReservation,
} from '../../../lib/core/editorial/quota.ts';
import type { QuotaRow } from '../../../lib/core/editorial/quota-row.ts';

const minute = 60_000;
const hour = 60 * minute;
const at = (iso: string) => Date.parse(iso);
const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString().slice(0, 16));

const limitsOf = (given: Partial<FeedLimits['limits']> = {}, more: Partial<FeedLimits> = {}): FeedLimits => ({
  limits: { perDay: null, perHour: null, quiet: null, ...given },
  at: null,
  timezone: 'Europe/Berlin',
  ...more,
});
const slots = (...times: number[]): Partial<FeedLimits> => ({ at: { kind: 'slot', slots: times } });

/** Entries that request a slot one after another, oldest first unless an age is given. */
const askAll = (rules: FeedLimits, asked: [key: string, now: number, seenAt?: number][]) => {
  let row: QuotaRow | null = null;
  return asked.map(([key, now, seenAt = 0]) => {
    const asking: ReservationRequest = { key, attempt: 0, seenAt, now };
    const found = reserve(row, 'newsroom', asking, rules);
    row = found.row;
    const { reservation } = found;
    return reservation.kind === 'reserved'
      ? `at ${iso(reservation.timestamp)}`
      : `${reservation.code} until ${iso(reservation.dueAt)}`;
  });
};

const noon = at('2026-11-22T11:00Z');

describe('limits', () => {
  it('allow a number per hour and day, and postpone the rest', () => {
    const asked = ['a', 'b', 'c', 'd', 'e'].map((key, i): [string, number, number] => [key, noon, i]);

    expect(askAll(limitsOf({ perDay: 3, perHour: 2 }), asked)).toEqual([
      'at null',
      'at null',
      'limit.per-hour until 2026-11-22T12:00',
      'limit.per-day until 2026-11-22T23:00',
      'limit.per-day until 2026-11-22T23:00',
    ]);
  });

  it('postpone a later row while an older one waits', () => {
    const asked: [string, number, number][] = [
      ['a', noon, 1],
      ['b', noon, 2],
      ['c', noon + hour, 3],
      ['b', noon + hour, 2],
    ];

    expect(askAll(limitsOf({ perHour: 1 }), asked)).toEqual([
      'at null',
      'limit.per-hour until 2026-11-22T12:00',
      'limit.per-hour until 2026-11-22T13:00',
      'at null',
    ]);
  });

  it('do not wait for an older row that never comes', () => {
    const asked: [string, number, number][] = [
      ['a', noon, 1],
      ['dismissed', noon, 2],
      ['c', noon + hour + 11 * minute, 3],
    ];

    expect(askAll(limitsOf({ perHour: 1 }), asked).at(-1)).toBe('at null');
  });

  test.each([
    ['22:30', '2026-11-22T21:30Z', 'limit.quiet until 2026-11-23T06:00'],
    ['07:00', '2026-11-23T06:00Z', 'at null'],
    ['22:30 before the clock goes forward', '2026-03-28T21:30Z', 'limit.quiet until 2026-03-29T05:00'],
    ['22:30 before the clock goes back', '2026-10-24T20:30Z', 'limit.quiet until 2026-10-25T06:00'],
  ])('apply quiet hours at %s', (_, now, expected) => {
    const quiet = { from: 22 * 60, to: 7 * 60 };

    expect(askAll(limitsOf({ quiet }), [['a', at(now)]])).toEqual([expected]);
  });

  it('postpone to after quiet hours', () => {
    const rules = limitsOf({ perDay: 1, quiet: { from: 22 * 60, to: 7 * 60 } });

    expect(
      askAll(rules, [
        ['a', noon, 1],
        ['b', noon, 2],
      ]).at(-1),
    ).toBe('limit.quiet until 2026-11-23T06:00');
  });

  it('apply over a day of 25 hours', () => {
    const rules = limitsOf({ perDay: 1 });
    const asked: [string, number, number][] = [
      ['a', at('2026-10-24T22:30Z'), 1],
      ['b', at('2026-10-25T22:30Z'), 2],
    ];

    expect(askAll(rules, asked)).toEqual(['at null', 'limit.per-day until 2026-10-25T23:00']);
  });
});

describe('a time on the calendar', () => {
  it('is the next free slot, at least five minutes ahead', () => {
    const asked: [string, number, number][] = [
      ['a', at('2026-11-22T07:54Z'), 1],
      ['b', at('2026-11-22T07:56Z'), 2],
      ['c', at('2026-11-22T07:56Z'), 3],
    ];

    expect(askAll(limitsOf({}, slots(9 * 60, 17 * 60 + 30)), asked)).toEqual([
      'at 2026-11-22T08:00',
      'at 2026-11-22T16:30',
      'at 2026-11-23T08:00',
    ]);
  });

  it('is left to an older waiting row, even if that one asks later', () => {
    const rules = limitsOf({ perHour: 2 }, slots(9 * 60, 17 * 60 + 30));
    const asked: [string, number, number][] = [
      ['a', noon, 1],
      ['b', noon, 2],
      ['c', noon, 3],
      ['d', noon, 4],
      ['d', noon + hour, 4],
      ['c', noon + hour, 3],
    ];

    expect(askAll(rules, asked).slice(-2)).toEqual(['at 2026-11-24T08:00', 'at 2026-11-23T16:30']);
  });

  it('is a delay after sending, at a full minute', () => {
    const rules = limitsOf({}, { at: { kind: 'after', ms: 2 * hour } });

    expect(askAll(rules, [['a', noon + 1]])).toEqual(['at 2026-11-22T13:01']);
  });

  it('is kept for the same attempt unless it has come too near', () => {
    const rules = limitsOf({}, slots(9 * 60));
    const asking = { key: 'a', attempt: 0, seenAt: 1, now: at('2026-11-22T07:00Z') };
    const { row } = reserve(null, 'newsroom', asking, rules);

    const again = reserve(row, 'newsroom', { ...asking, now: asking.now + minute }, rules);
    const late = reserve(again.row, 'newsroom', { ...asking, now: at('2026-11-24T07:00Z') }, rules);

    expect(again.reservation).toEqual({ kind: 'reserved', timestamp: at('2026-11-22T08:00Z') });
    expect(again.row.reserved).toHaveLength(1);
    expect(late.reservation).toEqual({ kind: 'reserved', timestamp: at('2026-11-24T08:00Z') });
  });

  it('is another one for an attempt after an unknown outcome', () => {
    const rules = limitsOf({}, slots(9 * 60));
    const asking = { key: 'a', attempt: 0, seenAt: 1, now: noon };
    const { row } = reserve(null, 'newsroom', asking, rules);

    const { reservation } = reserve(row, 'newsroom', { ...asking, attempt: 1 }, rules);

    expect(reservation).toEqual({ kind: 'reserved', timestamp: at('2026-11-24T08:00Z') });
  });

  it('is free again after it is released', () => {
    const rules = limitsOf({}, slots(9 * 60));
    const { row } = reserve(null, 'newsroom', { key: 'a', attempt: 0, seenAt: 1, now: noon }, rules);

    const without = withoutReservation(row, { key: 'a', attempt: 0 });
    const { reservation } = reserve(
      without,
      'newsroom',
      { key: 'b', attempt: 0, seenAt: 2, now: noon },
      rules,
    );

    expect(reservation).toEqual({ kind: 'reserved', timestamp: at('2026-11-23T08:00Z') });
    expect(withoutReservation(without, { key: 'a', attempt: 0 })).toBeNull();
  });

  it('is not reserved when the calendar is full for two months', () => {
    const keys = Array.from({ length: 70 }, (_, i): [string, number, number] => [`k${i}`, noon, i]);

    const responses = askAll(limitsOf({}, slots(9 * 60)), keys);

    expect(responses.filter((response) => response.startsWith('at '))).toHaveLength(60);
    expect(responses.at(-1)).toBe('limit.slots until 2026-11-23T11:00');
  });
});

describe('expected rows', () => {
  const rules = limitsOf({ perHour: 2 }, slots(9 * 60, 17 * 60 + 30));
  const ask = (row: QuotaRow | null, key: string, seenAt: number, now = noon) =>
    reserve(row, 'newsroom', { key, attempt: 0, seenAt, now }, rules);

  it('are reserved in the expected order, whatever order they ask in', () => {
    const expected = expectRows(null, 'newsroom', ['a', 'b', 'c'], noon);

    const c = ask(expected, 'c', noon - 3);
    const b = ask(c.row, 'b', noon - 2);
    const a = ask(b.row, 'a', noon - 1);

    expect(
      [a, b].map(({ reservation }) => reservation.kind === 'reserved' && iso(reservation.timestamp)),
    ).toEqual(['2026-11-22T16:30', '2026-11-23T08:00']);
    expect(c.reservation).toMatchObject({ kind: 'waits', code: 'limit.per-hour', dueAt: noon + hour });
  });

  it('come after waiting rows, and are not waited for when they do not come', () => {
    const full = ['x', 'y', 'z'].reduce<QuotaRow | null>((row, key, n) => ask(row, key, n).row, null);
    const expected = expectRows(full, 'newsroom', ['a', 'b'], noon + 1);

    expect(ask(expected, 'a', noon, noon + hour).reservation).toMatchObject({ kind: 'reserved' });
    expect(ask(expected, 'b', noon, noon + 11 * minute).reservation).toMatchObject({ kind: 'waits' });
    const late = ask(expected, 'b', noon, noon + hour + 11 * minute);
    expect(late.reservation).toMatchObject({ kind: 'reserved', timestamp: at('2026-11-23T16:30Z') });
  });

  it('are stored once', () => {
    const expected = expectRows(null, 'newsroom', ['a', 'b'], noon);

    expect(expectRows(expected, 'newsroom', ['b', 'a'], noon)).toBeNull();
  });
});

describe('for any sequence of requests', () => {
  const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo');
  const limit = fc.option(fc.integer({ min: 1, max: 4 }));
  const quiet = fc.option(fc.constant({ from: 22 * 60, to: 7 * 60 }));
  const begin = fc.constantFrom(
    '2026-03-28T12:00Z',
    '2026-10-24T12:00Z',
    '2028-02-28T12:00Z',
    '2026-04-23T12:00Z',
    '2026-10-03T01:00Z',
  );
  const steps = fc.array(
    fc.record({
      key: fc.integer({ min: 0, max: 9 }),
      waitMin: fc.integer({ min: 0, max: 200 }),
      back: fc.boolean(),
    }),
    { maxLength: 60 },
  );

  it('no limit is exceeded, nothing is made in quiet hours, and no slot is used twice', () => {
    fc.assert(
      fc.property(
        zone,
        limit,
        limit,
        quiet,
        begin,
        steps,
        (timezone, perDay, perHour, still, from, asked) => {
          const rules = limitsOf(
            { perDay, perHour, quiet: still },
            { timezone, ...slots(2 * 60 + 30, 3 * 60, 3 * 60 + 30, 18 * 60) },
          );
          let now = at(from);
          let row: QuotaRow | null = null;
          let made: { key: number; at: number; slot: number }[] = [];
          for (const { key, waitMin, back } of asked) {
            now += waitMin * minute;
            const attempt = made.filter((one) => one.key === key).length;
            const asking = { key: `k${key}`, attempt, seenAt: key, now };
            const { row: next, reservation } = reserve(row, 'newsroom', asking, rules);
            row = next;
            if (reservation.kind === 'waits') expect(reservation.dueAt).toBeGreaterThan(now);
            else if (back) row = withoutReservation(row, asking) ?? row;
            else made = [...made, { key, at: now, slot: reservation.timestamp as number }];
          }

          const count = (span: { from: number; to: number }) =>
            made.filter((one) => one.at >= span.from && one.at < span.to).length;
          for (const one of made) {
            expect(count(daySpan(one.at, timezone))).toBeLessThanOrEqual(perDay ?? 99);
            expect(count(hourSpan(one.at, timezone))).toBeLessThanOrEqual(perHour ?? 99);
            expect(quietUntil(one.at, still, timezone)).toBeNull();
            expect(one.slot).toBeGreaterThan(one.at + leadMs);
          }
          expect(new Set(made.map(({ slot }) => slot)).size).toBe(made.length);
        },
      ),
      { numRuns: 150 },
    );
  });
});

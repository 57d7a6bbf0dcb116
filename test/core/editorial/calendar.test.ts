import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  daySpan,
  hourSpan,
  quietUntil,
  readLocal,
  slotsAfter,
} from '../../../lib/core/editorial/calendar.ts';

const at = (iso: string) => Date.parse(iso);
const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString().slice(0, 16));
const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
const span = ({ from, to }: { from: number; to: number }) => [iso(from), iso(to)];
const hour = 3_600_000;

test.each([
  ['an ordinary day', '2026-11-22T12:00Z', 'Europe/Berlin', '2026-11-21T23:00', '2026-11-22T23:00', 24],
  [
    'the clock goes forward',
    '2026-03-29T12:00Z',
    'Europe/Berlin',
    '2026-03-28T23:00',
    '2026-03-29T22:00',
    23,
  ],
  ['the clock goes back', '2026-10-25T12:00Z', 'Europe/Berlin', '2026-10-24T22:00', '2026-10-25T23:00', 25],
  ['a leap day', '2028-02-29T12:00Z', 'America/New_York', '2028-02-29T05:00', '2028-03-01T05:00', 24],
  ['no leap day', '2027-03-01T02:00Z', 'America/New_York', '2027-02-28T05:00', '2027-03-01T05:00', 24],
  ['midnight is skipped', '2026-04-24T12:00Z', 'Africa/Cairo', '2026-04-23T22:00', '2026-04-24T21:00', 23],
  [
    'the clock goes back at midnight',
    '2026-10-29T12:00Z',
    'Africa/Cairo',
    '2026-10-28T21:00',
    '2026-10-29T22:00',
    25,
  ],
  [
    'the clock goes forward by half an hour',
    '2026-10-04T12:00Z',
    'Australia/Lord_Howe',
    '2026-10-03T13:30',
    '2026-10-04T13:00',
    23.5,
  ],
  ['a year ends', '2026-12-31T23:30Z', 'Asia/Kolkata', '2026-12-31T18:30', '2027-01-01T18:30', 24],
])('a day: %s', (_, time, zone, from, to, hours) => {
  const found = daySpan(at(time), zone);

  expect(span(found)).toEqual([from, to]);
  expect((found.to - found.from) / hour).toBe(hours);
});

test.each([
  ['2026-11-22T12:34Z', 'Europe/Berlin', '2026-11-22T12:00', '2026-11-22T13:00'],
  ['2026-11-22T12:34Z', 'Asia/Kolkata', '2026-11-22T12:30', '2026-11-22T13:30'],
  ['2026-10-25T00:30Z', 'Europe/Berlin', '2026-10-25T00:00', '2026-10-25T01:00'],
  ['2026-10-25T01:30Z', 'Europe/Berlin', '2026-10-25T01:00', '2026-10-25T02:00'],
])('an hour: %s in %s', (time, zone, from, to) => {
  expect(span(hourSpan(at(time), zone))).toEqual([from, to]);
});

describe('quiet hours', () => {
  test.each([
    ['22:00', '07:00', '2026-11-22T20:59Z', null],
    ['22:00', '07:00', '2026-11-22T21:00Z', '2026-11-23T06:00'],
    ['22:00', '07:00', '2026-11-23T05:59Z', '2026-11-23T06:00'],
    ['22:00', '07:00', '2026-11-23T06:00Z', null],
    ['12:00', '13:00', '2026-11-22T11:30Z', '2026-11-22T12:00'],
    // The night is an hour shorter when the clock goes forward, and an hour longer when it goes back.
    ['22:00', '07:00', '2026-03-28T22:00Z', '2026-03-29T05:00'],
    ['22:00', '07:00', '2026-10-24T21:00Z', '2026-10-25T06:00'],
    // If the end is skipped, quiet hours end when the clock is past it; if it occurs twice, they end twice.
    ['22:00', '02:30', '2026-03-28T23:00Z', '2026-03-29T01:30'],
    ['22:00', '02:30', '2026-10-24T23:00Z', '2026-10-25T00:30'],
    ['22:00', '02:30', '2026-10-25T01:15Z', '2026-10-25T01:30'],
  ])('from %s to %s in Berlin, at %s: until %s', (from, to, time, until) => {
    const quiet = { from: minutes(from), to: minutes(to) };

    expect(iso(quietUntil(at(time), quiet, 'Europe/Berlin'))).toBe(until);
  });

  it('end within a day and outside quiet hours', () => {
    const time = fc.integer({ min: at('2026-01-01T00:00Z'), max: at('2028-12-31T00:00Z') });
    const minute = fc.integer({ min: 0, max: 1439 });
    const zone = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Africa/Cairo',
      'UTC',
    );
    fc.assert(
      fc.property(time, minute, minute, zone, (now, from, to, name) => {
        fc.pre(from !== to);
        const until = quietUntil(now, { from, to }, name);

        if (until === null) return;
        expect(until).toBeGreaterThan(now);
        expect(until - now).toBeLessThanOrEqual(25 * hour);
      }),
      { numRuns: 300 },
    );
  });
});

describe('slots', () => {
  const nextOf = (time: string, slots: string[], zone: string, count: number) =>
    [...slotsAfter(at(time), slots.map(minutes), zone, 3)].slice(0, count).map(iso);

  test.each([
    ['2026-11-22T07:00Z', ['09:00', '17:30'], ['2026-11-22T08:00', '2026-11-22T16:30', '2026-11-23T08:00']],
    ['2026-11-22T08:00Z', ['09:00', '17:30'], ['2026-11-22T16:30', '2026-11-23T08:00', '2026-11-23T16:30']],
    ['2028-02-28T20:00Z', ['09:00'], ['2028-02-29T08:00', '2028-03-01T08:00']],
    ['2026-12-31T20:00Z', ['09:00'], ['2027-01-01T08:00', '2027-01-02T08:00']],
    // Nine o'clock stays nine o'clock when the clock changes.
    ['2026-03-28T09:00Z', ['09:00'], ['2026-03-29T07:00', '2026-03-30T07:00']],
    ['2026-10-24T09:00Z', ['09:00'], ['2026-10-25T08:00', '2026-10-26T08:00']],
    // When 02:30 is skipped, the slot is at 03:30, once, even though 03:30 is a slot too. When it occurs
    // twice, it is the first.
    [
      '2026-03-28T20:00Z',
      ['02:30', '03:30', '03:00'],
      ['2026-03-29T01:00', '2026-03-29T01:30', '2026-03-30T00:30'],
    ],
    ['2026-10-24T20:00Z', ['02:30'], ['2026-10-25T00:30', '2026-10-26T01:30']],
    ['2026-10-25T00:45Z', ['02:30'], ['2026-10-26T01:30']],
  ] as [string, string[], string[]][])('after %s at %j in Berlin', (time, slots, expected) => {
    expect(nextOf(time, slots, 'Europe/Berlin', expected.length)).toEqual(expected);
  });
});

test.each([
  ['2026-11-22 09:30', 'Europe/Berlin', '2026-11-22T08:30'],
  ['2026-07-22T09:30:00', 'Europe/Berlin', '2026-07-22T07:30'],
  ['2026-03-29 02:30', 'Europe/Berlin', '2026-03-29T01:30'],
  ['2028-02-29', 'Asia/Tokyo', '2028-02-28T15:00'],
  ['2026-02-29', 'Asia/Tokyo', null],
  ['2026-11-22 24:30', 'UTC', null],
  ['2026-11-22T09:30:00Z', 'Europe/Berlin', null],
  ['soon', 'UTC', null],
])('%s local time in %s is %s', (text, zone, expected) => {
  expect(iso(readLocal(text, zone))).toBe(expected);
});

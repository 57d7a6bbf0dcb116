import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../lib/core/entries/entry.ts';
import { type Case, k1, k2, k3, now, of, verdictsOn, week } from './classify-case.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const fresh = 'queued entry.new';
const older = 'baselined entry.older-than-feed';
const late = 'held entry.late';
const reissue = 'held entry.mass-reissue';

describe('an unknown entry with a date', () => {
  it.each<[string, Case, Record<string, string>]>([
    ['newer than all', { now: [of('n', 0), ...week] }, { n: fresh }],
    ['between known ones, not old', { now: [k1, of('n', 1.5), k2, k3] }, { n: fresh }],
    ['below all known, not old', { now: [...week, of('n', 4)] }, { n: fresh }],
    ['from the future', { now: [of('n', -3), ...week] }, { n: fresh }],

    ['before the feed was added, below', { now: [...week, of('n', 31)] }, { n: older }],
    ['before the feed was added, above', { now: [of('n', 31), ...week] }, { n: late }],
    ['before the feed was added, between', { now: [k1, of('n', 31), k2, k3] }, { n: late }],
    [
      'before the feed was added, above, learned',
      { memory: { byPlace: true }, now: [of('n', 31), ...week] },
      { n: fresh },
    ],
    [
      'two before the feed was added, above, learned',
      { memory: { byPlace: true }, now: [of('n', 31), of('nn', 32), ...week] },
      { n: late, nn: late },
    ],
    ['before the feed was added, nothing known', { was: [], now: [of('n', 31)] }, { n: older }],
    [
      'before the feed was added, at the top of an oldest-first list',
      { memory: { listsNewestFirst: false }, now: [of('n', 31), k3, k2, k1] },
      { n: older },
    ],
    [
      'before the feed was added, at the end of an oldest-first list',
      {
        memory: { listsNewestFirst: false },
        was: [k3, k2, k1, of('kk-0', 0.5)],
        now: [k3, k2, k1, of('kk-0', 0.5), of('n', 31)],
      },
      { n: late },
    ],

    [
      'beyond the ledger’s memory, below',
      { maxAgeDays: null, memory: { floor: 0 }, now: [...week, of('n', 371)] },
      { n: older },
    ],
    [
      'beyond the ledger’s memory, above',
      { maxAgeDays: null, memory: { floor: 0 }, now: [of('n', 371), ...week] },
      { n: late },
    ],
    [
      'just within the ledger’s memory, above',
      { maxAgeDays: null, memory: { floor: 0 }, now: [of('n', 369), ...week] },
      { n: fresh },
    ],

    ['older than max_age, below', { memory: { floor: 0 }, now: [...week, of('n', 40)] }, { n: older }],
    [
      'older than max_age, a single one above',
      { memory: { floor: 0 }, now: [of('n', 40), ...week] },
      { n: fresh },
    ],
    [
      'older than max_age, two above',
      { memory: { floor: 0 }, now: [of('n', 40), of('nn', 41), ...week] },
      { n: late, nn: late },
    ],
    [
      'older than max_age, a single one, 23 hours after another',
      { memory: { floor: 0, lateAt: now - 23 * hour }, now: [of('n', 40), ...week] },
      { n: late },
    ],
    [
      'older than max_age, a single one, a day after another',
      { memory: { floor: 0, lateAt: now - day }, now: [of('n', 40), ...week] },
      { n: fresh },
    ],
    [
      'any age, without max_age',
      { maxAgeDays: null, memory: { floor: 0 }, now: [of('n', 40), of('nn', 41), ...week] },
      { n: fresh, nn: fresh },
    ],
    [
      'older than max_age, with another before the feed was added',
      { memory: { floor: now - 50 * day }, now: [of('n', 40), of('nn', 60), ...week] },
      { n: late, nn: late },
    ],

    [
      'after the floor, older than the last window’s end, before the feed was added, below',
      { memory: { tail: now - 22 * day }, now: [...week, of('n', 25)] },
      { n: older },
    ],
    [
      'after the floor, older than the last window’s end, after the feed was added, below',
      { memory: { tail: now - 3 * day }, now: [...week, of('n', 10)] },
      { n: fresh },
    ],

    [
      'blind, before the feed was added',
      { memory: { blind: true, floor: now - 22 * day }, now: [of('n', 21), ...week] },
      { n: late },
    ],
    [
      'blind, after the feed was added',
      { memory: { blind: true, floor: now - 22 * day }, now: [of('n', 19), ...week] },
      { n: fresh },
    ],
    [
      'blind, before the floor, below',
      { memory: { blind: true, floor: now - 22 * day }, now: [...week, of('n', 23)] },
      { n: older },
    ],

    [
      'most of the window, not later than the known entries',
      { newest: now, was: [], now: [of('n', 1), of('nn', 2)] },
      { n: reissue, nn: reissue },
    ],
    [
      'most of the window, later than the known entries',
      { was: [], now: [of('n', 0), of('nn', 0.5)] },
      { n: fresh, nn: fresh },
    ],
    [
      'most of the window, one later than the known entries',
      { was: [], now: [of('n', 0), of('nn', 2), of('nnn', 3)] },
      { n: fresh, nn: reissue, nnn: reissue },
    ],
    [
      'half of the window, not later',
      { now: [of('n', 1.5), of('nn', 1.7), k1, k2] },
      { n: fresh, nn: fresh },
    ],
    ['a single one, not later', { was: [], now: [of('n', 2)] }, { n: fresh }],
    [
      'most of the window, with nothing known before',
      { newest: null, was: [], now: [of('n', 1), of('nn', 2)] },
      { n: fresh, nn: fresh },
    ],

    [
      'the ledger knows the others',
      { now: [of('n', 40), of('nn', 41), ...week], memory: { floor: 0 }, knownToLedger: ['nn'] },
      { n: fresh },
    ],
    [
      'looks re-issued beside others in the ledger, and is held alone',
      { newest: now, was: [], now: [of('n', 1), of('nn', 2)], knownToLedger: ['nn'] },
      { n: reissue },
    ],
  ])('%s', (_, given, expected) => {
    expect(verdictsOn(given)).toEqual(expected);
  });
});

const byDay = (name: string, daysAgo: number): Entry => of(name, daysAgo, { dayOnly: true });

describe('an unknown entry dated by day', () => {
  it.each<[string, Case, Record<string, string>]>([
    [
      'on the day of the floor',
      { memory: { floor: now - 20 * day + hour }, now: [...week, byDay('n', 20)] },
      { n: fresh },
    ],
    [
      'on the day before the floor',
      { memory: { floor: now - 20 * day }, now: [...week, byDay('n', 21)] },
      { n: older },
    ],
    [
      'two on the day of the newest entry',
      { newest: now - 2 * day + hour, was: [], now: [byDay('n', 2), byDay('nn', 2)] },
      { n: fresh, nn: fresh },
    ],
    [
      'two on a day before the newest entry',
      { newest: now, was: [], now: [byDay('n', 2), byDay('nn', 2)] },
      { n: reissue, nn: reissue },
    ],
  ])('%s', (_, given, expected) => {
    expect(verdictsOn(given)).toEqual(expected);
  });
});

import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../lib/core/entries/entry.ts';
import {
  type Case,
  k1,
  k2,
  k3,
  now,
  of,
  rebuilt,
  undated,
  undatedWeek,
  verdictsOn,
  week,
} from './classify-case.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const fresh = 'queued entry.new';
const reissue = 'held entry.mass-reissue';
const outOfOrder = 'held entry.out-of-order';
const like = 'held entry.looks-like';

describe('an unknown entry without a date', () => {
  it.each<[string, Case, Record<string, string>]>([
    ['above', { was: undatedWeek, now: [undated('n'), ...undatedWeek] }, { n: fresh }],
    [
      'two above',
      { was: undatedWeek, now: [undated('n'), undated('nn'), ...undatedWeek] },
      { n: fresh, nn: fresh },
    ],
    [
      'between',
      { was: undatedWeek, now: [undatedWeek[0] as Entry, undated('n'), undatedWeek[1] as Entry] },
      { n: fresh },
    ],
    ['below', { was: undatedWeek, now: [...undatedWeek, undated('n')] }, { n: outOfOrder }],
    [
      'below, in an oldest-first list',
      { was: undatedWeek, memory: { listsNewestFirst: false }, now: [...undatedWeek, undated('n')] },
      { n: fresh },
    ],
    [
      'at the top of an oldest-first list',
      { was: undatedWeek, memory: { listsNewestFirst: false }, now: [undated('n'), ...undatedWeek] },
      { n: outOfOrder },
    ],
    ['alone, nothing known', { was: undatedWeek, now: [undated('n')] }, { n: fresh }],
    [
      'two, nothing known',
      { was: undatedWeek, now: [undated('n'), undated('nn')] },
      { n: outOfOrder, nn: outOfOrder },
    ],
    [
      'three with the same minute, which carries no information',
      {
        was: undatedWeek,
        now: ['n', 'nn', 'nnn'].map((one) =>
          of(one, 0, { published: new Date(now - 40 * day).toISOString() }),
        ),
        newest: now - day,
      },
      { n: outOfOrder, nn: outOfOrder, nnn: outOfOrder },
    ],
    [
      'three with the same minute, later than all dates before',
      {
        was: undatedWeek,
        now: ['n', 'nn', 'nnn'].map((one) => of(one, 0, { published: new Date(now).toISOString() })),
        newest: now - day,
      },
      { n: fresh, nn: fresh, nnn: fresh },
    ],
  ])('%s', (_, given, expected) => {
    expect(verdictsOn(given)).toEqual(expected);
  });
});

describe('an unknown entry with the title of a known story', () => {
  it.each<[string, Case, Record<string, string>]>([
    ['that lost its place', { now: [k1, rebuilt(k2, 0), k3] }, { 'new-kkk-2': like }],
    ['that slid out', { now: [rebuilt(k3, 0), k1, k2] }, { 'new-kkk-3': fresh }],
    ['that is in the document', { now: [rebuilt(k2, 0), ...week] }, { 'new-kkk-2': fresh }],
    [
      'most of the window, whatever their dates',
      { now: [rebuilt(k1, 0), rebuilt(k2, 0.1), k3] },
      { 'new-kkk-1': reissue, 'new-kkk-2': reissue },
    ],
    [
      'half of the window, which lost their places',
      { now: [rebuilt(k1, 0), rebuilt(k2, 0.1), k3, of('kk-4', 5)], was: [...week, of('kk-4', 5)] },
      { 'new-kkk-1': like, 'new-kkk-2': like },
    ],
  ])('%s', (_, given, expected) => {
    expect(verdictsOn(given)).toEqual(expected);
  });
});

import { expect, it } from 'vitest';
import { minutesOf } from '../../../../lib/core/entries/normalize/normalize-date.ts';

it.each([
  ['1970-01-01T00:00:00.000Z', 0],
  ['1970-01-01T00:00:59.999Z', 0],
  ['1970-01-01T00:01:00.000Z', 1],
  ['1969-12-31T23:59:59.000Z', -1],
  ['2026-10-01T09:30:00.000Z', 29_847_450],
  ['2026-10-01', 29_846_880],
  ['', null],
  ['yesterday', null],
  [null, null],
])('converts %j to minutes: %s', (date, minutes) => {
  expect(minutesOf(date)).toBe(minutes);
});

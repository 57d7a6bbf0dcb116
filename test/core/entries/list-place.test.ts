import { describe, expect, it } from 'vitest';
import { placesIn } from '../../../lib/core/entries/list-place.ts';

/** Input: `k` known, `.` unknown. Output: `^` above, `v` below, `?` none known. */
const places = (list: string, newestFirst: boolean): string => {
  const placeOf = placesIn(
    [...list].map((one) => one === 'k'),
    newestFirst,
  );
  const signs = { above: '^', below: 'v', 'none-known': '?' };
  return [...list].map((_, i) => signs[placeOf(i)]).join('');
};

describe('the place of an entry in its list', () => {
  it.each([
    ['..kk', true, '^^^^'],
    ['kk..', true, '^^vv'],
    ['.k.k.', true, '^^^^v'],
    ['....', true, '????'],
    ['..kk', false, 'vv^^'],
    ['kk..', false, '^^^^'],
    ['.k.k.', false, 'v^^^^'],
    ['....', false, '????'],
    ['', true, ''],
  ])('for %j, newest first: %j, is %j', (list, newestFirst, expected) => {
    expect(places(list, newestFirst)).toBe(expected);
  });
});

import { expect, test } from 'vitest';
import { shownValue } from '../../../lib/core/config/wrong-value.ts';

test.each([
  '5 minutes',
  '90s',
  'Paris',
  'Europe/Pariss',
  'UTC+2',
  '*/61 * * * *',
  '0 9 * * MON-FRY',
  '25:00',
  '22:00-7',
  '2026-13-01T00:00:00Z',
  'look up',
])('shows %j as it is', (value) => {
  expect(shownValue(value)).toBe(JSON.stringify(value));
});

test.each([
  'sk-12345',
  'xoxb-17653672481',
  'hunter2345',
  'AKIAIOSFODNN7EXAMPLE',
  '4f9a0c2b17',
  'Bearer abc123def',
])('shows only the length of %j, which may be a secret', (value) => {
  expect(shownValue(value)).toBe(`a string of ${value.length} characters`);
});

test.each([
  [undefined, 'missing'],
  [null, 'null'],
  [['a'], 'a list of 1'],
  [{ a: 1 }, 'an object'],
  [7, '7'],
  ['', 'a string of 0 characters'],
  ['word '.repeat(20), 'a string of 100 characters'],
])('shows %j as %s', (value, shown) => {
  expect(shownValue(value)).toBe(shown);
});

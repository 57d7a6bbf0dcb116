import { expect, test } from 'vitest';
import { parseDuration } from '../../../lib/core/config/duration.ts';

test.each([
  ['1m', 60_000],
  ['15m', 900_000],
  ['1h', 3_600_000],
  ['2d', 172_800_000],
  ['365d', 31_536_000_000],
])('parses %s as %i milliseconds', (written, ms) => {
  expect(parseDuration(written)).toBe(ms);
});

test.each([
  '',
  '0m',
  '-1h',
  '1.5h',
  '30s',
  '15',
  'm',
  '1 h',
  '1H',
  '1h30m',
  '01h',
  '366d',
  '9999999d',
  ' 1h',
  '1h\n',
])('rejects %j', (written) => {
  expect(parseDuration(written)).toBeNull();
});

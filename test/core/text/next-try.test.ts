import { expect, it } from 'vitest';
import { nextTryText } from '../../../lib/core/text/next-try.ts';

const now = 1_000_000;
const minute = 60_000;

it.each([
  [-2 * minute, 'It is due, and tried within a minute or two.'],
  [0, 'It is due, and tried within a minute or two.'],
  [8_000, 'Next try within 2 min.'],
  [minute, 'Next try within 3 min.'],
  [9 * minute, 'Next try within 11 min.'],
  [50 * minute, 'Next try in 50 min.'],
])('what is due %d ms from now includes the tick that tries it', (ahead, text) => {
  expect(nextTryText(now + ahead, now)).toBe(text);
});

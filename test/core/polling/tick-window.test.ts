import { expect, it } from 'vitest';
import { tickWindow } from '../../../lib/core/polling/tick-window.ts';

const minute = 60_000;
const now = 1_000 * minute;
const day = 1_440 * minute;

it.each([
  ['all since the last tick', now, now - minute, { from: now - minute, to: now }, false, null],
  ['all since a tick long ago', now, now - day, { from: now - day, to: now }, false, null],
  ['nothing but its moment when it is the first', now, null, { from: now, to: now }, false, null],
  [
    'what it was meant for when it comes late',
    now - 5,
    now - minute,
    { from: now - minute, to: now - 5 },
    false,
    null,
  ],
  ['what was answered for when it comes twice', now, now, { from: now, to: now }, true, null],
  [
    'its time when a clock is half a minute ahead',
    now + minute / 2,
    now,
    { from: now, to: now + minute / 2 },
    false,
    null,
  ],
  [
    'now when its time is to come',
    now + day,
    now - minute,
    { from: now - minute, to: now },
    false,
    now + day,
  ],
  [
    'its minute when the last tick’s time is to come',
    now,
    now + day,
    { from: now - minute, to: now },
    false,
    now + day,
  ],
  [
    'its minute when both are to come',
    now + day,
    now + 2 * day,
    { from: now - minute, to: now },
    false,
    now + 2 * day,
  ],
] as const)('a tick answers for %s', (_, scheduledAt, last, window, isOld, clockFault) => {
  expect(tickWindow(scheduledAt, last, now)).toEqual({ window, isOld, clockFault });
});

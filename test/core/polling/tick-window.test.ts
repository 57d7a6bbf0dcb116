import { expect, it } from 'vitest';
import { tickWindow } from '../../../lib/core/polling/tick-window.ts';

const minute = 60_000;
const now = 1_000 * minute;
const day = 1_440 * minute;

it.each([
  ['the time since the last tick', now, now - minute, { from: now - minute, to: now }, false, null],
  ['the time since a tick long ago', now, now - day, { from: now - day, to: now }, false, null],
  ['its own moment when it is the first', now, null, { from: now, to: now }, false, null],
  [
    'the time until it was scheduled when it runs late',
    now - 5,
    now - minute,
    { from: now - minute, to: now - 5 },
    false,
    null,
  ],
  ['nothing new when it is repeated', now, now, { from: now, to: now }, true, null],
  [
    'the time until its schedule with a clock half a minute ahead',
    now + minute / 2,
    now,
    { from: now, to: now + minute / 2 },
    false,
    null,
  ],
  [
    'the time until now when it is scheduled in the future',
    now + day,
    now - minute,
    { from: now - minute, to: now },
    false,
    now + day,
  ],
  [
    'its minute when the last tick is in the future',
    now,
    now + day,
    { from: now - minute, to: now },
    false,
    now + day,
  ],
  [
    'its minute when both are in the future',
    now + day,
    now + 2 * day,
    { from: now - minute, to: now },
    false,
    now + 2 * day,
  ],
] as const)('a tick covers %s', (_, scheduledAt, last, window, isOld, clockFault) => {
  expect(tickWindow(scheduledAt, last, now)).toEqual({ window, isOld, clockFault });
});

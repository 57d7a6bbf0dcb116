import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterSkipped,
  isMoveSettled,
  isSkipped,
  MAX_TTL_MS,
  notBeforeAfterFailure,
  notBeforeAfterResponse,
  rememberMove,
} from '../../../lib/core/polling/politeness.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Saturday, 10:20 GMT. */
const NOW = Date.UTC(2026, 7, 1, 10, 20);
const NO_HINTS = { ttlMs: null, skipHours: [], skipDays: [] };

describe('notBeforeAfterFailure', () => {
  it.each([
    [1, 0, 5 * MINUTE],
    [1, 0.5, 3.75 * MINUTE],
    [2, 0, 10 * MINUTE],
    [9, 0, 1280 * MINUTE],
    [10, 0, DAY],
    [10, 0.999999999, DAY / 2 + 1],
    [1_000_000, 0, DAY],
  ])('after %i failures with random value %d is %d ms later', (failures, chance, waitMs) => {
    expect(notBeforeAfterFailure({ now: NOW, failures, random: chance })).toBe(NOW + waitMs);
  });

  it.each([
    ["the server's Retry-After if longer", 1, 2 * HOUR, 2 * HOUR],
    ['the back-off if Retry-After is shorter', 5, MINUTE, 80 * MINUTE],
  ])('uses %s', (_name, failures, retryAfterMs, waitMs) => {
    expect(notBeforeAfterFailure({ now: NOW, failures, random: 0, retryAfterMs })).toBe(NOW + waitMs);
  });
});

describe('skipHours and skipDays', () => {
  it.each([
    ['a listed hour', NOW, { skipHours: [10], skipDays: [] }, true],
    ['an hour that is not listed', NOW, { skipHours: [9, 11], skipDays: [] }, false],
    ['a listed day, Saturday', NOW, { skipHours: [], skipDays: [6] }, true],
    ['a day that is not listed', NOW, { skipHours: [], skipDays: [0] }, false],
  ])('apply to %s', (_name, at, skips, skipped) => {
    expect(isSkipped(at, skips)).toBe(skipped);
  });

  it.each([
    ['nothing skipped', { skipHours: [], skipDays: [] }, NOW],
    ['this hour skipped', { skipHours: [10], skipDays: [] }, Date.UTC(2026, 7, 1, 11)],
    ['hours up to noon skipped', { skipHours: [10, 11], skipDays: [] }, Date.UTC(2026, 7, 1, 12)],
    ['the weekend skipped', { skipHours: [], skipDays: [6, 0] }, Date.UTC(2026, 7, 3)],
    [
      'the weekend and the small hours skipped',
      { skipHours: [0, 1], skipDays: [6, 0] },
      Date.UTC(2026, 7, 3, 2),
    ],
    ['the whole week skipped, which is ignored', { skipHours: [], skipDays: [0, 1, 2, 3, 4, 5, 6] }, NOW],
  ])('end, with %s', (_name, skips, at) => {
    expect(afterSkipped(NOW, skips)).toBe(at);
  });

  it('always end within a week, at a time that is not skipped', () => {
    const hours = fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { maxLength: 23 });
    const days = fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { maxLength: 6 });

    fc.assert(
      fc.property(hours, days, fc.nat(DAY * 30), (skipHours, skipDays, offset) => {
        const at = afterSkipped(NOW + offset, { skipHours, skipDays });

        return !isSkipped(at, { skipHours, skipDays }) && at - (NOW + offset) <= 7 * DAY;
      }),
    );
  });
});

describe('notBeforeAfterResponse', () => {
  const given = { now: NOW, intervalMs: HOUR, freshUntil: null, hints: NO_HINTS };

  it.each([
    ['0 without freshness or hints', {}, 0],
    ['0 for an unchanged feed without hints', { hints: null }, 0],
    ['the end of the freshness', { freshUntil: NOW + 30 * MINUTE }, NOW + 30 * MINUTE],
    [
      'the end of the freshness of an unchanged feed',
      { freshUntil: NOW + 30 * MINUTE, hints: null },
      NOW + 30 * MINUTE,
    ],
    ['the end of the ttl', { hints: { ...NO_HINTS, ttlMs: 2 * HOUR } }, NOW + 2 * HOUR],
    ['a limit for an absurd ttl', { hints: { ...NO_HINTS, ttlMs: 90 * DAY } }, NOW + MAX_TTL_MS],
    [
      'the later of freshness and ttl',
      { freshUntil: NOW + 3 * HOUR, hints: { ...NO_HINTS, ttlMs: 2 * HOUR } },
      NOW + 3 * HOUR,
    ],
    [
      'the end of skipped hours that contain the next poll',
      { hints: { ...NO_HINTS, skipHours: [11, 12] } },
      Date.UTC(2026, 7, 1, 13),
    ],
    ['0 when the next poll is outside the skipped hours', { hints: { ...NO_HINTS, skipHours: [12] } }, 0],
    [
      'the end of skipped hours that contain the end of the ttl',
      { hints: { ttlMs: 3 * HOUR, skipHours: [13], skipDays: [] } },
      Date.UTC(2026, 7, 1, 14),
    ],
    [
      'the end of skipped days',
      { intervalMs: DAY, hints: { ...NO_HINTS, skipDays: [0] } },
      Date.UTC(2026, 7, 3),
    ],
  ])('is %s', (_name, more, at) => {
    expect(notBeforeAfterResponse({ ...given, ...more })).toBe(at);
  });
});

describe('a permanent redirect', () => {
  const to = 'https://new.example/feed';

  it('is stored when first seen, and counted', () => {
    const first = rememberMove(null, to, NOW);
    const second = rememberMove(first, to, NOW + HOUR);

    expect(first).toEqual({ to, since: NOW, times: 1 });
    expect(second).toEqual({ to, since: NOW, times: 2 });
  });

  it('starts over when its target changes, and is dropped when it disappears', () => {
    const before = { to, since: NOW, times: 9 };

    expect(rememberMove(before, 'https://portal.example/', NOW + DAY)).toMatchObject({
      since: NOW + DAY,
      times: 1,
    });
    expect(rememberMove(before, undefined, NOW + DAY)).toBeNull();
  });

  it.each([
    ['seen often, for two days', 2 * DAY, 48, false],
    ['seen twice in a week', 7 * DAY, 2, false],
    ['seen three times in three days', 3 * DAY, 3, true],
  ])('%s: settled after %d ms and %i times is %s', (_name, ageMs, times, settled) => {
    expect(isMoveSettled({ to, since: NOW, times }, NOW + ageMs)).toBe(settled);
  });
});

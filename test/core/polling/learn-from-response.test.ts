import { expect, it } from 'vitest';
import { afterResponse, nothingLearned, type Read } from '../../../lib/core/polling/learn-from-response.ts';
import { feedOf } from '../../support/entries.ts';

const minute = 60_000;
const hour = 60 * minute;
const now = Date.UTC(2026, 0, 1);
const feed = feedOf({ rhythm: { adaptive: { meanMs: hour, minMs: 10 * minute, maxMs: 24 * hour } } });
const arrivals = { count: 20, days: 20, at: now };
const before = { ...nothingLearned, arrivals, plan: { arrivals, floorMs: hour } };
const document: Read = {
  now,
  hints: { ttlMs: null, skipHours: [], skipDays: [] },
  first: false,
  gap: false,
  shown: [],
  fresh: [],
};

// Two minutes are added because a poll comes slightly later than planned.
it.each([
  ['is raised by any response that requires more', 90, null, 92],
  ['is kept when an intermediate cache leaves less', 10, null, 60],
  ['is kept when a new document requires slightly less', 40, document, 60],
  ['is lowered when a new document requires less than half', 10, document, 12],
  ['is removed when a new document requires none', 0, document, 0],
])('the floor of a plan %s', (_, freshMinutes, read, floorMinutes) => {
  const freshUntil = freshMinutes === 0 ? null : now + freshMinutes * minute;

  const { learned } = afterResponse(feed, before, { now, next: now + 24 * hour, freshUntil, read });

  expect(learned.plan?.floorMs).toBe(floorMinutes * minute);
});

import { describe, expect, it } from 'vitest';
import type { FeedConfig } from '../../../../lib/core/config/config.ts';
import { lastDue, nextPoll } from '../../../../lib/core/polling/intervals/next-poll.ts';
import { isDue } from '../../../../lib/core/polling/schedule.ts';
import { feedOf } from '../../../support/entries.ts';

const minute = 60_000;
const now = Date.parse('2026-11-22T12:03:20Z');
const lastTick = Date.parse('2026-11-22T12:03:00Z');
const slot = { notBefore: 0 };

const rhythms: [string, Partial<FeedConfig>][] = [
  ['a minute', { rhythm: { everyMs: minute } }],
  ['an hour', { rhythm: { everyMs: 60 * minute } }],
  ['a year', { rhythm: { everyMs: 365 * 24 * 60 * minute } }],
  ['weekdays at nine', { rhythm: { cron: '0 9 * * 1-5', timezone: 'Europe/Berlin' } }],
];

describe('the next poll', () => {
  it.each(rhythms)('for a feed polled every %s is the first tick at which it is due', (_, given) => {
    const feed = feedOf(given);

    const next = nextPoll(feed, slot, { lastTick, now }) ?? 0;

    expect(isDue(feed, slot, { from: lastTick, to: next })).toBe(true);
    expect(isDue(feed, slot, { from: lastTick, to: next - minute })).toBe(false);
  });

  it.each(rhythms)('for a feed polled every %s follows the last one', (_, given) => {
    const feed = feedOf(given);

    const last = lastDue(feed, slot, now) ?? 0;

    expect(last).toBeLessThanOrEqual(now);
    expect(isDue(feed, slot, { from: last - minute, to: last })).toBe(true);
    expect(isDue(feed, slot, { from: last, to: Math.floor(now / minute) * minute })).toBe(false);
  });

  it('waits until a pause ends', () => {
    const notBefore = Date.parse('2026-11-22T15:00:30Z');

    expect(nextPoll(feedOf({ rhythm: { everyMs: minute } }), { notBefore }, { lastTick, now })).toBe(
      Date.parse('2026-11-22T15:01:00Z'),
    );
  });

  it('for a feed that was never polled is at the next tick', () => {
    expect(nextPoll(feedOf(), undefined, { lastTick, now })).toBe(Date.parse('2026-11-22T12:04:00Z'));
  });

  it('after a standstill is at the next tick', () => {
    const longAgo = now - 3 * 60 * minute;

    expect(nextPoll(feedOf(), slot, { lastTick: longAgo, now })).toBe(Date.parse('2026-11-22T12:04:00Z'));
  });

  it.each([
    ['paused', feedOf({ paused: true }), slot],
    ['gone', feedOf(), { notBefore: 0, gone: true as const }],
  ])('is null while a feed is %s', (_, feed, its) => {
    expect(nextPoll(feed, its, { lastTick, now })).toBeNull();
  });
});

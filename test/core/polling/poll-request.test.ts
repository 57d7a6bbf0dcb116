import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedRow } from '../../../lib/core/polling/feed-row.ts';
import {
  afterDailyPoll,
  pollRequest,
  unconditionalMs,
  usableValidators,
} from '../../../lib/core/polling/poll-request.ts';
import { feedOf } from '../../support/entries.ts';
import { aFeedRow } from '../../support/store-rows.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 10, 20, 12);
const feed = feedOf();
const both = { etag: '"a"', lastModified: 'Fri, 20 Nov 2026 08:00:00 GMT' };
const modifiedAt = Date.UTC(2026, 10, 20, 8);
const asked = (given: Partial<FeedRow>, at = now) =>
  pollRequest({ feed, row: aFeedRow({ validators: both, newest: null, ...given }), now: at });

describe('the validators worth sending', () => {
  it.each([
    ['both as the server gave them', both, modifiedAt, both],
    ['both when no entry has a date', both, null, both],
    [
      'no Last-Modified that is older than the newest entry',
      both,
      modifiedAt + 1,
      { ...both, lastModified: null },
    ],
    ['none when an old Last-Modified is all there is', { ...both, etag: null }, modifiedAt + 1, null],
    [
      'a Last-Modified that is no date, for some servers compare the text',
      { etag: null, lastModified: '0' },
      now,
      { etag: null, lastModified: '0' },
    ],
    ['none when the server gave none', { etag: null, lastModified: null }, now, null],
  ])('are %s', (_, validators, newest, sent) => {
    expect(usableValidators(aFeedRow({ validators, newest }))).toEqual(sent);
  });
});

describe('a poll', () => {
  it('sends validators on any other poll of the day', () => {
    expect(asked({ unconditional: { lastAt: now } })).toMatchObject({
      request: { validators: both },
      isDaily: false,
    });
  });

  it.each([
    ['the last poll without them was a day ago', { unconditional: { lastAt: now - day } }],
    ['there never was one', {}],
  ])('goes without validators when %s', (_, given) => {
    expect(asked(given)).toMatchObject({ request: { validators: null }, isDaily: true });
  });

  it('goes without validators while a 304 of its server is not to be trusted, and is the daily one but once', () => {
    const unconditional = { lastAt: now, until: now + 1 };

    expect(asked({ unconditional })).toMatchObject({ request: { validators: null }, isDaily: false });
    expect(asked({ unconditional: { lastAt: now, until: now } })).toMatchObject({
      request: { validators: both },
    });
  });

  it('goes without validators when it is forced, and when nothing is known of the feed', () => {
    const row = aFeedRow({ unconditional: { lastAt: now } });

    expect(pollRequest({ feed, row, now, force: true })).toMatchObject({
      request: { validators: null, noCache: true },
      isDaily: true,
    });
    expect(pollRequest({ feed, row: null, now })).toMatchObject({
      request: { validators: null },
      isDaily: true,
    });
  });

  it('goes without validators once in any 24 hours, at another time for each feed', () => {
    fc.assert(
      fc.property(fc.webUrl(), fc.integer({ min: 5, max: 300 }), (url, everyMinutes) => {
        const row = aFeedRow({ url });
        const daily: number[] = [];
        for (let at = now; at < now + 5 * day; at += everyMinutes * 60_000) {
          const { isDaily } = pollRequest({ feed: feedOf({ url }), row, now: at });
          if (!isDaily) continue;
          daily.push(at);
          row.unconditional = { lastAt: at };
        }
        expect(daily.length).toBeGreaterThanOrEqual(5);
        expect(daily.length).toBeLessThanOrEqual(6);
      }),
      { numRuns: 50 },
    );
  });
});

it('keeps from a daily poll when it was, and for 30 days that a 304 was wrong', () => {
  const caught = afterDailyPoll(undefined, { now, isWrong: true });

  expect(caught).toEqual({ lastAt: now, until: now + unconditionalMs });
  expect(afterDailyPoll(caught, { now: now + day, isWrong: false })).toEqual({
    lastAt: now + day,
    until: now + unconditionalMs,
  });
  expect(afterDailyPoll(caught, { now: now + unconditionalMs, isWrong: false })).toEqual({
    lastAt: now + unconditionalMs,
  });
});

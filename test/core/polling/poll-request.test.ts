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

describe('the validators to send', () => {
  it.each([
    ['both, as received', both, modifiedAt, both],
    ['both when no entry has a date', both, null, both],
    ['no Last-Modified older than the newest entry', both, modifiedAt + 1, { ...both, lastModified: null }],
    ['none if there is only an old Last-Modified', { ...both, etag: null }, modifiedAt + 1, null],
    [
      'a Last-Modified that is not a date, because some servers compare the text',
      { etag: null, lastModified: '0' },
      now,
      { etag: null, lastModified: '0' },
    ],
    ['none if none were received', { etag: null, lastModified: null }, now, null],
  ])('are %s', (_, validators, newest, sent) => {
    expect(usableValidators(aFeedRow({ validators, newest }))).toEqual(sent);
  });
});

describe('a poll', () => {
  it('sends validators except once a day', () => {
    expect(asked({ unconditional: { lastAt: now } })).toMatchObject({
      request: { validators: both },
      isDaily: false,
    });
  });

  it.each([
    ['the last poll without them was a day ago', { unconditional: { lastAt: now - day } }],
    ['there was no such poll yet', {}],
  ])('omits validators when %s', (_, given) => {
    expect(asked(given)).toMatchObject({ request: { validators: null }, isDaily: true });
  });

  it("omits validators while the server's 304 is not trusted, and counts as the daily poll only once", () => {
    const unconditional = { lastAt: now, until: now + 1 };

    expect(asked({ unconditional })).toMatchObject({ request: { validators: null }, isDaily: false });
    expect(asked({ unconditional: { lastAt: now, until: now } })).toMatchObject({
      request: { validators: both },
    });
  });

  it('omits validators when it is forced or the feed is unknown', () => {
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

  it('omits validators once in any 24 hours, at a different time for each feed', () => {
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

it('a daily poll stores when it ran, and for 30 days that a 304 was wrong', () => {
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

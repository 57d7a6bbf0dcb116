import { describe, expect, it } from 'vitest';
import { retryable } from '../../lib/core/errors.ts';
import type { Validators } from '../../lib/core/polling/feed-row.ts';
import type { FetchFeed } from '../../lib/core/ports.ts';
import { readStatus } from '../../lib/jobs/operator/read-status.ts';
import { story } from '../support/entries.ts';
import { world } from '../support/world.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const old = { published: '2025-12-01T00:00:00.000Z' };

type Server = (validators: Validators | null) => { is304: boolean; gives: Validators };

/**
 * A feed polled every hour whose server handles validators in its own way. `sent` lists the validators of each poll.
 */
const served = (server: Server) => {
  const w = world([{ rhythm: { everyMs: hour } }]);
  const sent: (Validators | null)[] = [];
  const { fetchFeed } = w.services;
  const withServer: FetchFeed = async (request) => {
    sent.push(request.validators);
    const { is304, gives } = server(request.validators);
    if (is304) return { kind: 'unchanged', hints: { freshUntil: null } };
    return { ...(await fetchFeed({ ...request, validators: null })), validators: gives } as Awaited<
      ReturnType<FetchFeed>
    >;
  };
  w.services.fetchFeed = withServer;
  const status = async () => {
    const needs = { ...w.services, queueDepths: async () => null };
    return (await readStatus(needs)).feeds[0];
  };
  return { ...w, sent, status };
};

const stuckEtag: Server = (validators) => ({
  is304: validators !== null,
  gives: { etag: '"0-0"', lastModified: null },
});

describe('a server that always responds 304', () => {
  it('is detected by the daily poll without validators', async () => {
    const w = served(stuckEtag);
    w.publish([story(1, old)]);
    await w.minutes(60);
    w.publish([story(2, old), story(1, old)]);

    await w.minutes(25 * 60);

    expect(w.rowTitled('Story 2')).toMatchObject({ state: 'drafted' });
    expect(w.reported('poll.wrong-304')).toHaveLength(1);
  });

  it('is polled without validators for 30 days, and status shows it', async () => {
    const w = served(stuckEtag);
    w.publish([story(1, old)]);
    await w.minutes(60);
    w.publish([story(2, old), story(1, old)]);
    await w.minutes(25 * 60);
    const caughtAt = w.state.now;
    w.sent.length = 0;
    w.publish([story(3, old), story(2, old), story(1, old)]);

    await w.minutes(60);

    expect(w.sent).toEqual([null]);
    expect(w.rowTitled('Story 3')).toMatchObject({ state: 'drafted' });
    const { unconditionalUntil } = (await w.status()) ?? {};
    expect(unconditionalUntil).toBeGreaterThan(caughtAt + 28 * day);
    expect(unconditionalUntil).toBeLessThanOrEqual(caughtAt + 30 * day);
  });

  it('is not assumed when the 304 was correct and an entry came between two polls', async () => {
    const w = world([{ rhythm: { everyMs: hour } }]);
    w.publish([story(1, old)]);
    await w.minutes(60);

    for (let n = 2; n < 60; n++) {
      w.publish([story(n, old), story(n - 1, old)]);
      await w.minutes(60);
    }

    expect(w.reported('poll.changed').length).toBeGreaterThan(55);
    expect(w.reported('poll.wrong-304')).toEqual([]);
  });

  it('is not assumed when the second request fails', async () => {
    let fails = false;
    const w = served((validators) => {
      if (validators !== null && fails) throw retryable('feed.timeout', 'www.example.com took too long');
      return stuckEtag(validators);
    });
    w.publish([story(1, old)]);
    await w.minutes(60);
    w.publish([story(2, old), story(1, old)]);
    await w.services.feedStore.read('newsroom');
    w.state.now += day;
    fails = true;

    await w.poll();

    expect(w.rowTitled('Story 2')).toBeDefined();
    expect(w.reported('poll.wrong-304')).toEqual([]);
    expect(await w.status()).toMatchObject({ health: 'ok', unconditionalUntil: null });
  });
});

it('is not misled by a Last-Modified that is older than the feed’s entries', async () => {
  const w = served((validators) => ({
    is304: validators?.lastModified != null,
    gives: { etag: null, lastModified: 'Thu, 01 Jan 1970 00:00:01 GMT' },
  }));
  w.publish([story(1, old)]);
  await w.minutes(60);
  w.publish([story(2, old), story(1, old)]);

  await w.minutes(60);

  expect(w.rowTitled('Story 2')).toMatchObject({ state: 'drafted' });
});

it('polls once a day without validators, and records when, for a feed whose 304s are correct', async () => {
  const w = served((validators) => ({
    is304: validators?.etag === '"a"',
    gives: { etag: '"a"', lastModified: null },
  }));
  w.publish([story(1, old)]);
  await w.minutes(10 * 24 * 60);

  expect(w.sent.filter((validators) => validators === null)).toHaveLength(11); // the first poll, and one a day
  expect(w.reported('poll.changed')).toHaveLength(1);
  const { lastAt = 0 } = w.stores.feedStore.memory.feeds.get('newsroom')?.unconditional ?? {};
  expect(w.state.now - lastAt).toBeLessThanOrEqual(day);
});

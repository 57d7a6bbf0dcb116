import { describe, expect, it } from 'vitest';
import { permanent, retryable } from '../../lib/core/errors.ts';
import { story } from '../support/entries.ts';
import { world } from '../support/world.ts';

const minute = 60_000;
const hour = 60 * minute;
const unreachable = retryable('feed.unreachable', 'www.example.com refuses connections');
/** Runs ticks every ten minutes, to simulate a week quickly. */
const live = async (w: ReturnType<typeof world>, ms: number) => {
  for (const end = w.state.now + ms; w.state.now < end; ) {
    w.state.now += 10 * minute;
    await w.tick();
    await w.deliverFeeds();
  }
};

describe('a feed that keeps failing', () => {
  it('is reported once after a day, and once more when it works again', async () => {
    const w = world([{ rhythm: { everyMs: hour } }]);
    w.publish(unreachable);

    await live(w, 14 * hour);
    const early = w.reported('feed.failing').length;
    await live(w, 10 * 24 * hour);
    const failing = w.reported('feed.failing');
    w.publish([story(1)]);
    await live(w, 3 * 24 * hour);

    expect(early).toBe(0);
    expect(failing).toEqual([
      expect.objectContaining({ feed: 'newsroom', code: 'feed.unreachable', message: unreachable.message }),
    ]);
    expect(w.reported('feed.working')).toEqual([
      expect.objectContaining({ feed: 'newsroom', code: 'feed.unreachable' }),
    ]);
  });

  it('is reported after ten failures in a row, even within an hour', async () => {
    const w = world();
    w.publish(unreachable);

    for (let poll = 0; poll < 9; poll++) await w.poll();
    const before = w.reported('feed.failing').length;
    for (let poll = 0; poll < 5; poll++) await w.poll();

    expect(before).toBe(0);
    expect(w.reported('feed.failing')).toMatchObject([{ failures: 10 }]);
  });

  it('is reported again when it fails again', async () => {
    const w = world();
    for (let round = 0; round < 2; round++) {
      w.publish(unreachable);
      for (let poll = 0; poll < 12; poll++) await w.poll();
      w.publish([story(round)]);
      await w.poll();
    }

    expect(w.reported('feed.failing')).toHaveLength(2);
    expect(w.reported('feed.working')).toHaveLength(2);
  });

  it('is not reported when the failure is brief', async () => {
    const w = world();
    w.publish(unreachable);
    await w.poll();
    w.publish([story(1)]);
    await w.poll();

    expect(w.reported('poll.recovered')).toHaveLength(1);
    expect([...w.reported('feed.failing'), ...w.reported('feed.working')]).toEqual([]);
  });

  it('is reported at once when it is gone', async () => {
    const w = world();
    w.publish(permanent('feed.gone', '410'));

    await w.poll();

    expect(w.reported('feed.failing')).toMatchObject([{ code: 'feed.gone', failures: 1 }]);
  });

  it('is reported once when two workers notice at the same time', async () => {
    const w = world();
    w.publish(unreachable);
    for (let poll = 0; poll < 9; poll++) await w.poll();

    await Promise.all([w.poll(), w.poll()]);

    expect(w.reported('feed.failing')).toHaveLength(1);
  });

  it('stores the start, count, cause and next try on its row', async () => {
    const w = world();
    const since = w.state.now;
    w.publish(unreachable);
    await w.poll();
    w.state.now += hour;
    w.publish(permanent('feed.html-page', 'a page, not a feed'));
    await w.poll();

    expect(w.stores.feedStore.memory.feeds.get('newsroom')?.trouble).toEqual({
      url: w.url(),
      code: 'feed.html-page',
      message: 'a page, not a feed',
      since,
      failures: 2,
      lastAt: w.state.now,
      nextAt: w.state.now + 7.5 * minute,
    });
  });
});

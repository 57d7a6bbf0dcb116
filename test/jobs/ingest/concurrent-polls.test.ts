import { describe, expect, it } from 'vitest';
import { ingestFeeds } from '../../../lib/jobs/ingest/ingest-feeds.ts';
import { story } from '../../support/entries.ts';
import { world } from '../../support/world.ts';

describe('two concurrent pollers', () => {
  it('baseline a first poll’s entries once, whichever finishes first', async () => {
    const w = world();
    w.publish([story(1), story(2)]);

    await Promise.all([w.poll(), w.poll()]);

    expect(w.sums()).toEqual({ baselined: 2 });
  });

  it('make one draft of a new entry', async () => {
    const w = world();
    await w.poll();
    w.publish([story(1)]);

    await Promise.all([w.poll(), w.poll()]);
    await w.deliverWakeUps();

    expect(w.posts).toHaveLength(1);
  });

  it('do not baseline an entry published after the faster one finished the first poll', async () => {
    const w = world();
    w.publish([story(1)]);
    const fetchFeed = w.services.fetchFeed;
    let raced = false;
    const slow = {
      ...w.services,
      fetchFeed: async (request: Parameters<typeof fetchFeed>[0]) => {
        if (raced) return fetchFeed(request);
        raced = true;
        await w.poll(); // the other poll starts and ends here
        w.publish([story(2), story(1)]);
        return fetchFeed(request);
      },
    };

    await ingestFeeds(slow)({ feeds: ['newsroom'], receiveCount: 1 }, w.call);

    expect(w.rowTitled('Story 2')?.state).toBe('queued');
  });
});

it('raises one alert for a rebuilt site, even with two concurrent polls', async () => {
  const w = world();
  const old = [1, 2, 3, 4, 5].map((n) => story(n, { published: `2025-01-0${n}T00:00:00.000Z` }));
  w.publish(old);
  await w.poll();
  w.publish(old.map((entry, i) => ({ ...entry, id: `new-${i}`, link: `https://new.example.com/${i}` })));

  await Promise.all([w.poll(), w.poll()]);

  expect(w.sums()).toEqual({ baselined: 5, held: 5 });
  expect(w.reported('poll.batch-held')).toHaveLength(1);
});

import { describe, expect, it } from 'vitest';
import { retryable } from '../../lib/core/errors.ts';
import { readStatus } from '../../lib/jobs/operator/read-status.ts';
import { story } from '../support/entries.ts';
import { type World, world } from '../support/world.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const busy = retryable('feed.throttled', 'one.example returned 429', { retryAfterMs: hour });

/** A fleet of `n` feeds on one host, and one feed on another. */
const fleet = (n: number, everyMs = day) => {
  const writes: string[] = [];
  const w = world(
    [
      ...Array.from({ length: n }, (_, i) => ({ id: `f${i}`, url: `https://one.example/${i}` })),
      { id: 'other', url: 'https://other.example/feed' },
    ].map((feed) => ({ ...feed, rhythm: { everyMs } })),
    { before: (name) => void (/^feeds\.(save|set|end)/.test(name) && writes.push(name)) },
  );
  return { ...w, writes };
};
const all = (w: World, response: Parameters<World['publish']>[0]) => {
  for (const { id, url } of w.config.feeds) if (url.includes('one.example')) w.publish(response, id);
};

describe('a host that answers 429', () => {
  it('is polled once a tick and costs one write per message, however many feeds it has', async () => {
    const w = fleet(300);
    all(w, busy);

    await w.tick();
    w.writes.length = 0;
    await w.deliverFeeds();

    expect(w.state.fetches).toBe(2); // one of them to the other host
    expect(w.writes.filter((name) => name === 'feeds.saveBackOff')).toHaveLength(15);
    expect(w.writes.length).toBeLessThanOrEqual(15 + 3); // the failed feed's row and the other host's feed row
    expect(w.stores.feedStore.memory.backOffs.size).toBe(1);
  });

  it('is not polled until its rest ends, while other hosts are', async () => {
    const w = fleet(30, 10 * minute);
    all(w, busy);
    await w.minutes(1);
    const { fetches } = w.state;

    await w.minutes(50);

    expect(w.state.fetches - fetches).toBe(5); // all to the other host
  });

  it('has every deferred feed polled after its rest, even if the next poll is a day away', async () => {
    const w = fleet(30);
    await w.minutes(1);
    w.state.now += day;
    all(w, busy);
    await w.minutes(1);
    all(w, [story(1)]);

    await w.minutes(120);

    const read = [...w.stores.feedStore.memory.feeds.values()].filter(({ counts }) => counts?.seen === 1);
    expect(read).toHaveLength(30);
    expect(w.stores.feedStore.memory.backOffs.size).toBe(0);
  });

  it('has feeds that became due during its rest polled afterwards', async () => {
    const w = fleet(60);
    await w.minutes(1);
    await w.stores.feedStore.saveBackOff({
      host: 'one.example',
      rev: 1,
      since: w.state.now,
      until: w.state.now + 12 * hour,
      feeds: [],
    });
    all(w, [story(1)]);
    w.state.now += 12 * hour;

    await w.minutes(5);

    const read = [...w.stores.feedStore.memory.feeds.values()].filter(({ counts }) => counts?.seen === 1);
    expect(read.length).toBeGreaterThan(15); // about half of them
    expect(read.length).toBeLessThan(45);
  });

  it('is not polled for a new feed or a feed that moved to it', async () => {
    const w = fleet(2);
    all(w, busy);
    await w.minutes(1);
    const [first] = w.config.feeds;
    if (first) w.config.feeds.push({ ...first, id: 'new', url: 'https://one.example/new' });
    all(w, [story(1)]);
    const { fetches } = w.state;

    await w.minutes(30);
    const meanwhile = w.state.fetches - fetches;
    await w.minutes(60);

    expect(meanwhile).toBe(0);
    expect(w.stores.feedStore.memory.feeds.get('new')).toMatchObject({ counts: { seen: 1 } });
  });

  it('is shown once by status', async () => {
    const w = fleet(30);
    all(w, busy);
    await w.minutes(1);

    const { hostBackOffs } = await readStatus({ ...w.services, queueDepths: async () => null });

    expect(hostBackOffs).toEqual([
      { host: 'one.example', until: w.state.now + hour, feeds: expect.toSatisfy((ids) => ids.length === 30) },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { noEditorial } from '../../../lib/core/editorial/editorial.ts';
import { permanent } from '../../../lib/core/errors.ts';
import { pausePosting } from '../../../lib/jobs/operator/pause-posting.ts';
import { resumePosting } from '../../../lib/jobs/operator/resume-posting.ts';
import { pollFeeds } from '../../../lib/jobs/poll/poll-feeds.ts';
import { story } from '../../support/entries.ts';
import { aSlot } from '../../support/store-rows.ts';
import { type World, world } from '../../support/world.ts';

const minute = 60_000;
const many = (n: number, host = (i: number) => `${i}.example.com`) =>
  Array.from({ length: n }, (_, i) => ({
    id: `feed-${i}`,
    url: `https://${host(i)}/feed/${i}.xml`,
    rhythm: { everyMs: 60 * minute },
  }));

describe('a tick', () => {
  it('sends feeds that were never polled at once, twenty per message, and not again before they are due', async () => {
    const w = world(many(45));

    await w.tick();
    const messages = w.stores.queues.feeds.splice(0);
    w.state.now += 1;
    await w.tick();

    expect(messages.map(({ feeds }) => feeds.length)).toEqual([20, 20, 5]);
    expect(new Set(messages.flatMap(({ feeds }) => feeds)).size).toBe(45);
    expect(w.stores.queues.feeds.length).toBeLessThan(2);
  });

  it('does not overwrite the slot written by a faster poll', async () => {
    const w = world(many(1));
    const notBefore = w.state.now + 60 * minute;
    const feedStore = { ...w.services.feedStore };
    const sendFeeds = async () => feedStore.setSlot('feed-0', aSlot({ notBefore }, w.url('feed-0')));

    await pollFeeds({ ...w.services, sendFeeds })({ scheduledAt: w.state.now }, w.call);

    expect((await feedStore.schedule()).slots).toEqual(
      new Map([['feed-0', aSlot({ notBefore }, w.url('feed-0'))]]),
    );
  });

  it('sends feeds of one host together', async () => {
    const w = world(many(40, (i) => (i % 2 ? 'odd.example.com' : 'even.example.com')));

    await w.tick();

    const hosts = w.stores.queues.feeds.map(
      ({ feeds }) => new Set(feeds.map((id) => Number(id.slice(5)) % 2)).size,
    );
    expect(hosts).toEqual([1, 1]);
  });

  it('never splits a host’s feeds over messages that are received together', async () => {
    const w = world([...many(19), ...many(23, () => 'one.example.com').slice(19)]);

    await w.tick();

    const ofHost = w.stores.queues.feeds.map(({ feeds }) =>
      feeds.filter((id) => w.url(id).includes('//one.')),
    );
    expect(ofHost.map((ids) => ids.length).filter((length) => length > 0)).toEqual([4]);
  });

  it('delays the messages of a host with more than twenty feeds', async () => {
    const w = world(many(60, () => 'one.example.com'));

    await w.tick();

    expect(w.stores.queues.feeds.map(({ feeds, delaySeconds }) => [feeds.length, delaySeconds])).toEqual([
      [20, undefined],
      [20, 20],
      [20, 40],
    ]);
  });

  it('polls each feed once per interval, whatever the timing of ticks', async () => {
    const w = world(many(12));
    const polled = new Map<string, number>();
    const steps = [1, 1, 3, 60, 1, 1, 5, 600, 1, 47];
    await w.tick();
    w.stores.queues.feeds.length = 0;

    for (const step of steps) {
      w.state.now += step * minute;
      await w.tick();
      await w.tick(); // delivered twice
      for (const id of w.stores.queues.feeds.splice(0).flatMap(({ feeds }) => feeds))
        polled.set(id, (polled.get(id) ?? 0) + 1);
    }

    for (const times of polled.values()) {
      expect(times).toBeGreaterThanOrEqual(3); // 60, 600 and 47 minutes each contain a due time, most short steps none
      expect(times).toBeLessThanOrEqual(4);
    }
    expect(polled.size).toBe(12);
  });

  it('polls nothing when it is older than the last one', async () => {
    const w = world(many(5));
    await w.tick();
    w.state.now += 61 * minute;
    await w.tick();
    w.stores.queues.feeds.length = 0;

    await pollFeeds(w.services)({ scheduledAt: w.state.now - 30 * minute }, w.call);

    expect(w.stores.queues.feeds).toEqual([]);
    expect(w.stores.feedStore.memory.tick?.lastTick).toBe(w.state.now);
  });

  it('sends before it saves, so that one that dies between is repeated', async () => {
    let dies = true;
    const w = world(many(3), {
      before: (name) => {
        if (dies && name === 'feeds.saveTick') throw new Error('killed');
      },
    });
    await expect(w.tick()).rejects.toThrow('killed');
    dies = false;
    w.state.now += 61 * minute;

    await w.tick();

    const sent = w.stores.queues.feeds.flatMap(({ feeds }) => feeds);
    expect(sent.slice(0, 3).sort()).toEqual(['feed-0', 'feed-1', 'feed-2']);
  });

  it('treats a future time as now, and does not stop later ticks', async () => {
    const w = world(many(5));
    await w.tick();
    w.stores.queues.feeds.length = 0;
    const at = w.state.now + 30 * 24 * 60 * minute;

    await pollFeeds(w.services)({ scheduledAt: at }, w.call);
    const sent = w.stores.queues.feeds.splice(0).length;
    w.state.now += 61 * minute;
    await w.tick();

    expect(w.reported('tick.from-future')).toMatchObject([{ at }]);
    expect(sent).toBe(0);
    expect(w.stores.queues.feeds.flatMap(({ feeds }) => feeds)).toHaveLength(5);
  });

  it('recovers from a tick whose clock was ahead', async () => {
    const w = world(many(5));
    w.state.now += 30 * 24 * 60 * minute;
    await w.tick();
    w.state.now -= 30 * 24 * 60 * minute;
    w.stores.queues.feeds.length = 0;

    for (let minutes = 0; minutes <= 60; minutes++) {
      await w.tick();
      w.state.now += minute;
    }

    expect(w.reported('tick.from-future')).toHaveLength(1);
    expect(w.stores.feedStore.memory.tick?.lastTick).toBe(w.state.now - minute);
    expect(new Set(w.stores.queues.feeds.flatMap(({ feeds }) => feeds)).size).toBe(5);
  });

  it('logs tick.done before its sweep, whatever happens there', async () => {
    const w = world(many(1), {
      before: (name) => {
        if (name === 'ledger.due') throw new Error('killed');
      },
    });

    await expect(w.tick()).rejects.toThrow('killed');

    expect(w.events).toEqual([{ event: 'tick.done', due: 1, messages: 1 }]);
  });

  it('logs one line, and its sweep another', async () => {
    const w = world(many(3));

    await w.tick();

    expect(w.events).toEqual([
      { event: 'tick.done', due: 3, messages: 1 },
      { event: 'sweep.done', woken: 0, expiredLeases: 0, oldestWaitingMs: null },
    ]);
  });
});

describe('a manual poll', () => {
  it('is sent whatever the interval', async () => {
    const w = world(many(3));

    await pollFeeds(w.services)({ feeds: ['feed-1'] }, w.call);

    expect(w.stores.queues.feeds).toEqual([{ feeds: ['feed-1'], manual: true }]);
  });

  it('lists the known feeds when the feed is unknown', async () => {
    const w = world(many(2));

    await expect(pollFeeds(w.services)({ feeds: ['nope'] }, w.call)).rejects.toMatchObject({
      code: 'tick.unknown-feed',
      message: expect.stringContaining('Feeds: feed-0, feed-1'),
    });
  });
});

const waits = (w: World) =>
  w.events.flatMap((news) => (news.event === 'sweep.done' ? [news.oldestWaitingMs] : []));

describe('a tick’s sweep', () => {
  it('wakes only as many rows as can be processed, minus those already woken, oldest first', async () => {
    const w = world();
    await w.poll();
    w.publish(Array.from({ length: 30 }, (_, i) => story(i)));
    await w.poll();
    w.services.wakeUpsATick = 10;
    w.stores.queues.wakeUps.length = 4;
    w.state.now += 3 * minute;

    await w.tick();

    expect(w.stores.queues.wakeUps).toHaveLength(10);
    expect(w.events.at(-1)).toMatchObject({ event: 'sweep.done', woken: 6, oldestWaitingMs: 3 * minute });
  });

  it('moves eight rows at a time, so that a thousand do not outlast the tick', async () => {
    const load = { now: 0, most: 0 };
    const w = world([{ backfill: 100 }], {
      before: async (name) => {
        if (name !== 'ledger.replace') return;
        load.most = Math.max(load.most, ++load.now);
        await Promise.resolve();
      },
      after: (name) => {
        if (name === 'ledger.replace') load.now -= 1;
      },
    });
    w.publish(Array.from({ length: 100 }, (_, i) => story(i)));
    await w.poll();
    w.stores.queues.wakeUps.length = 0;
    w.state.now += 3 * minute;

    await w.tick();

    expect(w.stores.queues.wakeUps).toHaveLength(100);
    expect(load).toEqual({ now: 0, most: 8 });
  });

  it('reports at every tick how long the oldest row has waited, even while it backs off', async () => {
    const w = world();
    const { create } = w.services.dash;
    w.services.dash.create = async (post, options) =>
      post.text === 'Story 1'
        ? { kind: 'not-created', code: 'dash.refused', message: '413', rate: null }
        : create(post, options);
    await w.poll();
    w.publish([story(1)]);
    await w.poll();

    for (let n = 2; n <= 200; n++) {
      w.publish([story(n), story(n - 1)]);
      await w.minutes(1);
    }

    const reported = w.events.flatMap((news) =>
      news.event === 'sweep.done' ? [news.oldestWaitingMs ?? 0] : [],
    );
    const [{ failures = 0 } = {}] = w.rows().filter(({ title }) => title === 'Story 1');
    expect(failures).toBeGreaterThan(4);
    expect(w.reported('circuit.opened')).toEqual([]);
    expect(reported.slice(-60).every((ms) => ms > 2 * 60 * minute)).toBe(true);
  });

  it.each(['all', 'brand/144', 'feed/newsroom'] as const)(
    'reports how long the oldest row has waited while a pause of %s holds it back, and nothing once it is sent',
    async (scope) => {
      const w = world([{}, { id: 'other', url: 'https://other.example.com/feed', brandId: 7 }]);
      await w.poll();
      w.publish([story(1)]);
      await w.poll();
      w.stores.queues.wakeUps.length = 0;
      await pausePosting(w.services, scope);
      w.events.length = 0;

      await w.minutes(120);
      const paused = waits(w);
      await resumePosting(w.services, scope);
      await w.minutes(3);

      expect(paused.slice(2)).toEqual(Array.from({ length: 118 }, (_, i) => (i + 3) * minute));
      expect(w.sums()).toEqual({ drafted: 1 });
      expect(waits(w).at(-1)).toBeNull();
    },
  );

  it('reports it at every tick of a day-long outage, so that no alarm resolves', async () => {
    const w = world([{ whenUncertain: 'park' }]);
    await w.poll();
    w.publish(Array.from({ length: 10 }, (_, i) => story(i + 1)));
    await w.poll();
    Object.assign(w.state, { response: 'lost, not created', up: false });
    await w.deliverWakeUps();
    w.events.length = 0;

    await w.minutes(24 * 60);

    expect(waits(w).slice(2)).not.toContain(null); // until then the first wake-ups are not overdue
  });

  it('does not count a row deferred by its feed’s limit as waiting', async () => {
    const w = world([{ editorial: { ...noEditorial, limits: { perDay: 1, perHour: null, quiet: null } } }]);
    await w.poll();
    w.publish([story(2), story(1)]);
    await w.poll();

    await w.minutes(6 * 60);

    const reported = w.events.flatMap((news) =>
      news.event === 'sweep.done' ? [news.oldestWaitingMs ?? 0] : [],
    );
    expect(w.sums()).toEqual({ drafted: 1, queued: 1 });
    expect(Math.max(...reported)).toBeLessThanOrEqual(3 * minute);
  });

  it('does not let one brand’s backlog starve another brand', async () => {
    const w = world([{}, { id: 'other', url: 'https://other.example.com/feed', brandId: 7 }]);
    await w.poll();
    w.publish([story('b')], 'other');
    await w.poll(['other']);
    w.publish(Array.from({ length: 30 }, (_, i) => story(i)));
    w.state.now += 1;
    await w.poll(['newsroom']);
    w.stores.queues.wakeUps.length = 0;
    w.services.wakeUpsATick = 5;
    w.state.now += 3 * minute;

    await w.tick();

    expect(w.stores.queues.wakeUps.map(({ brand }) => brand)).toContain(7);
  });

  it('skips a row that cannot be read, and logs its key', async () => {
    const w = world([{}], {
      after: (name, [key], response) => {
        const { title = null } = (response ?? {}) as { title?: string | null };
        if (name === 'ledger.read' && title === 'Story 1')
          throw permanent('ledger.corrupt-row', `Ledger row ${key} cannot be read`);
      },
    });
    await w.poll();
    w.publish([story(2), story(1)]);
    await w.poll();
    w.stores.queues.wakeUps.length = 0;
    w.state.now += 3 * minute;

    await w.tick();

    expect(w.stores.queues.wakeUps).toHaveLength(2);
    expect(w.reported('row.corrupt')).toEqual([
      expect.objectContaining({ key: w.rowTitled('Story 1')?.key }),
    ]);
    expect(w.rowTitled('Story 2')?.wakeAt).toBe(w.state.now + 2 * minute);
  });

  it('wakes the rows of a removed brand, so that they are held', async () => {
    const w = world([{}, { id: 'other', url: 'https://other.example.com/feed', brandId: 7 }]);
    await w.minutes(1);
    w.publish([story('b')], 'other');
    await w.poll();
    w.stores.queues.wakeUps.length = 0;
    w.config.feeds.splice(1);

    await w.minutes(4);

    expect(w.rowTitled('Story b')).toMatchObject({ state: 'held', brand: 7 });
  });
});

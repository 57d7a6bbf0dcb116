import { describe, expect, it } from 'vitest';
import type { FeedConfig } from '../../lib/core/config/config.ts';
import { permanent, retryable } from '../../lib/core/errors.ts';
import { alertWorld } from '../support/alert-world.ts';
import { story } from '../support/entries.ts';
import { type World, world } from '../support/world.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const elsewhere = 'https://corrected.example/feed.xml';
const broken = retryable('feed.server-error', 'www.example.com returned 500');

/** Changes the address as a deployment of an edited feeds.yml would. */
const setAddress = (w: Pick<World, 'config'>, url: string) => {
  w.config.feeds[0] = { ...(w.config.feeds[0] as FeedConfig), url };
};

describe('a wrong address in feeds.yml', () => {
  const wrong = 'https://www.example.com/tpyo.xml';
  const failing = async (w: ReturnType<typeof alertWorld>) => {
    w.publish([story(1)]);
    await w.live(1);
    setAddress(w, wrong);
    w.publish(broken);
    for (let poll = 0; poll < 3; poll++) {
      await w.poll();
      w.state.now += day;
      await w.look();
    }
  };

  it('alerts like any other failure', async () => {
    const w = alertWorld();

    await failing(w);

    expect(w.takeNotices('slack', 'feed-failing')).toEqual(['began feed-failing/newsroom']);
    expect(w.reported('feed.failing')).toHaveLength(1);
  });

  it('resolves its alert when corrected', async () => {
    const w = alertWorld();
    await failing(w);
    w.takeNotices();
    setAddress(w, elsewhere);
    w.publish([story(2), story(1)]);

    await w.live(1);

    expect(w.takeNotices('slack', 'feed-failing')).toEqual(['over feed-failing/newsroom']);
  });
});

describe('a changed address in feeds.yml', () => {
  it.each([
    ['after many failed polls', broken, 9],
    ['after a 410', permanent('feed.gone', 'www.example.com returned 410'), 1],
    ['after a 429 with a one-day Retry-After', retryable('feed.throttled', '429', { retryAfterMs: day }), 1],
    ['after a success', [story(1)], 1],
  ])('is polled at the next tick %s', async (_, response, polls) => {
    const w = world([{ rhythm: { everyMs: day } }]);
    w.publish([story(1)]);
    await w.minutes(1);
    w.publish(response);
    for (let i = 0; i < polls; i++) await w.poll();
    setAddress(w, elsewhere);
    w.publish([story(2), story(1)]);
    const { fetches } = w.state;

    await w.minutes(1);

    expect(w.state.fetches).toBe(fetches + 1);
    expect(w.sums()).toMatchObject({ baselined: 1 });
  });

  it('is polled once, then at the feed’s usual interval', async () => {
    const w = world([{ rhythm: { everyMs: day } }]);
    w.publish([story(1)]);
    await w.minutes(1);
    setAddress(w, elsewhere);
    w.publish([story(1)]);
    const { fetches } = w.state;

    await w.minutes(12 * 60);

    expect(w.state.fetches - fetches).toBeLessThanOrEqual(2);
  });

  it('starts its own back-off instead of inheriting the old one’s', async () => {
    const w = world();
    w.publish(broken);
    for (let i = 0; i < 10; i++) await w.poll();
    setAddress(w, elsewhere);
    w.publish(broken);

    await w.minutes(1);

    expect(w.stores.feedStore.memory.feeds.get('newsroom')?.trouble).toMatchObject({
      url: elsewhere,
      failures: 1,
      since: w.state.now,
    });
  });

  it('drops the interval step learned for the old address', async () => {
    const rhythm = { adaptive: { meanMs: hour, minMs: 10 * minute, maxMs: day } };
    const w = world([{ rhythm }]);
    w.publish([story(1)]);
    await w.minutes(1);
    await w.services.feedStore.setIntervalStep('newsroom', { step: 17, from: w.state.now + day });
    setAddress(w, elsewhere);
    w.publish(broken);

    await w.minutes(1);

    const slot = (await w.services.feedStore.schedule()).slots.get('newsroom');
    expect(slot).not.toHaveProperty('step');
    expect(slot).not.toHaveProperty('quietUntil');
  });

  it('can be reverted without losing what is known about the old one', async () => {
    const w = world();
    w.publish([story(1)]);
    const old = w.url();
    await w.minutes(1);
    setAddress(w, elsewhere);
    w.publish(broken);
    await w.minutes(1);
    setAddress(w, old);
    w.publish([story(2), story(1)]);

    await w.minutes(1);

    expect(w.sums()).toEqual({ baselined: 1, drafted: 1 });
    expect(w.stores.feedStore.memory.feeds.get('newsroom')).toMatchObject({ url: old, trouble: null });
  });
});

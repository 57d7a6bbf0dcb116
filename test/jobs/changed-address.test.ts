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
const broken = retryable('feed.server-error', 'www.example.com answered 500');

/** As a deploy does after somebody has edited feeds.yml. */
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

  it('alerts as any failure does', async () => {
    const w = alertWorld();

    await failing(w);

    expect(w.told('slack', 'feed-failing')).toEqual(['began feed-failing/newsroom']);
    expect(w.reported('feed.failing')).toHaveLength(1);
  });

  it('ends its alert when it is corrected', async () => {
    const w = alertWorld();
    await failing(w);
    w.told();
    setAddress(w, elsewhere);
    w.publish([story(2), story(1)]);

    await w.live(1);

    expect(w.told('slack', 'feed-failing')).toEqual(['over feed-failing/newsroom']);
  });
});

describe('an address that is changed in feeds.yml', () => {
  it.each([
    ['after failures of many polls', broken, 9],
    ['after a 410', permanent('feed.gone', 'www.example.com answered 410'), 1],
    ['after a 429 for a day', retryable('feed.throttled', '429', { retryAfterMs: day }), 1],
    ['of a feed that answered', [story(1)], 1],
  ])('is asked at the next tick %s', async (_, answer, polls) => {
    const w = world([{ rhythm: { everyMs: day } }]);
    w.publish([story(1)]);
    await w.minutes(1);
    w.publish(answer);
    for (let i = 0; i < polls; i++) await w.poll();
    setAddress(w, elsewhere);
    w.publish([story(2), story(1)]);
    const { fetches } = w.state;

    await w.minutes(1);

    expect(w.state.fetches).toBe(fetches + 1);
    expect(w.sums()).toMatchObject({ baselined: 1 });
  });

  it('is asked once, and then as often as any feed', async () => {
    const w = world([{ rhythm: { everyMs: day } }]);
    w.publish([story(1)]);
    await w.minutes(1);
    setAddress(w, elsewhere);
    w.publish([story(1)]);
    const { fetches } = w.state;

    await w.minutes(12 * 60);

    expect(w.state.fetches - fetches).toBeLessThanOrEqual(2);
  });

  it('has its own back-off: one failure of it does not wait for the ten of the old one', async () => {
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

  it('leaves its place in the plan, which was learned at the old one', async () => {
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

  it('is taken back without losing what is known of the old one', async () => {
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

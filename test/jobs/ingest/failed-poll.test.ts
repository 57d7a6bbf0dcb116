import { describe, expect, it } from 'vitest';
import { permanent, retryable } from '../../../lib/core/errors.ts';
import { ingestFeeds } from '../../../lib/jobs/ingest/ingest-feeds.ts';
import { story } from '../../support/entries.ts';
import { aSlot } from '../../support/store-rows.ts';
import { world } from '../../support/world.ts';

const lastCounts = (w: ReturnType<typeof world>) =>
  w.events.filter((event) => event.event === 'poll.changed').at(-1)?.counts;

describe('a feed’s failure', () => {
  const unreachable = retryable('feed.unreachable', 'www.example.com refused the connection');
  const two = [{}, { id: 'products', url: 'https://www.example.com/products.xml' }];

  it('does not affect other feeds or fail the message', async () => {
    const w = world(two);
    w.publish(unreachable);
    w.publish([story(1)], 'products');

    await w.poll();

    expect(w.sums()).toEqual({ baselined: 1 });
    expect(w.stores.feedStore.memory.feeds.get('newsroom')?.trouble).toMatchObject({
      code: 'feed.unreachable',
      failures: 1,
    });
  });

  it('backs off up to a day, without limit, and ends when the feed works again', async () => {
    const w = world();
    w.publish(unreachable);
    const waits: number[] = [];
    for (let i = 0; i < 14; i++) {
      await w.poll();
      const { nextAt = 0 } = w.stores.feedStore.memory.feeds.get('newsroom')?.trouble ?? {};
      waits.push((nextAt - w.state.now) / 60_000);
    }
    expect(waits.slice(0, 4)).toEqual([3.75, 7.5, 15, 30]);
    expect(waits.at(-1)).toBe(1080); // three quarters of a day: jitter, here a half, takes off up to half

    w.publish([story(1)]);
    await w.poll();

    expect(w.stores.feedStore.memory.feeds.get('newsroom')?.trouble).toBeNull();
    expect(w.stores.feedStore.memory.slots.get('newsroom')).toEqual(aSlot());
    expect(w.reported('poll.recovered')).toHaveLength(1);
  });

  it('delays the next tick’s poll, even after a 429 at the first poll', async () => {
    const w = world();
    w.publish(retryable('feed.throttled', 'asked to wait', { retryAfterMs: 30 * 60_000 }));
    await w.minutes(5);
    w.publish([story(1)]);

    await w.minutes(20);
    const before = w.state.fetches;
    await w.minutes(10);

    expect(before).toBe(1);
    expect(w.sums()).toEqual({ baselined: 1 });
  });

  it('stops polling a feed that is gone, until its address changes', async () => {
    const w = world();
    w.publish(permanent('feed.gone', '410'));

    await w.minutes(60 * 26);

    expect(w.state.fetches).toBe(1);
    expect(w.stores.feedStore.memory.slots.get('newsroom')).toMatchObject({ gone: true });
  });

  it('keeps the document’s hash, so that no entry is missed', async () => {
    const w = world();
    w.publish([story(1)]);
    await w.poll();
    w.publish(unreachable);
    await w.poll();
    w.publish([story(2), story(1)]);

    await w.poll();

    expect(w.sums()).toEqual({ baselined: 1, queued: 1 });
  });
});

describe('our own failure', () => {
  it('saves neither hash nor validators, so that the next poll repeats the work', async () => {
    let failing = false;
    const w = world([{}], {
      before: (name) => {
        if (failing && name === 'ledger.insert') throw retryable('store.throttled', 'too many requests');
      },
    });
    w.publish([story(1)]);
    await w.poll();
    w.publish([story(2), story(1)]);
    failing = true;

    await expect(w.poll()).rejects.toMatchObject({ code: 'ingest.unsettled', kind: 'retryable' });
    expect(lastCounts(w)).toMatchObject({ seen: 2, known: 1, queued: 0 });
    failing = false;
    await w.poll();

    expect(w.sums()).toEqual({ baselined: 1, queued: 1 });
  });

  it('skips an entry whose row cannot be read, and takes the others', async () => {
    const w = world([{}], {
      after: (name, [key], response) => {
        const { title = null } = (response ?? {}) as { title?: string | null };
        if (name === 'ledger.read' && title === 'Story 1')
          throw permanent('ledger.corrupt-row', `Ledger row ${key} cannot be read`);
      },
    });
    await w.poll();
    w.publish([story(1)]);
    await w.poll();
    w.publish([story(2), story(1, { title: 'Corrected' })]);

    await w.poll();

    expect(w.reported('row.corrupt')).toHaveLength(1);
    expect(lastCounts(w)).toMatchObject({ seen: 2, known: 1, queued: 1 });
  });

  it('lets other feeds in the message finish before it fails', async () => {
    const w = world([{}, { id: 'products', url: 'https://www.example.com/products.xml' }]);
    w.publish(new TypeError('a bug'));
    w.publish([story(1)], 'products');

    await expect(w.poll()).rejects.toThrow('a bug');

    expect(w.sums()).toEqual({ baselined: 1 });
  });

  it('splits a message whose worker died into one message per feed', async () => {
    const w = world([{}, { id: 'products' }]);

    await ingestFeeds(w.services)({ feeds: ['newsroom', 'products'], receiveCount: 2 }, w.call);

    expect(w.stores.queues.feeds).toEqual([{ feeds: ['newsroom'] }, { feeds: ['products'] }]);
    expect(w.state.fetches).toBe(0);
  });

  it('stops before the invocation ends, and the next one takes the unsettled entries', async () => {
    const w = world();
    await w.poll();
    w.publish([story(1), story(2)]);

    await expect(
      ingestFeeds(w.services)(
        { feeds: ['newsroom'], receiveCount: 1 },
        { ...w.call, remainingMs: () => 100 },
      ),
    ).rejects.toMatchObject({ code: 'ingest.unsettled' });
    await w.poll();

    expect(w.sums()).toEqual({ queued: 2 });
  });
});

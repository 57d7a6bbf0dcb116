import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../lib/core/entries/entry.ts';
import { permanent, retryable } from '../../../lib/core/errors.ts';
import type { FeedRow } from '../../../lib/core/polling/feed-row.ts';
import { ingestFeeds } from '../../../lib/jobs/ingest/ingest-feeds.ts';
import { story } from '../../support/entries.ts';
import { aSlot } from '../../support/store-rows.ts';
import { world } from '../../support/world.ts';

const lastCounts = (w: ReturnType<typeof world>) =>
  w.events.filter((event) => event.event === 'poll.changed').at(-1)?.counts;

describe('a poll', () => {
  it('baselines existing entries, then queues and wakes new ones', async () => {
    const w = world();
    w.publish([story(2), story(1)]);
    await w.poll();
    expect(lastCounts(w)).toEqual({ seen: 2, known: 0, baselined: 2, filtered: 0, held: 0, queued: 0 });

    w.publish([story(3), story(2), story(1)]);
    await w.poll();

    expect(lastCounts(w)).toEqual({ seen: 3, known: 2, baselined: 0, filtered: 0, held: 0, queued: 1 });
    expect(w.stores.queues.wakeUps).toEqual([{ key: w.rowTitled('Story 3')?.key, brand: 144 }]);
  });

  it('makes drafts only of the backfill', async () => {
    const w = world([{ backfill: 1 }]);
    w.publish([story(3), story(2), story(1)]);

    await w.poll();
    await w.deliverWakeUps();

    expect(w.posts.map(({ post }) => post.text)).toEqual(['Story 3']);
  });

  it('sends the oldest first', async () => {
    const w = world();
    await w.poll();
    w.publish([story(3), story(2), story(1)]);

    await w.poll();
    await w.deliverWakeUps();

    expect(w.posts.map(({ post }) => post.text)).toEqual(['Story 1', 'Story 2', 'Story 3']);
  });

  it('writes nothing when nothing has changed', async () => {
    const writes: string[] = [];
    const w = world([{}], {
      before: (name) => void (/insert|replace|save|set|send|put/.test(name) && writes.push(name)),
    });
    w.publish([story(1)]);
    await w.poll();
    writes.length = 0;

    await w.poll();

    expect(writes).toEqual([]);
    expect(w.reported('poll.unchanged')).toMatchObject([{ status: 304, bytes: 0 }]);
  });

  it('writes four rows per new entry, one feed row and one batch of wake-ups', async () => {
    const calls: string[] = [];
    const w = world([{}], { before: (name) => void calls.push(name) });
    await w.poll();
    calls.length = 0;
    w.publish([story(1), story(2), story(3)]);

    await w.poll();

    const count = (name: string) => calls.filter((one) => one === name).length;
    expect({
      inserts: count('ledger.insert'),
      replaces: count('ledger.replace'),
      saves: count('feeds.save'),
      sends: count('queues.sendWakeUps'),
    }).toEqual({ inserts: 12, replaces: 0, saves: 1, sends: 1 });
  });

  it('recognizes an unchanged document by its hash when the server sends no validators', async () => {
    const w = world();
    w.publish([story(1)]);
    await w.poll();
    const { feeds } = w.stores.feedStore.memory;
    const row = feeds.get('newsroom') as FeedRow;
    feeds.set('newsroom', { ...row, validators: { etag: null, lastModified: null } });

    await w.poll();

    expect(w.reported('poll.unchanged')).toMatchObject([{ status: 200 }]);
    const [first] = w.reported('poll.changed') as { bytes: number }[];
    expect(first?.bytes).toBeGreaterThan(0);
    expect(w.reported('poll.unchanged')).toMatchObject([{ bytes: first?.bytes }]);
  });

  it('holds an entry that cannot be rendered instead of losing it', async () => {
    const w = world([{ caption: '{{ summary }}' }]);
    await w.poll();
    w.publish([story(1, { summary: null }), story(2)]);

    await w.poll();

    expect(lastCounts(w)).toMatchObject({ held: 1, queued: 1 });
    expect(w.rowTitled('Story 1')).toMatchObject({
      state: 'held',
      post: null,
      history: [{ code: 'caption.empty' }],
    });
  });

  it('makes a draft of the first entry after an empty first poll', async () => {
    const w = world();
    w.publish([]);
    await w.poll();
    w.publish([story(1)]);

    await w.poll();

    expect(w.sums()).toEqual({ queued: 1 });
  });

  it('knows an entry that leaves the window and comes back', async () => {
    const w = world();
    w.publish([story(1)]);
    await w.poll();
    w.publish([story(2)]);
    await w.poll();
    w.publish([story(1), story(2)]);

    await w.poll();

    expect(w.sums()).toEqual({ baselined: 1, queued: 1 });
    expect(lastCounts(w)).toMatchObject({ known: 2 });
  });

  it('baselines an entry listed below all known ones and dated before the feed was added', async () => {
    const w = world();
    w.publish([story(2, { published: '2026-01-02T00:00:00.000Z' })]);
    await w.poll();
    w.publish([
      story(2, { published: '2026-01-02T00:00:00.000Z' }),
      story(1, { published: '2025-12-31T00:00:00.000Z' }),
    ]);

    await w.poll();

    expect(w.rowTitled('Story 1')?.history).toMatchObject([
      { state: 'baselined', code: 'entry.older-than-feed' },
    ]);
  });

  it('reports a possible gap and still takes every entry', async () => {
    const w = world();
    w.publish([story(1)]);
    await w.poll();
    w.publish([story(8), story(9)]);

    await w.poll();

    expect(w.reported('poll.gap')).toHaveLength(1);
    expect(w.sums()).toEqual({ baselined: 1, queued: 2 });
  });
});

describe('one story', () => {
  it.each([
    ['with its title corrected', story(1, { title: 'Corrected' })],
    ['with its guid regenerated', story(1, { id: 'regenerated' })],
    [
      'with its link flipped to http and a tracking parameter',
      story(1, { link: 'http://www.example.com/1/?utm_source=rss' }),
    ],
    ['with its date edited', story(1, { published: '2030-01-01T00:00:00.000Z' })],
  ])('%s is one draft', async (_, changed) => {
    const w = world();
    await w.poll();
    w.publish([story(1)]);
    await w.poll();
    w.publish([story(2), changed]);

    await w.poll();
    w.publish([changed]);
    await w.poll();
    await w.deliverWakeUps();

    expect(w.posts.map(({ post }) => post.text)).toEqual(['Story 1', 'Story 2']);
  });

  it('listed twice in one document is one draft', async () => {
    const w = world();
    await w.poll();
    w.publish([story(1), story(1)]);

    await w.poll();
    await w.deliverWakeUps();

    expect(w.posts).toHaveLength(1);
    expect(lastCounts(w)).toMatchObject({ seen: 2, known: 1, queued: 1 });
  });

  it('in two feeds of a brand is one draft', async () => {
    const w = world([{}, { id: 'products', url: 'https://www.example.com/products.xml' }]);
    await w.poll();
    w.publish([story(1)]);
    w.publish([story(1, { id: 'other-guid' })], 'products');

    await w.poll();
    await w.deliverWakeUps();

    expect(w.posts).toHaveLength(1);
    expect(
      w.events
        .filter((event) => event.event === 'poll.changed')
        .slice(-2)
        .map((event) => event.counts.queued + event.counts.known),
    ).toEqual([1, 1]);
  });

  it('in feeds of two brands with the same address is a draft in each', async () => {
    const w = world([{}, { id: 'other', brandId: 7 }]);
    await w.poll();
    w.publish([story(1)]);

    await w.poll();
    await w.deliverWakeUps();

    expect(w.posts.map(({ post }) => post.brand_id).sort()).toEqual([144, 7]);
  });

  it('in feeds of two brands is a draft in each', async () => {
    const w = world([{}, { id: 'other', url: 'https://www.example.com/other.xml', brandId: 7 }]);
    await w.poll();
    w.publish([story(1)]);
    w.publish([story(1)], 'other');

    await w.poll();
    await w.deliverWakeUps();

    expect(w.posts.map(({ post }) => post.brand_id).sort()).toEqual([144, 7]);
  });
});

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

it('does not poll a paused feed', async () => {
  const w = world([{ paused: true }]);

  await w.poll();
  await w.minutes(3);

  expect(w.state.fetches).toBe(0);
});

it('logs a count mismatch with its numbers, and continues', async () => {
  const w = world();
  w.services.registrationsAtOnce = 0; // no entry is registered, and no error is raised
  w.publish([story(1), story(2)]);

  await w.poll();

  expect(w.reported('poll.count-mismatch')).toMatchObject([
    { counts: { seen: 2, baselined: 0 }, unsettled: 0 },
  ]);
});

it('reads nothing from the ledger for an unchanged entry of the last window', async () => {
  const read: unknown[] = [];
  const w = world([{}], { before: (name, [key]) => void (name === 'ledger.read' && read.push(key)) });
  w.publish([story(1), story(2), story(3)]);
  await w.poll();
  w.publish([story(4), story(1), story(2), story(3)]);
  read.length = 0;

  await w.poll();

  expect(new Set(read).size).toBe(4); // the four keys of the new entry
});

it.each<[string, Partial<Entry>]>([
  ['a new guid', {}],
  ['a new guid, and no longer a text or date', { summary: null, published: null }],
])(
  'recognizes an entry of the last window by page and title when it has %s and is gone from the ledger',
  async (_, changes) => {
    const w = world();
    w.publish([story(1)]);
    await w.poll();
    w.stores.ledger.rows.clear();
    w.publish([story(1, { id: 'made-anew', ...changes })]);

    await w.poll();

    expect(w.sums()).toEqual({ baselined: 1 });
  },
);

it('makes a draft of an entry that takes over the page, title and text of one still on the feed', async () => {
  const offer = {
    link: 'https://www.example.com/offer',
    title: 'Offer of the week',
    summary: 'Only this week',
  };
  const w = world();
  w.publish([story(1, offer)]);
  await w.poll();
  w.publish([story(2, offer), story(1, { ...offer, title: 'Offer of last week' })]);

  await w.poll();

  expect(w.sums()).toEqual({ baselined: 1, queued: 1 });
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

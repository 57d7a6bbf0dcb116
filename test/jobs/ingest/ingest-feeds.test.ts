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
  it('baselines what was there, then queues and wakes what is new', async () => {
    const w = world();
    w.publish([story(2), story(1)]);
    await w.poll();
    expect(lastCounts(w)).toEqual({ seen: 2, known: 0, baselined: 2, filtered: 0, held: 0, queued: 0 });

    w.publish([story(3), story(2), story(1)]);
    await w.poll();

    expect(lastCounts(w)).toEqual({ seen: 3, known: 2, baselined: 0, filtered: 0, held: 0, queued: 1 });
    expect(w.stores.queues.wakeUps).toEqual([{ key: w.rowTitled('Story 3')?.key, brand: 144 }]);
  });

  it('makes drafts of the backfill only', async () => {
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

  it('takes four writes an entry, one for the feed and one batch of wake-ups when k entries are new', async () => {
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

  it('knows a document by its body when the server gives no validators', async () => {
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

  it('holds what cannot be rendered instead of losing it', async () => {
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

  it('makes the first entry after an empty first poll a draft', async () => {
    const w = world();
    w.publish([]);
    await w.poll();
    w.publish([story(1)]);

    await w.poll();

    expect(w.sums()).toEqual({ queued: 1 });
  });

  it('keeps to the ledger when an entry leaves the window and comes back', async () => {
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

  it('baselines an entry that is listed below all known ones and dated before the feed was added', async () => {
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

  it('reports a possible gap, and still takes everything that is there', async () => {
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

  it('of one address in feeds of two brands is a draft in each', async () => {
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

describe('a feed’s own failure', () => {
  const unreachable = retryable('feed.unreachable', 'www.example.com refused the connection');
  const two = [{}, { id: 'products', url: 'https://www.example.com/products.xml' }];

  it('stays with the feed: its neighbour is polled, and no message fails', async () => {
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

  it('waits longer each time, up to a day, for ever, and is over when the feed answers', async () => {
    const w = world();
    w.publish(unreachable);
    const waits: number[] = [];
    for (let i = 0; i < 14; i++) {
      await w.poll();
      const { nextAt = 0 } = w.stores.feedStore.memory.feeds.get('newsroom')?.trouble ?? {};
      waits.push((nextAt - w.state.now) / 60_000);
    }
    expect(waits.slice(0, 4)).toEqual([3.75, 7.5, 15, 30]);
    expect(waits.at(-1)).toBe(1080); // three quarters of a day: chance, here a half, takes up to half of it

    w.publish([story(1)]);
    await w.poll();

    expect(w.stores.feedStore.memory.feeds.get('newsroom')?.trouble).toBeNull();
    expect(w.stores.feedStore.memory.slots.get('newsroom')).toEqual(aSlot());
    expect(w.reported('poll.recovered')).toHaveLength(1);
  });

  it('is waited out by the tick, also when it was a 429 at the very first poll', async () => {
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

  it('ends the polling of a feed that is gone, until its address changes', async () => {
    const w = world();
    w.publish(permanent('feed.gone', '410'));

    await w.minutes(60 * 26);

    expect(w.state.fetches).toBe(1);
    expect(w.stores.feedStore.memory.slots.get('newsroom')).toMatchObject({ gone: true });
  });

  it('leaves the digest as it was, so that nothing is missed by it', async () => {
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

describe('what is our own failure', () => {
  it('saves neither digest nor validators, so that the next poll does it again', async () => {
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

  it('passes over an entry whose row cannot be read, and takes the others', async () => {
    const w = world([{}], {
      after: (name, [key], answer) => {
        const { title = null } = (answer ?? {}) as { title?: string | null };
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

  it('lets the neighbours end before the message fails', async () => {
    const w = world([{}, { id: 'products', url: 'https://www.example.com/products.xml' }]);
    w.publish(new TypeError('a bug'));
    w.publish([story(1)], 'products');

    await expect(w.poll()).rejects.toThrow('a bug');

    expect(w.sums()).toEqual({ baselined: 1 });
  });

  it('splits a message whose worker died into one a feed', async () => {
    const w = world([{}, { id: 'products' }]);

    await ingestFeeds(w.services)({ feeds: ['newsroom', 'products'], receiveCount: 2 }, w.call);

    expect(w.stores.queues.feeds).toEqual([{ feeds: ['newsroom'] }, { feeds: ['products'] }]);
    expect(w.state.fetches).toBe(0);
  });

  it('stops in time: what is not settled when the call ends is taken by the next', async () => {
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

describe('two pollers at once', () => {
  it('of a first poll baseline everything once, whoever is overtaken', async () => {
    const w = world();
    w.publish([story(1), story(2)]);

    await Promise.all([w.poll(), w.poll()]);

    expect(w.sums()).toEqual({ baselined: 2 });
  });

  it('of a new entry make one draft', async () => {
    const w = world();
    await w.poll();
    w.publish([story(1)]);

    await Promise.all([w.poll(), w.poll()]);
    await w.deliverWakeUps();

    expect(w.posts).toHaveLength(1);
  });

  it('do not baseline what was published after the faster one had finished its first poll', async () => {
    const w = world();
    w.publish([story(1)]);
    const fetchFeed = w.services.fetchFeed;
    let raced = false;
    const slow = {
      ...w.services,
      fetchFeed: async (request: Parameters<typeof fetchFeed>[0]) => {
        if (raced) return fetchFeed(request);
        raced = true;
        await w.poll(); // the other one begins and ends here
        w.publish([story(2), story(1)]);
        return fetchFeed(request);
      },
    };

    await ingestFeeds(slow)({ feeds: ['newsroom'], receiveCount: 1 }, w.call);

    expect(w.rowTitled('Story 2')?.state).toBe('queued');
  });
});

it('leaves a paused feed alone', async () => {
  const w = world([{ paused: true }]);

  await w.poll();
  await w.minutes(3);

  expect(w.state.fetches).toBe(0);
});

it('tells of a sum that is wrong, with its numbers, and goes on', async () => {
  const w = world();
  w.services.registrationsAtOnce = 0; // nobody admits anything, and nobody says so
  w.publish([story(1), story(2)]);

  await w.poll();

  expect(w.reported('poll.count-mismatch')).toMatchObject([
    { counts: { seen: 2, baselined: 0 }, unsettled: 0 },
  ]);
});

it('reads nothing of the ledger for an entry that the last window held as it is now', async () => {
  const read: unknown[] = [];
  const w = world([{}], { before: (name, [key]) => void (name === 'ledger.read' && read.push(key)) });
  w.publish([story(1), story(2), story(3)]);
  await w.poll();
  w.publish([story(4), story(1), story(2), story(3)]);
  read.length = 0;

  await w.poll();

  expect(new Set(read).size).toBe(4); // the four keys of the one that is new
});

it.each<[string, Partial<Entry>]>([
  ['a new guid', {}],
  ['a new guid, and neither text nor date any more', { summary: null, published: null }],
])(
  'recognises by page and title what the last window showed when it has %s, though the ledger has forgotten it',
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

it('makes a draft of an entry that takes over page, title and text of one that is still on the feed', async () => {
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

it('gives one alert of a site that was rebuilt, however many polls meet it at once', async () => {
  const w = world();
  const old = [1, 2, 3, 4, 5].map((n) => story(n, { published: `2025-01-0${n}T00:00:00.000Z` }));
  w.publish(old);
  await w.poll();
  w.publish(old.map((entry, i) => ({ ...entry, id: `new-${i}`, link: `https://new.example.com/${i}` })));

  await Promise.all([w.poll(), w.poll()]);

  expect(w.sums()).toEqual({ baselined: 5, held: 5 });
  expect(w.reported('poll.batch-held')).toHaveLength(1);
});

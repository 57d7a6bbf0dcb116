import { describe, expect, it } from 'vitest';
import type { FeedConfig } from '../../lib/core/config/config.ts';
import type { Entry } from '../../lib/core/entries/entry.ts';
import { dayOf } from '../../lib/core/entries/identity/facts.ts';
import type { LedgerKeys } from '../../lib/core/entries/identity/ledger-keys.ts';
import { isRenewalDue } from '../../lib/core/entries/memory/renewal.ts';
import { retryable } from '../../lib/core/errors.ts';
import type { EntryRow, LedgerRow } from '../../lib/core/ledger/row.ts';
import { pausePosting } from '../../lib/jobs/operator/pause-posting.ts';
import { keysOf } from '../support/candidates.ts';
import { entryOf, story } from '../support/entries.ts';
import { hookWorld, webhookOf } from '../support/hook-world.ts';
import { type World, world } from '../support/world.ts';

const day = 86_400_000;

/** Polls once a day, like the schedule. */
const live = async (w: World, days: number, onDay: (n: number) => void = () => {}) => {
  for (let n = 1; n <= days; n++) {
    w.state.now += day;
    onDay(n);
    await w.poll(undefined, false);
    await w.deliverWakeUps();
  }
};

const drafts = (w: World) => w.posts.map(({ post }) => post.text);
const shelf = (...numbers: number[]): Entry[] => numbers.map((n) => story(n));
/** All keys except those of draft IDs, which are looked up only for a while. */
const keysIn = (w: World) =>
  w
    .allRows()
    .map(({ key }) => key)
    .filter((key) => !key.startsWith('post-'))
    .sort();
type Days = { onDay?: (n: number) => void; of?: (row: LedgerRow) => boolean };

/** Lives for `days` and returns the shortest remaining lifetime of each row type, in days. */
const leastLife = async (w: World, days: number, { onDay = () => {}, of = () => true }: Days = {}) => {
  const never = Number.POSITIVE_INFINITY;
  const least = { entry: never, pointer: never, pair: never };
  await live(w, days, (n) => {
    for (const row of w.allRows().filter(of))
      if (row.expiresAt !== null)
        least[row.type] = Math.min(least[row.type], (row.expiresAt * 1000 - w.state.now) / day);
    onDay(n);
  });
  return least;
};

/** Selects the row and pointers of one story. */
const ofStory =
  ({ own, conditional }: LedgerKeys) =>
  ({ key }: LedgerRow): boolean =>
    key === own || conditional.some((one) => one.key === key);

describe('a feed that responds 304 for three years', () => {
  it('keeps the rows of its entries, and makes no draft when its newest entry is deleted', async () => {
    const w = world();
    w.publish(shelf(5, 4, 3, 2, 1));
    await w.poll();
    const before = keysIn(w);

    const least = await leastLife(w, 3 * 365);
    const after = keysIn(w);
    w.publish(shelf(4, 3, 2, 1));
    await live(w, 30);

    expect(after).toEqual(before);
    expect(least.entry).toBeGreaterThan(200);
    expect(least.pointer).toBeGreaterThan(200);
    expect(drafts(w)).toEqual([]);
  });

  it('keeps the pair with its webhook, which can then send a corrected story', async () => {
    const w = hookWorld([webhookOf()]);
    w.publish(shelf(1));
    await w.poll();
    w.publish(shelf(2, 1));
    await live(w, 1);
    const before = keysIn(w);

    const least = await leastLife(w, 3 * 365);
    const after = keysIn(w);
    await w.deliver({ id: 'cms-2', title: 'Corrected', link: story(2).link, published: null });
    await w.deliverWakeUps();

    expect(after).toEqual(before);
    expect(least.pair).toBeGreaterThan(200);
    expect(drafts(w)).toEqual(['Story 2']);
  });
});

describe('old entries whose rows would expire after 400 days', () => {
  it.each([
    ['one empty response', [shelf()]],
    ['a document with two of them', [shelf(5, 4)]],
    ['a week of documents with two of them', Array(7).fill(shelf(5, 4))],
    ['a month of documents with two of them', Array(30).fill(shelf(5, 4))],
  ])('make no draft after %s', async (_, documents: Entry[][]) => {
    const w = world();
    w.publish(shelf(5, 4, 3, 2, 1));
    await w.poll();
    await live(w, 420);

    for (const document of documents) {
      w.publish(document);
      await live(w, 1);
    }
    w.publish(shelf(5, 4, 3, 2, 1));
    await live(w, 1);

    expect(drafts(w)).toEqual([]);
    expect(w.sums()).toEqual({ baselined: 5 });
  });
});

describe('rows of entries in the window', () => {
  it('are renewed by polls with new entries as well', async () => {
    const w = world();
    const pinned = shelf(3, 2, 1);
    w.publish(pinned);
    await w.poll();
    const news = (n: number) => story(`of day ${n}`, { published: new Date(w.state.now).toISOString() });

    const least = await leastLife(w, 400, {
      onDay: (n) => w.publish([news(n), ...pinned]),
      of: ofStory(keysOf(story(1))),
    });

    expect(least.entry).toBeGreaterThan(200);
    expect(least.pointer).toBeGreaterThan(200);
  });

  it('are renewed when their entry was cut off on each of its renewal days', async () => {
    const w = world();
    const { identifyFeed } = w.services;
    const keys = keysOf(story(1));
    w.publish(shelf(3, 2, 1));
    await w.poll();
    let yesterday = dayOf(w.state.now);
    const isCutOff = () => {
      const isIt = isRenewalDue(keys.own, yesterday, dayOf(w.state.now));
      yesterday = dayOf(w.state.now);
      return isIt;
    };
    let complete = true;
    w.services.identifyFeed = async (document) => ({ ...(await identifyFeed(document)), complete });

    const least = await leastLife(w, 3 * 365, {
      onDay: (n) => {
        complete = !isCutOff();
        w.publish([story(3, { summary: `Edited on day ${n}` }), ...(complete ? shelf(2, 1) : [])]);
      },
      of: ofStory(keys),
    });

    expect(least.entry).toBeGreaterThan(200);
    expect(least.pointer).toBeGreaterThan(200);
  });

  it('are renewed at the next poll when the ledger failed on their renewal day', async () => {
    const failures: number[] = [];
    const w = world([{}], {
      before: (name) => {
        if (name !== 'ledger.replace' || w.state.now - (failures.at(-1) ?? 0) < 100 * day) return;
        failures.push(w.state.now);
        throw retryable('store.unreachable', 'no answer');
      },
    });
    w.publish(shelf(1));
    await w.poll();
    const poll: World['poll'] = (...args) =>
      w.poll(...args).catch((error) => expect(error).toMatchObject({ code: 'ingest.unsettled' }));

    const least = await leastLife({ ...w, poll }, 2 * 365);

    expect(failures.length).toBeGreaterThan(2);
    expect(least.entry).toBeGreaterThan(200);
    expect(least.pointer).toBeGreaterThan(200);
  });

  it('are renewed a few per day when there are many', async () => {
    const calls: string[] = [];
    const w = world([{}], { before: (name) => void calls.push(name) });
    w.publish(Array.from({ length: 150 }, (_, i) => story(150 - i)));
    await w.poll();
    const writes: number[] = [];

    await live(w, 330, () => {
      writes.push(calls.splice(0).filter((name) => /^ledger\.(insert|replace)$/.test(name)).length);
    });

    const renewals = writes.slice(1);
    expect(renewals.reduce((a, b) => a + b)).toBeGreaterThan(150 * 4);
    expect(Math.max(...renewals)).toBeLessThan(8 * 4); // one entry a day on average, of 4 rows each
  });

  it('cost one read and no write when a poll gets a 304', async () => {
    const calls: string[] = [];
    const w = world([{}], { before: (name) => void calls.push(name) });
    w.publish(shelf(3, 2, 1));
    await w.poll();
    const seconds: string[][] = [];

    for (let n = 0; n < 300; n++) {
      await live(w, 1); // a day's first poll goes without validators, and renews
      calls.length = 0;
      await w.poll();
      seconds.push([...calls]);
    }

    expect(new Set(seconds.map(String))).toEqual(new Set(['feeds.read,publisher.fetch']));
  });
});

describe('an entry that waits longer than rows are kept', () => {
  const tag = { id: 'tag', url: 'https://www.example.com/tag.xml' };
  /** Runs one tick a day, while neither feed lists anything. */
  const pass = async (w: World, days: number) => {
    for (let n = 1; n <= days; n++) {
      w.state.now += day;
      await w.tick();
      w.stores.queues.feeds.length = 0;
    }
  };
  const waits: [string, Partial<FeedConfig>, (w: World) => unknown, Partial<EntryRow>][] = [
    ['held', { caption: '{{ author }}' }, () => {}, { state: 'held' }],
    ['behind a pause', {}, (w) => pausePosting(w.services, 'all'), { state: 'queued' }],
    [
      'with an unknown outcome',
      { whenUncertain: 'park' },
      (w) => Object.assign(w.state, { response: 'lost, not created' }),
      { state: 'uncertain' },
    ],
  ];

  it.each(waits)('keeps all its keys while it waits: %s', async (_, feed, begin, expected) => {
    const w = world([feed, tag]);
    w.publish(shelf(1));
    await w.poll();
    await begin(w);
    w.publish(shelf(2, 1));
    await live(w, 1);
    const waiting = w.rowTitled('Story 2');
    const before = keysIn(w).filter((key) => waiting?.leading.includes(key));

    await pass(w, 3 * 365);
    const after = keysIn(w);
    w.publish([story(2, { id: 'tagged-2' })], 'tag');
    await w.poll(['tag']);

    expect(waiting).toMatchObject(expected);
    expect(before.length).toBeGreaterThan(1);
    expect(after).toEqual([...before, waiting?.key].sort());
    expect(await w.stores.ledger.storedEntry(waiting?.storedAs ?? '')).not.toBeNull();
    expect(w.rows()).toMatchObject([{ title: 'Story 2', ...expected }]);
  });

  it('keeps the keys of later changes and of other feeds', async () => {
    const w = world([{ caption: '{{ author }}' }, tag, { id: 'wire', url: 'https://wire.example.com/' }]);
    w.publish(shelf(1));
    await w.poll();
    w.publish(shelf(2, 1));
    await live(w, 1);
    const edited = story(2, { title: 'Story 2, corrected' });
    w.publish([edited, story(1)]);
    w.publish([story(2, { id: 'tagged-2' })], 'tag');
    await live(w, 1);

    await pass(w, 2 * 365);
    w.publish([{ ...edited, id: 'wired-2' }], 'wire');
    await w.poll(['wire']);
    w.publish([entryOf({ id: 'tagged-2', title: 'By its guid alone' })], 'tag');
    await w.poll(['tag']);

    expect(w.rows()).toMatchObject([{ title: 'Story 2', state: 'held' }]);
  });

  describe('when a tick has no time for all of them', () => {
    /** Held rows of the first year, and one-minute ticks in which ledger calls take time. */
    const waitingRows = async (rows: number, costs: Record<string, number>) => {
      const clock = { left: Number.POSITIVE_INFINITY };
      const w = world([{ caption: '{{ author }}' }], {
        before: (name) => {
          clock.left -= costs[name] ?? 0;
        },
      });
      w.call.remainingMs = () => clock.left;
      w.publish(shelf(0));
      await w.poll();
      w.publish(Array.from({ length: rows }, (_, i) => story(rows - i)));
      await w.poll();
      w.state.now += 300 * day;
      return {
        ...w,
        /** Runs a tick and returns the time it left. */
        tick: async () => {
          clock.left = 60_000;
          await w.tick();
          w.state.now += 60_000;
          return clock.left;
        },
        /** The shortest remaining lifetime of pointers to waiting rows, in days. */
        leastLife: () => {
          const leading = new Set(w.rows().flatMap((row) => (row.state === 'held' ? row.leading : [])));
          const rows = w.allRows().filter(({ key }) => leading.has(key));
          return Math.min(...rows.map(({ expiresAt }) => (expiresAt ?? 0) * 1000 - w.state.now)) / day;
        },
      };
    };

    it('stops in time, and the next ticks continue where it stopped', async () => {
      const w = await waitingRows(200, { 'ledger.read': 250 });
      const left: number[] = [];

      do left.push(await w.tick());
      while (w.stores.feedStore.memory.tick?.keptOn !== dayOf(w.state.now));

      expect(left.length).toBeGreaterThan(1);
      expect(left.length).toBeLessThan(12);
      expect(Math.min(...left)).toBeGreaterThan(0);
      expect(w.reported('renewal.unfinished')).toHaveLength(left.length - 1);
      expect(w.leastLife()).toBeGreaterThan(390);
    });

    it('records nothing when the search is incomplete', async () => {
      const w = await waitingRows(250, { 'ledger.waiting': 25_000 });

      await w.tick();

      expect(w.stores.feedStore.memory.tick).not.toHaveProperty('keptOn');
      expect(w.reported('renewal.unfinished')).toHaveLength(1);
    });
  });

  it('costs only a query for the longest waiting rows, once a day', async () => {
    const calls: string[] = [];
    const w = world([{}], { before: (name) => void calls.push(name) });
    await pausePosting(w.services, 'all');
    w.publish(shelf(1));
    await w.poll();
    w.publish(shelf(2, 1));
    await live(w, 1);
    await w.tick();
    calls.length = 0;

    await pass(w, 90);
    const early = calls.splice(0).filter((name) => name.startsWith('ledger.'));
    await pass(w, 300);
    const late = calls.splice(0).filter((name) => name === 'ledger.replace');

    expect(Map.groupBy(early, (name) => name).get('ledger.waiting')).toHaveLength(3 * 90);
    expect(early).not.toContain('ledger.replace');
    expect(late).toHaveLength(2 * 3); // its three pointers, each on two days
  });
});

describe('a changed dedupe setting', () => {
  const dedupes = [
    ['brand', 'feed'],
    ['feed', 'brand'],
  ] as const;
  const bare = (n: number) => story(n, { id: null });

  it.each(dedupes.flatMap(([from, to]) => [[from, to, story] as const, [from, to, bare] as const]))(
    'from %s to %s makes no draft of entries the feed has shown',
    async (from, to, of) => {
      const w = world([{ dedupe: from }]);
      w.publish([of(1)]);
      await w.poll();
      w.publish([of(3), of(2), of(1)]);
      await live(w, 1);
      const before = drafts(w);
      w.config.feeds[0] = { ...(w.config.feeds[0] as FeedConfig), dedupe: to };

      await live(w, 2);
      w.publish([of(1)]);
      await live(w, 20); // longer than the feed's row remembers removed entries
      w.publish([of(4), of(3), of(2), of(1)]);
      await live(w, 1);

      expect(before.toSorted()).toEqual(['Story 2', 'Story 3']);
      expect(drafts(w).toSorted()).toEqual(['Story 2', 'Story 3', 'Story 4']);
    },
  );
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dynamoFeedStore } from '../../../lib/adapters/aws/feed-store-dynamo.ts';
import { nothingRead } from '../../../lib/core/polling/feed-row.ts';
import { shardOf } from '../../../lib/core/polling/schedule.ts';
import type { FeedStore, SlotStart } from '../../../lib/core/ports.ts';
import { type EmbeddedTables, startTables } from '../../support/embedded-tables.ts';
import { fakeFeedStore } from '../../support/fake-stores.ts';
import { aFeedRow, aSlot, aTrouble } from '../../support/store-rows.ts';

const startOf = (id: string): SlotStart => ({ id, address: aSlot().address, isMove: false });

let tables: EmbeddedTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const homes: { home: string; open: () => Promise<FeedStore> }[] = [
  { home: 'in memory', open: async () => fakeFeedStore() },
  {
    home: 'in DynamoDB',
    open: async () => dynamoFeedStore({ client: tables.client, table: (await tables.fresh()).feeds }),
  },
];

describe.each(homes)('feed store $home', ({ open }) => {
  test('is empty at first', async () => {
    const feeds = await open();

    expect(await feeds.read('newsroom')).toBeNull();
    expect((await feeds.schedule()).slots).toEqual(new Map());
    expect(await feeds.tick()).toBeNull();
  });

  const trouble = aTrouble({ code: 'feed.gone', message: '410' });
  test.each([
    ['every field', aFeedRow()],
    ['only a failure', aFeedRow({ ...nothingRead, trouble })],
    ['a digest of nothing', aFeedRow({ facts: new Uint8Array() })],
    ['a digest of ten thousand entries', aFeedRow({ facts: new Uint8Array(240_000).fill(7) })],
  ])('returns a row with %s as it was saved', async (_, row) => {
    const feeds = await open();

    expect(await feeds.save(row)).toBe(true);

    expect(await feeds.read(row.id)).toEqual(row);
  });

  test('reads many rows at once, including missing and repeated IDs', async () => {
    const feeds = await open();
    const ids = Array.from({ length: 120 }, (_, n) => `f${n}`);
    for (const id of ids) await feeds.save(aFeedRow({ id, bodyHash: id }));

    const asked = [...ids.toReversed(), 'unknown', 'f7'];
    const rows = await Promise.all(asked.map((id) => feeds.read(id)));

    expect(rows.map((row) => row?.bodyHash)).toEqual([...ids.toReversed(), undefined, 'f7']);
  });

  test('reads a row just saved while other reads are in progress', async () => {
    const feeds = await open();
    const saveAndRead = async (id: string) => {
      await feeds.save(aFeedRow({ id }));
      return feeds.read(id);
    };

    const rows = await Promise.all(['a', 'b', 'c'].map(saveAndRead));

    expect(rows.map((row) => row?.id)).toEqual(['a', 'b', 'c']);
  });

  test('saves only over the version a row was made from', async () => {
    const feeds = await open();

    expect(await feeds.save(aFeedRow({ rev: 2 }))).toBe(false);
    expect(await feeds.save(aFeedRow({ rev: 1 }))).toBe(true);
    expect(await feeds.save(aFeedRow({ rev: 1, bodyHash: 'again' }))).toBe(false);
    expect(await feeds.save(aFeedRow({ rev: 2, bodyHash: 'next' }))).toBe(true);
    expect(await feeds.save(aFeedRow({ rev: 2, bodyHash: 'late' }))).toBe(false);

    expect(await feeds.read('newsroom')).toMatchObject({ rev: 2, bodyHash: 'next' });
  });

  test.each([1, 2])('lets one of two pollers save version %i', async (rev) => {
    const feeds = await open();
    if (rev === 2) await feeds.save(aFeedRow());

    const saved = await Promise.all(['a', 'b'].map((bodyHash) => feeds.save(aFeedRow({ rev, bodyHash }))));

    expect([...saved].sort()).toEqual([false, true]);
    expect(await feeds.read('newsroom')).toMatchObject({ bodyHash: saved[0] ? 'a' : 'b' });
  });

  test('keeps the rows of two feeds apart', async () => {
    const feeds = await open();

    await feeds.save(aFeedRow({ id: 'a' }));

    expect(await feeds.save(aFeedRow({ id: 'b' }))).toBe(true);
    expect(await feeds.read('a')).toMatchObject({ id: 'a' });
  });

  // More feeds than there are shards, so some share one.
  test('loses no slot when many are set at once', async () => {
    const feeds = await open();
    const ids = Array.from({ length: 300 }, (_, n) => `feed-${n}`);

    await Promise.all(ids.map((id, n) => feeds.setSlot(id, aSlot({ notBefore: n }))));

    const slots = (await feeds.schedule()).slots;
    expect(slots.size).toBe(300);
    expect(ids.every((id, n) => slots.get(id)?.notBefore === n)).toBe(true);
  });

  test('starts slots without resetting existing ones', async () => {
    const feeds = await open();
    const ids = Array.from({ length: 300 }, (_, n) => `feed-${n}`);
    await feeds.setSlot('feed-7', aSlot({ notBefore: 7 }));

    await feeds.startSlots(ids.map(startOf));
    await feeds.startSlots([]);

    const slots = (await feeds.schedule()).slots;
    expect(slots.size).toBe(300);
    expect(ids.every((id) => slots.get(id)?.notBefore === (id === 'feed-7' ? 7 : 0))).toBe(true);
  });

  test('starts more slots in one shard than fit in one write', async () => {
    const feeds = await open();
    const all = Array.from({ length: 40_000 }, (_, n) => `feed-${n}`);
    const ids = all.filter((id) => shardOf(id) === '00');

    await feeds.startSlots(ids.map(startOf));

    expect(ids.length).toBeGreaterThan(100);
    expect([...(await feeds.schedule()).slots.keys()].sort()).toEqual(ids.toSorted());
  });

  test.each(['pk', 'sk', 'writeId', 'a.b-c_d', 'größe', '#'])(
    'keeps the slot of a feed named %s',
    async (id) => {
      const feeds = await open();

      await feeds.setSlot(id, aSlot({ notBefore: 5, gone: true }));
      await feeds.setSlot(id, aSlot());

      expect((await feeds.schedule()).slots).toEqual(new Map([[id, aSlot()]]));
    },
  );

  test('keeps what ingest and the plan write about a feed apart, in either order', async () => {
    const feeds = await open();
    const plan = { arrivals: { count: 2.5, days: 3, at: 1 }, floorMs: 60_000, ceiling: { ms: 5, until: 9 } };

    await Promise.all([
      feeds.setIntervalStep('newsroom', { step: -3, from: 70 }),
      feeds.setSlot('newsroom', aSlot({ notBefore: 5, quietUntil: 80, plan })),
    ]);
    const all = (await feeds.schedule()).slots;
    await feeds.setSlot('newsroom', aSlot());

    expect(all.get('newsroom')).toEqual({ ...aSlot({ notBefore: 5, quietUntil: 80, plan }), step: -3 });
    expect((await feeds.schedule()).slots.get('newsroom')).toEqual({
      ...aSlot({ quietUntil: 70 }),
      step: -3,
    });
  });

  test("resets the slot and its interval step when the feed's address changes", async () => {
    const feeds = await open();
    const other = aSlot({}, 'https://www.example.com/other.xml').address;
    await feeds.setSlot('newsroom', aSlot({ notBefore: 5, gone: true }));
    await feeds.setIntervalStep('newsroom', { step: 9, from: 70 });

    await feeds.startSlots([{ id: 'newsroom', address: other, isMove: true }]);
    const moved = (await feeds.schedule()).slots;
    await feeds.setIntervalStep('newsroom', { step: 2 });
    await feeds.startSlots([{ id: 'newsroom', address: other, isMove: true }]);

    expect(moved).toEqual(new Map([['newsroom', { address: other, notBefore: 0 }]]));
    expect((await feeds.schedule()).slots).toEqual(
      new Map([['newsroom', { address: other, notBefore: 0, step: 2 }]]),
    );
  });

  test('does not reset a slot that a poll has already set for the new address', async () => {
    const feeds = await open();
    const quick = aSlot({ notBefore: 7 }, 'https://www.example.com/other.xml');
    await feeds.setSlot('newsroom', quick);

    await feeds.startSlots([{ id: 'newsroom', address: quick.address, isMove: true }]);

    expect((await feeds.schedule()).slots).toEqual(new Map([['newsroom', quick]]));
  });

  test('does not list a feed that only has an interval step', async () => {
    const feeds = await open();

    await feeds.setIntervalStep('planned', { step: 1 });

    expect((await feeds.schedule()).slots).toEqual(new Map());
  });

  test('stores one host rest per host, by version, until it is ended', async () => {
    const feeds = await open();
    const rest = { host: 'one.example:8443', rev: 1, since: 5, until: 90, feeds: ['a', 'größe'] };
    const longer = { ...rest, rev: 2, until: 120 };

    expect(await feeds.backOff(rest.host)).toBeNull();
    expect([await feeds.saveBackOff(rest), await feeds.saveBackOff(rest)]).toEqual([true, false]);
    expect(await feeds.saveBackOff(longer)).toBe(true);
    expect(await feeds.backOff(rest.host)).toEqual(longer);
    expect(await feeds.schedule()).toEqual({ slots: new Map(), backOffs: [longer] });
    expect([await feeds.endBackOff(rest), await feeds.endBackOff(longer)]).toEqual([false, true]);
    expect((await feeds.schedule()).backOffs).toEqual([]);
  });

  test('returns everything learned about a feed', async () => {
    const feeds = await open();
    const learned = {
      hints: { ttlMs: 5, skipHours: [1], skipDays: [0] },
      arrivals: { count: 1.5, days: 2, at: 3 },
      plan: { arrivals: { count: 1, days: 2, at: 3 }, floorMs: 0 },
      moved: { to: 'https://www.example.com/new', since: 4, times: 3, adopted: true },
      gapAt: 5,
    };

    await feeds.save(aFeedRow({ learned, trouble: { ...trouble, reported: true } }));

    expect(await feeds.read('newsroom')).toMatchObject({ learned, trouble: { reported: true } });
  });

  test('returns a schedule that does not change under its reader', async () => {
    const feeds = await open();
    const before = (await feeds.schedule()).slots;

    await feeds.setSlot('newsroom', aSlot({ notBefore: 5 }));

    expect(before).toEqual(new Map());
  });

  test('lets one of two ticks advance the clock', async () => {
    const feeds = await open();
    const first = { rev: 1, lastTick: 60_000, brands: [144, 7] };
    await feeds.saveTick(first);

    const saved = await Promise.all(
      [120_000, 120_001].map((lastTick) => feeds.saveTick({ ...first, rev: 2, lastTick })),
    );

    expect([...saved].sort()).toEqual([false, true]);
    expect(await feeds.tick()).toEqual({ ...first, rev: 2, lastTick: saved[0] ? 120_000 : 120_001 });
  });

  test('refuses a second first tick', async () => {
    const feeds = await open();
    await feeds.saveTick({ rev: 1, lastTick: 1, brands: [] });

    expect(await feeds.saveTick({ rev: 1, lastTick: 2, brands: [] })).toBe(false);
    expect(await feeds.tick()).toEqual({ rev: 1, lastTick: 1, brands: [] });
  });
});

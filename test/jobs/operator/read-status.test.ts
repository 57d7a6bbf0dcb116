import { beforeEach, describe, expect, it } from 'vitest';
import { readStatus } from '../../../lib/jobs/operator/read-status.ts';
import { configOf, type FakeTarget, fakeTarget } from '../../support/cli.ts';
import { feedOf } from '../../support/entries.ts';
import { aCircuitRow, aFeedRow, anEntryRow, aSlot, aTrouble } from '../../support/store-rows.ts';

const minute = 60_000;
const now = Date.parse('2026-11-22T12:03:20Z');
const lastTick = Date.parse('2026-11-22T12:03:00Z');
const feed = feedOf({ rhythm: { everyMs: minute } });

let target: FakeTarget;

beforeEach(async () => {
  target = fakeTarget();
  await target.feedStore.saveTick({ rev: 1, lastTick, brands: [144] });
});

const status = (feeds = [feed]) => readStatus({ ...target, config: configOf(feeds), clock: () => now });
const only = async (feeds = [feed]) => (await status(feeds)).feeds[0];

describe('a last tick with a future time', () => {
  it('does not hide the next poll of a feed', async () => {
    await target.feedStore.saveTick({ rev: 2, lastTick: now + 3_600 * minute, brands: [144] });
    await target.feedStore.save(aFeedRow());
    await target.feedStore.setSlot('newsroom', aSlot());

    const { nextPoll = null } = (await only()) ?? {};

    expect(nextPoll).toBeGreaterThan(now);
    expect(nextPoll).toBeLessThanOrEqual(now + 2 * minute);
  });
});

describe('the status of a feed', () => {
  it('takes the last success from the schedule, because an unchanged poll writes nothing', async () => {
    await target.feedStore.save(aFeedRow({ changedAt: now - 90 * minute }));
    await target.feedStore.setSlot('newsroom', aSlot());

    expect(await only()).toMatchObject({
      health: 'ok',
      lastSuccess: lastTick,
      changedAt: now - 90 * minute,
      nextPoll: lastTick + minute,
      reason: 'every 1 min',
    });
  });

  it('shows since when it fails, and no success after that', async () => {
    const since = lastTick - 30 * minute;
    const nextAt = lastTick + 10 * minute;
    const trouble = aTrouble({ since, failures: 3, lastAt: lastTick, nextAt });
    await target.feedStore.save(aFeedRow({ changedAt: 1, trouble }));
    await target.feedStore.setSlot('newsroom', aSlot({ notBefore: nextAt }));

    expect(await only()).toMatchObject({
      health: 'failing',
      lastSuccess: since - minute,
      nextPoll: nextAt,
      reason: 'last poll failed',
      trouble,
    });
  });

  describe('whose host rests', () => {
    const host = 'www.example.com';
    const until = lastTick + 10 * minute;
    const asked = `${host} asked for a pause`;
    const backOff = (feeds: string[], since = now - minute) =>
      target.feedStore.saveBackOff({ host, rev: 1, since, until, feeds });

    it.each([
      ['that was deferred', ['newsroom']],
      ['that became due meanwhile', []],
    ])('shows the host’s request for a feed %s', async (_, feeds) => {
      await target.feedStore.save(aFeedRow());
      await target.feedStore.setSlot('newsroom', aSlot());
      await backOff(feeds);

      expect(await only()).toMatchObject({ health: 'ok', nextPoll: until, reason: asked });
    });

    it('shows the host’s request for a feed that was never polled', async () => {
      await backOff([]);

      expect(await only()).toMatchObject({ health: 'never polled', nextPoll: until, reason: asked });
    });

    it('shows the feed’s own interval when that ends later', async () => {
      const hourly = feedOf({ rhythm: { everyMs: 1_440 * minute } });
      await target.feedStore.save(aFeedRow());
      await target.feedStore.setSlot('newsroom', aSlot());
      await backOff([], lastTick);

      expect(await only([hourly])).toMatchObject({ reason: 'every 1440 min' });
    });
  });

  it('shows when entries may have been missed', async () => {
    const learned = { hints: null, arrivals: null, plan: null, moved: null, gapAt: lastTick };
    await target.feedStore.save(aFeedRow({ learned }));

    expect(await only()).toMatchObject({ health: 'ok', gapAt: lastTick });
  });

  it('shows that a feed is polled adaptively, and how often', async () => {
    const rhythm = { adaptive: { meanMs: 60 * minute, minMs: 10 * minute, maxMs: 1440 * minute } };
    const feed = feedOf({ id: 'own', rhythm });
    await target.feedStore.save(aFeedRow({ id: 'own' }));
    await target.feedStore.setSlot('own', aSlot());
    await target.feedStore.setIntervalStep('own', { step: 4, from: 0 });

    const { feeds } = await status([feed]);

    expect(feeds).toMatchObject([{ reason: 'every 124 min (adaptive)' }]);
  });

  it('shows feeds that are gone, paused or never polled', async () => {
    const gone = feedOf({ id: 'gone' });
    await target.feedStore.save(aFeedRow({ id: 'gone' }));
    await target.feedStore.setSlot('gone', aSlot({ gone: true }));

    const { feeds } = await status([gone, feedOf({ id: 'p', paused: true }), feedOf({ id: 'n' })]);

    expect(feeds.map(({ id, health, nextPoll }) => [id, health, nextPoll])).toEqual([
      ['gone', 'gone', null],
      ['p', 'paused', null],
      ['n', 'never polled', lastTick + minute],
    ]);
  });

  it('ignores what is known about an old address, and shows the new one as due at the next tick', async () => {
    const old = 'https://old.test/';
    await target.feedStore.save(aFeedRow({ url: old, trouble: aTrouble({ url: old }) }));
    await target.feedStore.setSlot('newsroom', aSlot({ notBefore: 9e15, gone: true }, old));

    expect(await only()).toMatchObject({
      health: 'never polled',
      lastSuccess: null,
      nextPoll: lastTick + minute,
      reason: 'its url has changed; polled at the next tick',
      trouble: null,
    });
  });

  it('shows a failure at the new address although the last document came from the old one', async () => {
    const trouble = aTrouble();
    await target.feedStore.save(aFeedRow({ url: 'https://old.test/', trouble }));

    expect(await only()).toMatchObject({
      health: 'failing',
      trouble: { code: trouble.code, message: trouble.message },
      lastSuccess: null,
    });
  });
});

describe('the status of everything', () => {
  it('counts entries by state, those that need a decision, and finds the oldest', async () => {
    const rows = [
      anEntryRow({ key: 'a', state: 'queued', seenAt: 900 }),
      anEntryRow({ key: 'b', state: 'queued', seenAt: 800 }),
      anEntryRow({ key: 'c', state: 'held', wakeAt: null }),
      anEntryRow({ key: 'd', state: 'uncertain', wakeAt: 5 }),
      anEntryRow({ key: 'e', state: 'uncertain', wakeAt: null, feed: 'other' }),
    ];
    for (const row of rows) await target.ledger.insert(row);

    const { ledger, needsAttention, oldestQueuedAt } = await status();

    expect(ledger).toEqual({ held: 1, queued: 2, uncertain: 2 });
    expect({ needsAttention, oldestQueuedAt }).toEqual({ needsAttention: 2, oldestQueuedAt: 800 });
  });

  it('shows open circuits, without those that are over', async () => {
    const outage = aCircuitRow({ scope: 'all', reason: 'outage', openUntil: 1 });
    await target.circuits.put(outage);
    await target.circuits.put(aCircuitRow({ scope: 'brand/7', reason: 'throttled', openUntil: now - 1 }));

    expect((await status()).circuits).toEqual([outage]);
  });

  it('shows queue depths, the last tick and the rate limit', async () => {
    await target.sendWakeUps([{ key: 'k', brand: 1 }]);

    expect(await status()).toMatchObject({
      at: now,
      lastTick,
      ratePerMinute: 1_000,
      queues: { feeds: 0, drafts: 1, feedsDeadLetters: 0, draftsDeadLetters: 0 },
    });
  });
});

describe('entries to review', () => {
  const put = (key: string, given: Parameters<typeof anEntryRow>[0]) =>
    target.stores.ledger.rows.set(key, anEntryRow({ key, wakeAt: null, state: 'review', ...given }));

  it('are counted since the oldest, and hidden until the time that you set', async () => {
    put('a', { seenAt: now - 5, history: [{ at: now - 5, state: 'review', code: 'entry.new' }] });
    put('b', { seenAt: now - 9, history: [{ at: now - 9, state: 'review', code: 'entry.new' }], dueAt: now });
    put('c', { seenAt: now - 99, history: [], dueAt: now + 1 });

    const { undecided, needsAttention } = await status();

    expect(undecided.review).toMatchObject({
      count: 2,
      since: now - 5,
      entries: [{ key: 'a' }, { key: 'b' }],
    });
    expect(needsAttention).toBe(2);
  });
});

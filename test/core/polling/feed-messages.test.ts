import fc from 'fast-check';
import { expect, it } from 'vitest';
import { feedBatches } from '../../../lib/core/polling/feed-messages.ts';
import { feedOf } from '../../support/entries.ts';

/** Feeds on hosts with these numbers of feeds. */
const feedsOf = (hosts: number[]) =>
  hosts.flatMap((count, host) =>
    Array.from({ length: count }, (_, n) =>
      feedOf({ id: `h${host}-${n}`, url: `https://h${host}.example/${n}` }),
    ),
  );

it('batches lose no feed, keep each host in one or in consecutive messages, and fill messages', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 70 }), { maxLength: 30 }), (hosts) => {
      const feeds = feedsOf(hosts);

      const batches = feedBatches(feeds);

      expect(batches.flatMap((batch) => batch.feeds.map(({ id }) => id)).sort()).toEqual(
        feeds.map(({ id }) => id).sort(),
      );
      for (const [host, count] of hosts.entries()) {
        const of = batches.filter((batch) => batch.feeds.some(({ id }) => id.startsWith(`h${host}-`)));
        expect(of.length).toBe(Math.ceil(count / 20));
        expect(new Set(of.map(({ delaySeconds }) => delaySeconds)).size).toBe(of.length);
      }
      const together = batches.filter(
        ({ feeds: some, delaySeconds }) => delaySeconds === 0 && some.length <= 10,
      );
      expect(together.length).toBeLessThanOrEqual(1); // two half-empty ones would have been one
    }),
  );
});

it('no message is delayed by more than ten minutes, however many feeds a host has', () => {
  const batches = feedBatches(feedsOf([3_000]));

  const delays = batches.map(({ delaySeconds }) => delaySeconds);
  expect(batches).toHaveLength(150);
  expect(Math.max(...delays)).toBeLessThanOrEqual(600);
  expect(delays.every((delay, at) => at === 0 || delay > (delays[at - 1] ?? 0))).toBe(true);
});

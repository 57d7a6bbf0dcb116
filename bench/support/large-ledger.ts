import { storesOver } from '../../cli/aws-target.ts';
import type { State } from '../../lib/core/ledger/row.ts';
import type { EmbeddedTables } from '../../test/support/embedded-tables.ts';
import { aFeedRow, anEntryRow, aSlot, aTrouble } from '../../test/support/store-rows.ts';

/** The number of feeds, and of those that fail. */
export const fleet = { feeds: 200, failing: 20 };

export const entriesWanted = 50_000;

/** The time at which the pages are read. */
export const at = Date.UTC(2026, 10, 20, 10);
const minute = 60_000;

/** The entries that are not final; all others are drafts. */
const waiting: Partial<Record<State, number>> = {
  held: 456,
  review: 120,
  uncertain: 30,
  rejected: 20,
  queued: 200,
  filtered: 5_000,
  baselined: 10_000,
};

export const feedId = (n: number) => `feed-${n}`;
export const addressOfFeed = (n: number) => `https://site-${n}.example.com/feed.xml`;

/** The states of the newest entries; all older ones are drafts. */
const newestStates = Object.entries(waiting).flatMap(([state, count]) =>
  Array<State>(count).fill(state as State),
);

const rowOf = (n: number) => {
  const state = newestStates[n] ?? 'drafted';
  const seenAt = at - n * minute;
  return anEntryRow({
    key: `entry-${n}`,
    feed: feedId(n % fleet.feeds),
    state,
    title: `Story ${n}: a headline about as long as headlines are on ordinary sites`,
    link: `https://site-${n % fleet.feeds}.example.com/news/story-${n}`,
    seenAt,
    dueAt: seenAt,
    wakeAt: state === 'queued' ? at + minute : null,
    postId: state === 'drafted' ? n : null,
    history: [{ at: seenAt, state, code: 'entry.new' }],
    batch: state === 'held' && n % 2 === 0 ? `${feedId(0)}.12` : null,
    leading: [],
  });
};

/** Fills empty tables with a fleet's feeds and entries. */
export const fillLargeLedger = async ({ client, fresh }: EmbeddedTables) => {
  const names = await fresh();
  const { ledger, feedStore } = storesOver(client, { feedsTable: names.feeds, ledgerTable: names.ledger });
  await feedStore.saveTick({ rev: 1, lastTick: at - minute, brands: [144] });
  for (let n = 0; n < fleet.feeds; n += 1) {
    const [id, url] = [feedId(n), addressOfFeed(n)];
    await feedStore.save(aFeedRow({ id, url, trouble: n < fleet.failing ? aTrouble({ url }) : null }));
    await feedStore.setSlot(id, aSlot({ notBefore: at + minute }, url));
  }
  const lane = async (first: number) => {
    for (let n = first; n < entriesWanted; n += 20) await ledger.insert(rowOf(n));
  };
  await Promise.all(Array.from({ length: 20 }, (_, first) => lane(first)));
  return names;
};

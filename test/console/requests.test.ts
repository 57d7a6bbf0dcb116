import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storesOver } from '../../cli/aws-target.ts';
import type { ConsoleContext } from '../../console/context.ts';
import { replyTo } from '../../console/respond.ts';
import { type State, states } from '../../lib/core/ledger/row.ts';
import { configOf, fakeTarget } from '../support/cli.ts';
import { consoleScene } from '../support/console-scene.ts';
import { type EmbeddedTables, startTables } from '../support/embedded-tables.ts';
import { feedOf } from '../support/entries.ts';
import { aFeedRow, anEntryRow, aSlot } from '../support/store-rows.ts';

const at = Date.UTC(2026, 10, 20, 10);
const minute = 60_000;

let tables: EmbeddedTables;
let context: ConsoleContext;
let requests: string[] = [];

const feeds = Array.from({ length: 200 }, (_, n) =>
  feedOf({ id: `feed-${n}`, url: `https://www.example.com/${n}.xml` }),
);

const fill = async ({ ledger, feedStore, circuits }: ReturnType<typeof storesOver>) => {
  await feedStore.saveTick({ rev: 1, lastTick: at - minute, brands: [144] });
  for (const { id, url } of feeds.slice(0, 150)) await feedStore.save(aFeedRow({ id, url }));
  await feedStore.setSlot('feed-0', aSlot({ notBefore: at + minute }, feeds[0]?.url));
  const inState = (state: State, n: number) =>
    ledger.insert(
      anEntryRow({
        key: `${state}-${n}`,
        feed: `feed-${n}`,
        state,
        title: `Story ${n}`,
        link: `https://www.example.com/${state}/${n}`,
        wakeAt: null,
        history: [{ at: at - n * minute, state, code: 'entry.new' }],
        batch: state === 'held' ? 'feed-1.12' : null,
        leading: [],
      }),
    );
  for (const state of states) for (let n = 0; n < 30; n++) await inState(state, n);
  expect(await circuits.rows()).toEqual([]);
};

beforeAll(async () => {
  tables = await startTables();
  const names = await tables.fresh();
  const stores = storesOver(tables.client, { feedsTable: names.feeds, ledgerTable: names.ledger });
  await fill(stores);
  tables.client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        requests.push(String(commandName));
        return next(args);
      },
    { step: 'initialize' },
  );
  const target = fakeTarget({ ...stores, config: () => configOf(feeds) });
  context = { ...(await consoleScene()).context, target, clock: () => at };
});
afterAll(() => tables.close());

const requestsFor = async (path: string): Promise<{ status: number; count: number }> => {
  requests = [];
  context.attention.latest = null;
  const { status } = await replyTo(context, {
    method: 'GET',
    target: path,
    origin: 'http://127.0.0.1',
    headers: {},
    read: async () => new Uint8Array(),
  });
  return { status, count: requests.length };
};

describe('a page of the console, with 200 feeds and entries in every state,', () => {
  it.each([
    ['/', 10],
    ['/attention', 10],
    ['/overview', 10],
    ['/schedule', 6],
    ['/activity', 3],
    ['/activity?by=ada', 3],
    ['/feeds', 10],
    ['/feeds/feed-1', 10],
    ['/webhooks', 2],
    ['/entries', 10],
    ...states.map((state): [string, number] => [`/entries?state=${state}`, 8]),
    ['/entries?state=waits', 8],
    ['/entries?state=duplicates', 8],
    ['/entries?feed=feed-1', 10],
    ['/entries?text=story+1', 10],
    ['/entry?key=held-1', 10],
    ['/entry?key=drafted-1', 5],
    ['/row?key=held-1', 4],
  ])('%s takes at most %i requests', async (path, most) => {
    const { status, count } = await requestsFor(path);

    expect(status).toBe(200);
    expect(count).toBeLessThanOrEqual(most);
  });
});

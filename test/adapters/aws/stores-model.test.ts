import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dynamoCircuitStore } from '../../../lib/adapters/aws/circuit-store-dynamo.ts';
import { dynamoFeedStore } from '../../../lib/adapters/aws/feed-store-dynamo.ts';
import { dynamoLedger } from '../../../lib/adapters/aws/ledger-dynamo.ts';
import { type EntryRow, states } from '../../../lib/core/ledger/row.ts';
import type { CircuitStore, FeedStore, Ledger } from '../../../lib/core/ports.ts';
import { type EmbeddedTables, startTables } from '../../support/embedded-tables.ts';
import { fakeCircuitStore, fakeFeedStore, fakeLedger } from '../../support/fake-stores.ts';
import { aCircuitRow, aFeedRow, anEntryRow, aSlot } from '../../support/store-rows.ts';

let tables: EmbeddedTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

type Stores = { ledger: Ledger; feeds: FeedStore; circuits: CircuitStore };
type Step = { does: string; on: (stores: Stores) => Promise<unknown> };

const step = (does: string, given: unknown, on: Step['on']): Step => ({
  does: `${does} ${JSON.stringify(given)}`,
  on,
});

const small = fc.integer({ min: 1, max: 4 });
const state = fc.constantFrom(...states);

/** No two keys share a `wakeAt`, because DynamoDB does not promise an order for equal values. */
const row: fc.Arbitrary<EntryRow> = fc
  .record({
    n: small,
    rev: small,
    state,
    brand: fc.constantFrom(7, 144),
    feed: fc.constantFrom('a', 'b'),
    wake: fc.option(fc.integer({ min: 0, max: 9 })),
    seenAt: fc.integer({ min: 0, max: 3 }),
    dueAt: small,
    title: fc.option(fc.string({ unit: 'grapheme', maxLength: 8 })),
    errors: fc.option(fc.jsonValue({ maxDepth: 3 })),
  })
  .map(({ n, wake, ...rest }) =>
    anEntryRow({ ...rest, key: `k${n}`, wakeAt: wake === null ? null : wake * 10 + n }),
  );

const all = async (ledger: Ledger): Promise<EntryRow[]> => {
  const rows: EntryRow[] = [];
  for await (const one of ledger.all()) rows.push(one);
  return rows.sort((a, b) => (a.key < b.key ? -1 : 1));
};

const everyPage = async (ledger: Ledger, limit: number): Promise<unknown[]> => {
  const first = await ledger.waiting({ limit });
  return first.next === null ? [first] : [first, await ledger.waiting({ limit, after: first.next })];
};

const ledgerStep: fc.Arbitrary<Step> = fc.oneof(
  row.map((given) => step('insert', given, ({ ledger }) => ledger.insert(given))),
  { weight: 3, arbitrary: row.map((given) => step('replace', given, ({ ledger }) => ledger.replace(given))) },
  small.map((n) => step('read', n, ({ ledger }) => ledger.read(`k${n}`))),
  fc
    .record({
      shard: fc.constantFrom('leases' as const, 7, 144),
      until: fc.integer({ min: 0, max: 99 }),
      limit: small,
      exceptFeeds: fc.subarray(['a', 'b']),
    })
    .map((given) => step('due', given, ({ ledger }) => ledger.due(given))),
  fc
    .record({ feed: fc.constantFrom('a', 'b'), until: small, limit: fc.integer({ min: 1, max: 9 }) })
    .map((given) => step('oldest queued', given, ({ ledger }) => ledger.oldestQueued(given))),
  fc
    .record({ state, limit: small })
    .map((given) => step('waiting', given, ({ ledger }) => ledger.waiting(given))),
  small.map((limit) => step('page through', limit, ({ ledger }) => everyPage(ledger, limit))),
);

const feedStep: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({ id: fc.constantFrom('a', 'b'), rev: small, newest: fc.option(small) })
    .map((given) => step('save', given, ({ feeds }) => feeds.save(aFeedRow(given)))),
  fc
    .record({ rev: small, lastTick: small, brands: fc.array(small) })
    .map((given) => step('tick', given, ({ feeds }) => feeds.saveTick(given))),
  small.map((n) => step('slot', n, ({ feeds }) => feeds.setSlot(`f${n}`, aSlot({ notBefore: n })))),
  fc
    .subarray(['f1', 'f2', 'f3'])
    .map((ids) => ids.map((id) => ({ id, address: aSlot().address, isMove: false })))
    .map((starts) => step('start slots', starts, ({ feeds }) => feeds.startSlots(starts))),
  small.map((n) =>
    step('move', n, ({ feeds }) =>
      feeds.startSlots([{ id: `f${n % 3}`, address: `address ${n % 2}`, isMove: true }]),
    ),
  ),
  small.map((n) => step('step', n, ({ feeds }) => feeds.setIntervalStep(`f${n}`, { step: n, from: n }))),
  fc.constant(
    step('read', 'feeds', ({ feeds }) => Promise.all([feeds.read('a'), feeds.schedule(), feeds.tick()])),
  ),
);

const circuitRow = fc
  .record({
    scope: fc.constantFrom('all' as const, 'brand/7' as const),
    by: fc.constantFrom('machine' as const, 'person' as const),
    rev: small,
  })
  .map(aCircuitRow);

const circuitStep: fc.Arbitrary<Step> = fc.oneof(
  circuitRow.map((given) => step('open', given, ({ circuits }) => circuits.put(given))),
  circuitRow.map((given) => step('close', given, ({ circuits }) => circuits.remove(given))),
);

const everything = async ({ ledger, feeds, circuits }: Stores): Promise<unknown> => ({
  rows: await all(ledger),
  slots: await feeds.schedule(),
  circuits: (await circuits.rows()).map((one) => JSON.stringify(Object.entries(one).sort())).sort(),
});

test('the DynamoDB stores behave like the fakes', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 3, arbitrary: ledgerStep }, feedStep, circuitStep), { maxLength: 25 }),
      async (steps) => {
        const { client } = tables;
        const names = await tables.fresh();
        const real: Stores = {
          ledger: dynamoLedger({ client, table: names.ledger }),
          feeds: dynamoFeedStore({ client, table: names.feeds }),
          circuits: dynamoCircuitStore({ client, table: names.feeds }),
        };
        const fake: Stores = { ledger: fakeLedger(), feeds: fakeFeedStore(), circuits: fakeCircuitStore() };

        for (const { does, on } of steps) expect(await on(real), does).toEqual(await on(fake));

        expect(await everything(real)).toEqual(await everything(fake));
      },
    ),
    { numRuns: 50 },
  );
});

import { createHash } from 'node:crypto';
import { AppError } from '../../core/errors.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import { parseFeedRow } from '../../core/polling/feed-row.ts';
import type { HostBackOff } from '../../core/polling/schedule-rows.ts';
import {
  type FeedSlot,
  mergedSlot,
  parseHostBackOff,
  parseIntervalSlot,
  parseSlot,
  parseTick,
  type ScheduleSlot,
} from '../../core/polling/schedule-rows.ts';
import type { FeedStore, SlotStart } from '../../core/ports.ts';
import { type DynamoOptions, dynamoTable, type Item } from './dynamo-table.ts';
import { readTogether } from './read-together.ts';

const feedKey = (id: string) => ({ pk: `feed#${id}`, sk: 'row' });
const tickKey = { pk: 'meta', sk: 'tick' };

/** One of 256 fixed shards, so that a million feeds fit into their items, and concurrent writes do not conflict. */
const shardKey = (id: string) => ({
  pk: 'schedule',
  sk: createHash('sha256').update(id).digest('hex').slice(0, 2),
});

/**
 * A feed's data are attributes of its shard, one per writer, so that writers do not overwrite each other. The prefixes
 * keep feeds named `pk` or `sk` apart from the key.
 */
const slotPrefix = 'feed#';
const stepPrefix = 'step#';
const backOffKey = (host: string) => ({ pk: 'schedule', sk: `host#${host}` });
const isBackOff = ({ sk }: Item) => typeof sk === 'string' && sk.startsWith('host#');

/** An update expression may have 4 kB, which a hundred slots fill. */
const slotsAnUpdate = 100;
const shardsAtOnce = 8;

/** A request may have a hundred keys. */
const rowsARequest = 100;

/** Feeds grouped by shard, in groups that fit into one update. */
const shardfuls = <F extends { id: string }>(feeds: F[]): F[][] =>
  [...Map.groupBy(feeds, ({ id }) => shardKey(id).sk).values()].flatMap((ofShard) =>
    Array.from({ length: Math.ceil(ofShard.length / slotsAnUpdate) }, (_, at) =>
      ofShard.slice(at * slotsAnUpdate, (at + 1) * slotsAnUpdate),
    ),
  );

type OnCorrupt = (name: string, message: string) => void;

/** The parsed value, or undefined if it is unreadable, which is reported and does not affect other feeds. */
const readable = <T>(
  parse: (id: string, stored: unknown) => T,
  id: string,
  [name, stored]: [string, unknown],
  onCorrupt: OnCorrupt,
): T | undefined => {
  if (stored === undefined) return undefined;
  try {
    return parse(id, stored);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    onCorrupt(name, error.message);
    return undefined;
  }
};

/** The slots of a shard. A feed without readable data is polled as if it had none. */
function* slotsOf(shard: Item, onCorrupt: OnCorrupt): Generator<[string, ScheduleSlot]> {
  const named = Object.keys(shard).filter((name) => /^(?:feed|step)#/.test(name));
  for (const id of new Set(named.map((name) => name.slice(slotPrefix.length)))) {
    const read = <T>(parse: (id: string, stored: unknown) => T, prefix: string): T | undefined =>
      readable(parse, id, [`${prefix}${id}`, shard[`${prefix}${id}`]], onCorrupt);
    const slot = mergedSlot(read(parseSlot, slotPrefix), read(parseIntervalSlot, stepPrefix));
    if (slot !== null) yield [id, slot];
  }
}

const freshSlot = ({ address }: SlotStart): FeedSlot => ({ address, notBefore: 0 });

/** The first version requires that no row exists. */
const over = (rev: number): number | null => (rev === 1 ? null : rev - 1);

/**
 * Feed rows, schedule and tick in DynamoDB; every read is strongly consistent, and rows requested in the same turn of
 * the event loop are one request. Throws permanent `feeds.corrupt-row` and `feeds.corrupt-tick`, and AppError `store.*`
 * (see DynamoTable); an unreadable slot is reported to `onCorrupt` instead.
 */
export const dynamoFeedStore = ({
  onCorrupt = () => {},
  ...options
}: DynamoOptions & { onCorrupt?: OnCorrupt }): FeedStore => {
  const table = dynamoTable(options);
  const readBackOff = (item: Item): HostBackOff | undefined =>
    readable(parseHostBackOff, String(item.sk), [String(item.sk), item], onCorrupt);
  const rowOf = readTogether((ids) => table.getAll(ids.map(feedKey)), rowsARequest);

  return {
    read: async (id) => {
      const item = await rowOf(id);
      return item && parseFeedRow(id, item);
    },

    save: (row) => table.put(feedKey(row.id), row, over(row.rev)),

    schedule: async () => {
      const slots = new Map<string, ScheduleSlot>();
      const backOffs: HostBackOff[] = [];
      const items = table.query({
        where: '#hash = :hash',
        names: { '#hash': 'pk' },
        values: { ':hash': 'schedule' },
      });
      for await (const item of items) {
        const backOff = isBackOff(item) ? readBackOff(item) : undefined;
        if (backOff) backOffs.push(backOff);
        else if (!isBackOff(item)) for (const [id, slot] of slotsOf(item, onCorrupt)) slots.set(id, slot);
      }
      return { slots, backOffs };
    },

    setSlot: (id, slot) => table.set(shardKey(id), `${slotPrefix}${id}`, slot),
    setIntervalStep: (id, step) => table.set(shardKey(id), `${stepPrefix}${id}`, step),
    backOff: async (host) => {
      const item = await table.get(backOffKey(host));
      return (item && readBackOff(item)) ?? null;
    },
    saveBackOff: (backOff) => table.put(backOffKey(backOff.host), backOff, over(backOff.rev)),
    endBackOff: ({ host, rev }) => table.remove(backOffKey(host), rev),

    startSlots: async (starts) => {
      const [moved, fresh] = [starts.filter(({ isMove }) => isMove), starts.filter(({ isMove }) => !isMove)];
      await mapWithConcurrency(shardfuls(fresh), shardsAtOnce, (some) =>
        table.setAbsent(
          shardKey(some[0]?.id ?? ''),
          new Map(some.map((start) => [`${slotPrefix}${start.id}`, freshSlot(start)])),
        ),
      );
      await mapWithConcurrency(moved, shardsAtOnce, (start) =>
        table.setUnlessSame(shardKey(start.id), {
          set: `${slotPrefix}${start.id}`,
          value: freshSlot(start),
          field: 'address',
          remove: `${stepPrefix}${start.id}`,
        }),
      );
    },

    tick: async () => {
      const item = await table.get(tickKey);
      return item && parseTick('of the last tick', item);
    },

    saveTick: (row) => table.put(tickKey, row, over(row.rev)),
  };
};

import { queuePlace } from '../../core/ledger/queue-order.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { Ledger } from '../../core/ports.ts';
import type { DynamoTable, Item } from './dynamo-table.ts';

/**
 * The keys of the index `queue`, which contains queued rows only: per feed, oldest first, made unique by the row's key.
 */
export const queueKeys = (row: EntryRow): Item =>
  row.state === 'queued' ? { queueFeed: row.feed, queueAt: `${queuePlace(row)}#${row.key}` } : {};

/** A page costs half a read unit; at most this many rows that are not due are skipped. */
const pageSize = 25;
const maxPassedOver = 100;

/** See the port. An index row has about 150 bytes. */
export const dynamoOldestQueued =
  (table: DynamoTable): Ledger['oldestQueued'] =>
  async ({ feed, until, before, limit }) => {
    const rows = table.query({
      index: 'queue',
      where: before === undefined ? '#hash = :hash' : '#hash = :hash AND #range < :before',
      names: { '#hash': 'queueFeed', ...(before !== undefined && { '#range': 'queueAt' }) },
      values: { ':hash': feed, ...(before !== undefined && { ':before': before }) },
      pageSize,
    });
    const keys: string[] = [];
    let seen = 0;
    for await (const { key, dueAt } of rows) {
      seen += 1;
      if (Number(dueAt) <= until) keys.push(String(key));
      if (keys.length === limit || seen === maxPassedOver) break;
    }
    return keys;
  };

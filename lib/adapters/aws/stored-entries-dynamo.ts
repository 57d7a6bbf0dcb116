import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as v from 'valibot';
import { StoredEntry } from '../../core/entries/stored-entry.ts';
import { rowFormat } from '../../core/ledger/row.ts';
import type { Ledger } from '../../core/ports.ts';
import type { DynamoTable, Item } from './dynamo-table.ts';

/** Stored next to the rows in their table, because a row is written three times or more, its entry once. */
const type = 'kept';

/** Whether an item is a stored entry rather than a row. */
export const isStoredEntry = (item: Item): boolean => item.type === type;

/** The maximum size of a bounded entry, in bytes. */
const MAX_JSON = 5_000_000;

const seconds = (ms: number): number => Math.ceil(ms / 1000);

const read = ({ data }: Item): StoredEntry =>
  v.parse(
    StoredEntry,
    JSON.parse(inflateRawSync(data as Uint8Array, { maxOutputLength: MAX_JSON }).toString()),
  );

type StoredEntries = Pick<
  Ledger,
  'storeEntry' | 'storedEntry' | 'setStoredEntryExpiry' | 'deleteStoredEntry'
>;

/** The stored entries of the ledger, compressed, because writes are billed by the kilobyte. */
export const dynamoStoredEntries = (
  table: DynamoTable,
  onCorrupt: (key: string, message: string) => void,
): StoredEntries => ({
  storeEntry: (key, kept, until) => {
    const data = deflateRawSync(JSON.stringify(kept));
    return table.write({ key }, { type, format: rowFormat, rev: 1, expiresAt: seconds(until), data });
  },

  storedEntry: async (key) => {
    const item = await table.get({ key });
    if (item === null) return null;
    try {
      return read(item);
    } catch (error) {
      onCorrupt(key, error instanceof Error ? error.message : String(error));
      return null;
    }
  },

  setStoredEntryExpiry: async (key, until) => {
    await table.change({ key }, 'expiresAt', seconds(until));
  },

  deleteStoredEntry: async (key) => {
    await table.remove({ key }, 1);
  },
});

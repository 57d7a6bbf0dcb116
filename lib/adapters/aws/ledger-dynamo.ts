import { isPossibleDuplicate } from '../../core/entries/identity/possible-duplicate.ts';
import { AppError } from '../../core/errors.ts';
import { hasOpenChange } from '../../core/ledger/later-version.ts';
import { placeAt } from '../../core/ledger/list-place.ts';
import {
  type DecisionState,
  decisionStates,
  isDecisionState,
  needsDecision,
} from '../../core/ledger/needs-decision.ts';
import type { DueRow, EntryRow, LedgerRow, State, WaitingRow } from '../../core/ledger/row.ts';
import { parseDueRow, parseLedgerRow, parseListedRow, parseWaitingRow } from '../../core/ledger/row.ts';
import type { Ledger } from '../../core/ports.ts';
import { type DynamoOptions, type DynamoTable, dynamoTable, type Item } from './dynamo-table.ts';
import { dynamoListedRows, listKeys } from './listed-rows-dynamo.ts';
import { dynamoOldestQueued, queueKeys } from './queued-rows-dynamo.ts';
import { readTogether } from './read-together.ts';
import { dynamoStoredEntries, isStoredEntry } from './stored-entries-dynamo.ts';

/** Called for every unreadable row that a list leaves out. The row is kept. */
type OnCorrupt = (key: string, message: string) => void;

/** A row's position among those that need attention: by time, then by key. */
const place = ({ seenAt, key }: Pick<EntryRow, 'seenAt' | 'key'>): string =>
  `${new Date(seenAt).toISOString()}#${key}`;

/** The shards of rows that need attention only because they may have two drafts, or because their article changed. */
const duplicates = 'duplicate';
const changed = 'changed';
type OtherShard = typeof duplicates | typeof changed;
const isOtherShard = (name: string): name is OtherShard => name === duplicates || name === changed;

const changedPlace = ({
  key,
  laterVersion,
  seenAt,
}: Pick<EntryRow, 'key' | 'laterVersion' | 'seenAt'>): string =>
  place({ key, seenAt: laterVersion?.at ?? seenAt });

const otherKeys = (row: EntryRow): Item => {
  if (isPossibleDuplicate(row)) return { personShard: duplicates, personAt: place(row) };
  return hasOpenChange(row) ? { personShard: changed, personAt: changedPlace(row) } : {};
};

/** Rejected and uncertain rows are few, and share a shard. */
const personShard = (state: DecisionState): 'held' | 'review' | 'failed' =>
  state === 'held' || state === 'review' ? state : 'failed';

type WakeShard = Parameters<Ledger['due']>[0]['shard'];
const shardName = (shard: WakeShard): string => (typeof shard === 'number' ? `brand/${shard}` : shard);

const wakeShardOf = ({ state, brand }: EntryRow): WakeShard => {
  if (state === 'drafting') return 'leases';
  return state === 'enriching' ? 'hooks' : brand;
};

/** The index keys. All indexes are sparse: a row without the keys is not in the index. */
const indexKeys = (row: EntryRow): Item => ({
  ...queueKeys(row),
  ...(row.wakeAt !== null && {
    wakeShard: shardName(wakeShardOf(row)),
    wakeAt: row.wakeAt,
  }),
  ...(needsDecision(row)
    ? { personShard: personShard(row.state as DecisionState), personAt: place(row) }
    : otherKeys(row)),
});

/**
 * A row as stored. Values from outside are stored as JSON text, so that they are returned unchanged, in order, at any
 * depth (an item nests 32 levels at most) and with any number.
 */
const toItem = (row: LedgerRow): Item => {
  const { expiresAt, ...rest } = row;
  const expiry = expiresAt === null ? {} : { expiresAt };
  if (rest.type !== 'entry') return { ...rest, ...expiry, ...listKeys(row) };
  const { wakeAt, post, errors, undo, enriched, ...plain } = rest;
  return {
    ...plain,
    ...expiry,
    ...indexKeys(row as EntryRow),
    ...listKeys(row),
    post: JSON.stringify(post),
    errors: JSON.stringify(errors ?? null),
    undo: JSON.stringify(undo),
    enriched: JSON.stringify(enriched),
  };
};

const readJson = (text: unknown): unknown => {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined; // no schema accepts undefined, and its error names the field
  }
};

const fromItem = (key: string, item: Item): LedgerRow => {
  const common = { ...item, expiresAt: item.expiresAt ?? null };
  if (item.type !== 'entry') return parseLedgerRow(key, common);
  return parseLedgerRow(key, {
    ...common,
    wakeAt: item.wakeAt ?? null,
    post: readJson(item.post),
    errors: readJson(item.errors),
    undo: readJson(item.undo) ?? null,
    enriched: readJson(item.enriched) ?? null,
  });
};

/** Leaves out and reports what is unreadable, so that one bad row does not hide the others. */
async function* readable<T>(
  items: AsyncIterable<Item>,
  parse: (key: string, item: Item) => T,
  onCorrupt: OnCorrupt,
): AsyncGenerator<T> {
  for await (const item of items) {
    const key = String(item.key);
    try {
      yield parse(key, item);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      onCorrupt(key, error.message);
    }
  }
}

const first = async <T>(rows: AsyncIterable<T>, limit: number): Promise<T[]> => {
  const found: T[] = [];
  if (limit <= 0) return found;
  for await (const row of rows) {
    found.push(row);
    if (found.length === limit) break;
  }
  return found;
};

async function* only<T>(rows: AsyncIterable<T>, isWanted: (row: T) => boolean): AsyncGenerator<T> {
  for await (const row of rows) if (isWanted(row)) yield row;
}

async function* rowsAmong(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  for await (const item of items) if (!isStoredEntry(item)) yield item;
}

const waitingIn = (
  table: DynamoTable,
  shard: ReturnType<typeof personShard> | OtherShard,
  limit: number,
  after: string | undefined,
) =>
  table.query({
    index: 'person',
    where: after === undefined ? '#hash = :hash' : '#hash = :hash AND #range > :after',
    names: { '#hash': 'personShard', ...(after !== undefined && { '#range': 'personAt' }) },
    values: { ':hash': shard, ...(after !== undefined && { ':after': after }) },
    pageSize: limit,
  });

const byPlace =
  (placeOf: (row: WaitingRow) => string) =>
  (a: WaitingRow, b: WaitingRow): number =>
    placeOf(a) < placeOf(b) ? -1 : 1;

/** The limit of one BatchGetItem. */
const rowsARequest = 100;
/** Rows per page if some are filtered out: an index row has about 100 bytes, so a page stays small. */
const filteredPage = 1000;

/**
 * The ledger in DynamoDB; rows requested in the same turn of the event loop are one request. Reads throw permanent
 * `ledger.corrupt-row` and config `ledger.newer-format`, which lists report to `onCorrupt` instead; everything throws
 * AppError `store.*` (see DynamoTable).
 */
export const dynamoLedger = ({
  onCorrupt = () => {},
  ...options
}: DynamoOptions & { onCorrupt?: OnCorrupt }): Ledger => {
  const table = dynamoTable(options);
  const itemOf = readTogether((keys) => table.getAll(keys.map((key) => ({ key }))), rowsARequest);
  const allRows = () => readable(rowsAmong(table.scan()), fromItem, onCorrupt);
  const allEntries = async function* (): AsyncGenerator<EntryRow> {
    for await (const row of allRows()) if (row.type === 'entry') yield row;
  };

  return {
    read: async (key) => {
      const item = await itemOf(key);
      return item && !isStoredEntry(item) ? fromItem(key, item) : null;
    },

    insert: (row) => table.put({ key: row.key }, toItem(row), null),

    replace: (row) => table.put({ key: row.key }, toItem(row), row.rev - 1),

    remove: ({ key, rev }) => table.remove({ key }, rev),

    oldestQueued: dynamoOldestQueued(table),

    due: ({ shard, until, limit, exceptFeeds = [] }) => {
      const items = table.query({
        index: 'wake',
        where: '#hash = :hash AND #range <= :until',
        names: { '#hash': 'wakeShard', '#range': 'wakeAt' },
        values: { ':hash': shardName(shard), ':until': until },
        pageSize: exceptFeeds.length === 0 ? Math.max(1, limit) : filteredPage,
      });
      const isWanted = ({ feed }: DueRow) => !exceptFeeds.includes(feed);
      return first(only(readable(items, parseDueRow, onCorrupt), isWanted), limit);
    },

    waiting: async ({ state, limit, since, after = since === undefined ? undefined : placeAt(since) }) => {
      const wanted: readonly (State | OtherShard)[] = state === undefined ? decisionStates : [state].flat();
      const shards = wanted.flatMap((one) =>
        isOtherShard(one) ? one : isDecisionState(one) ? personShard(one) : [],
      );
      const isAsked = (row: WaitingRow) => isOtherShard(String(state)) || wanted.includes(row.state);
      const placeOf = state === changed ? changedPlace : place;
      const found = await Promise.all(
        [...new Set(shards)].map((shard) =>
          first(
            only(readable(waitingIn(table, shard, limit + 1, after), parseWaitingRow, onCorrupt), isAsked),
            limit + 1,
          ),
        ),
      );
      const rows = found.flat().sort(byPlace(placeOf));
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return { rows: page, next: last && rows.length > limit ? placeOf(last) : null };
    },

    ...dynamoListedRows(table, (items) => readable(items, parseListedRow, onCorrupt)),

    all: allEntries,
    allRows,
    ...dynamoStoredEntries(table, onCorrupt),
  };
};

import type { CircuitRow } from '../circuit/circuit-row.ts';
import type { QuotaRow } from '../editorial/quota-row.ts';
import type { StoredEntry } from '../entries/stored-entry.ts';
import type { EntryRow, LedgerRow } from '../ledger/row.ts';
import type { FeedRow } from '../polling/feed-row.ts';
import type { AlertStore, CircuitStore, FeedStore, Ledger, QuotaStore } from '../ports.ts';

/** The stores behind a dry run, which only reads them. */
export type ReadableStores = {
  ledger: Pick<Ledger, 'read' | 'storedEntry'>;
  feedStore: Pick<FeedStore, 'read'>;
  circuits: Pick<CircuitStore, 'rows'>;
  quotas: Pick<QuotaStore, 'read'>;
};

/** Stores that respond like those behind them, but keep all writes to themselves. */
export type DryRunStores = {
  ledger: Pick<Ledger, 'read' | 'insert' | 'replace' | 'storeEntry' | 'storedEntry' | 'setStoredEntryExpiry'>;
  feedStore: Pick<FeedStore, 'read' | 'save' | 'setSlot' | 'backOff' | 'saveBackOff'>;
  circuits: CircuitStore;
  quotas: QuotaStore;
  /** Nothing is notified about a dry run. */
  alerts: Pick<AlertStore, 'put'>;
  /** Entries that are new, in another state or of another feed. */
  changed: () => EntryRow[];
};

/** For a target that never ran. */
export const emptyStores: ReadableStores = {
  ledger: { read: async () => null, storedEntry: async () => null },
  feedStore: { read: async () => null },
  circuits: { rows: async () => [] },
  quotas: { read: async () => null },
};

/** Rows by name over those of a store, each read once, and written only over the version they were made from. */
const rowsOver = <R extends { rev: number }>(read: (name: string) => Promise<R | null>) => {
  const seen = new Map<string, { before: R | null; now: R | null }>();
  const look = async (name: string) => {
    const before = seen.has(name) ? null : await read(name);
    const row = seen.get(name) ?? { before, now: before };
    seen.set(name, row);
    return row;
  };
  const put = async (name: string, next: R, over: number | null): Promise<boolean> => {
    const row = await look(name);
    if ((row.now?.rev ?? null) !== over) return false;
    row.now = next;
    return true;
  };
  return {
    read: async (name: string) => (await look(name)).now,
    put,
    /** The first version needs no row to exist, each later one the previous version. */
    save: (name: string, next: R) => put(name, next, next.rev === 1 ? null : next.rev - 1),
    all: () => [...seen.values()],
  };
};

const circuitsOver = (behind: ReadableStores['circuits']): CircuitStore => {
  const name = ({ scope, by }: CircuitRow) => `${scope} by ${by}`;
  let circuits: Map<string, CircuitRow> | null = null;
  const all = async () => {
    circuits ??= new Map((await behind.rows()).map((row) => [name(row), row]));
    return circuits;
  };
  return {
    rows: async () => [...(await all()).values()],
    put: async (row) => {
      (await all()).set(name(row), row);
      return true;
    },
    remove: async (row) => (await all()).delete(name(row)),
  };
};

const isChanged = (before: LedgerRow | null, now: EntryRow): boolean =>
  before?.type !== 'entry' || before.state !== now.state || before.feed !== now.feed;

/**
 * Stores for a dry run: jobs over them do everything as usual without leaving a trace. Writes last as long as the dry
 * run, so that one job finds what another did before.
 */
export const dryRunStores = (behind: ReadableStores): DryRunStores => {
  const ledger = rowsOver<LedgerRow>(behind.ledger.read);
  const feeds = rowsOver<FeedRow>(behind.feedStore.read);
  const quotas = rowsOver<QuotaRow>(behind.quotas.read);
  const kept = new Map<string, StoredEntry>();
  return {
    alerts: { put: async () => true },
    ledger: {
      read: ledger.read,
      insert: (row) => ledger.put(row.key, row, null),
      replace: (row) => ledger.put(row.key, row, row.rev - 1),
      storeEntry: async (id, entry) => void kept.set(id, entry),
      storedEntry: async (id) => kept.get(id) ?? behind.ledger.storedEntry(id),
      setStoredEntryExpiry: async () => {},
    },
    feedStore: {
      read: feeds.read,
      save: (row) => feeds.save(row.id, row),
      setSlot: async () => {},
      backOff: async () => null,
      saveBackOff: async () => true,
    },
    circuits: circuitsOver(behind.circuits),
    quotas: { read: quotas.read, save: (row) => quotas.save(row.feed, row) },
    changed: () =>
      ledger
        .all()
        .flatMap(({ before, now }) => (now?.type === 'entry' && isChanged(before, now) ? [now] : [])),
  };
};

import type { GateRow } from '../circuit/gate.ts';
import type { QuotaRow } from '../editorial/quota.ts';
import type { KeptEntry } from '../entries/kept-entry.ts';
import type { EntryRow, LedgerRow } from '../ledger/row.ts';
import type { FeedRow } from '../polling/feed-row.ts';
import type { AlertStore, FeedStore, GateStore, Ledger, QuotaStore } from '../ports.ts';

/** What a mirror stands before: it only reads there. */
export type Mirrored = {
  ledger: Pick<Ledger, 'read' | 'keptEntry'>;
  feedStore: Pick<FeedStore, 'read'>;
  gate: Pick<GateStore, 'rows'>;
  places: Pick<QuotaStore, 'read'>;
};

/** Stores that answer as those behind them would, and keep to themselves whatever is written. */
export type Mirror = {
  ledger: Pick<Ledger, 'read' | 'insert' | 'replace' | 'keepEntry' | 'keptEntry' | 'keepEntryUntil'>;
  feedStore: Pick<FeedStore, 'read' | 'save' | 'setSlot' | 'rest' | 'saveRest'>;
  gate: GateStore;
  places: QuotaStore;
  /** Nobody is told of what did not happen. */
  alerts: Pick<AlertStore, 'put'>;
  /** Entries that were not there before, or in another state or of another feed. */
  changed: () => EntryRow[];
};

/** Where nothing has ever run. */
export const nothingYet: Mirrored = {
  ledger: { read: async () => null, keptEntry: async () => null },
  feedStore: { read: async () => null },
  gate: { rows: async () => [] },
  places: { read: async () => null },
};

/** Rows by name over those of a store, each read there once, and put only over the version it was made from. */
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
    /** The first version goes where none is, each later one over the one before it. */
    save: (name: string, next: R) => put(name, next, next.rev === 1 ? null : next.rev - 1),
    all: () => [...seen.values()],
  };
};

const doorsOver = (behind: Mirrored['gate']): GateStore => {
  const name = ({ scope, by }: GateRow) => `${scope} by ${by}`;
  let doors: Map<string, GateRow> | null = null;
  const all = async () => {
    doors ??= new Map((await behind.rows()).map((row) => [name(row), row]));
    return doors;
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
 * A mirror before some stores: jobs that run over it do all that they would do, and leave no trace. What is written
 * lives as long as the mirror, so that one job finds what another did before it.
 */
export const mirror = (behind: Mirrored): Mirror => {
  const ledger = rowsOver<LedgerRow>(behind.ledger.read);
  const feeds = rowsOver<FeedRow>(behind.feedStore.read);
  const places = rowsOver<QuotaRow>(behind.places.read);
  const kept = new Map<string, KeptEntry>();
  return {
    alerts: { put: async () => true },
    ledger: {
      read: ledger.read,
      insert: (row) => ledger.put(row.key, row, null),
      replace: (row) => ledger.put(row.key, row, row.rev - 1),
      keepEntry: async (id, entry) => void kept.set(id, entry),
      keptEntry: async (id) => kept.get(id) ?? behind.ledger.keptEntry(id),
      keepEntryUntil: async () => {},
    },
    feedStore: {
      read: feeds.read,
      save: (row) => feeds.save(row.id, row),
      setSlot: async () => {},
      rest: async () => null,
      saveRest: async () => true,
    },
    gate: doorsOver(behind.gate),
    places: { read: places.read, save: (row) => places.save(row.feed, row) },
    changed: () =>
      ledger
        .all()
        .flatMap(({ before, now }) => (now?.type === 'entry' && isChanged(before, now) ? [now] : [])),
  };
};

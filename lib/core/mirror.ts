import type { FeedRow } from './feed-row.ts';
import type { GateRow } from './gate.ts';
import type { PlacesRow } from './places.ts';
import type { FeedStore, GateStore, Ledger, PlaceStore } from './ports.ts';
import type { LedgerRow } from './row.ts';

/** What a mirror stands before: it only reads there. */
export type Mirrored = {
  ledger: Pick<Ledger, 'read'>;
  feedStore: Pick<FeedStore, 'read'>;
  gate: Pick<GateStore, 'rows'>;
  places: Pick<PlaceStore, 'read'>;
};

/** Stores that answer as those behind them would, and keep to themselves whatever is written. */
export type Mirror = {
  ledger: Pick<Ledger, 'read' | 'insert' | 'replace'>;
  feedStore: Pick<FeedStore, 'read' | 'save' | 'setSlot'>;
  gate: GateStore;
  places: PlaceStore;
};

/** Where nothing has ever run. */
export const nothingYet: Mirrored = {
  ledger: { read: async () => null },
  feedStore: { read: async () => null },
  gate: { rows: async () => [] },
  places: { read: async () => null },
};

type Versioned = { rev: number };

/** Rows by name over those of a store: the first version goes where none is, each later one over the one before it. */
const rowsOver = <R extends Versioned>(read: (name: string) => Promise<R | null>) => {
  const written = new Map<string, R>();
  const current = async (name: string): Promise<R | null> => written.get(name) ?? read(name);
  const put = async (name: string, row: R, over: number | null): Promise<boolean> => {
    if (((await current(name))?.rev ?? null) !== over) return false;
    written.set(name, row);
    return true;
  };
  const save = (name: string, row: R) => put(name, row, row.rev === 1 ? null : row.rev - 1);
  return { current, put, save };
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

/**
 * A mirror before some stores: jobs that run over it do all that they would do, and leave no trace. What is written
 * lives as long as the mirror, so that one job finds what another did before it.
 */
export const mirror = (behind: Mirrored): Mirror => {
  const ledger = rowsOver<LedgerRow>(behind.ledger.read);
  const feeds = rowsOver<FeedRow>(behind.feedStore.read);
  const places = rowsOver<PlacesRow>(behind.places.read);
  return {
    ledger: {
      read: ledger.current,
      insert: (row) => ledger.put(row.key, row, null),
      replace: (row) => ledger.put(row.key, row, row.rev - 1),
    },
    feedStore: {
      read: feeds.current,
      save: (row) => feeds.save(row.id, row),
      setSlot: async () => {},
    },
    gate: doorsOver(behind.gate),
    places: { read: places.current, save: (row) => places.save(row.feed, row) },
  };
};

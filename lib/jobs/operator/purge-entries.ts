import type { Config, FeedConfig } from '../../core/config/config.ts';
import { forgetStories, readMemory, writeMemory } from '../../core/entries/memory/fact-memory.ts';
import { retryable } from '../../core/errors.ts';
import type { EntryRow, LedgerRow, PairRow, PointerRow } from '../../core/ledger/row.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import type { FeedStore, Ledger } from '../../core/ports.ts';
import { changeFeedRow } from '../ingest/change-feed-row.ts';

type Changes = 'read' | 'replace' | 'remove' | 'deleteStoredEntry';

export type PurgeDeps = {
  config: Pick<Config, 'feeds'>;
  ledger: Pick<Ledger, Changes | 'allRows'>;
  feedStore: Pick<FeedStore, 'read' | 'save'>;
};

/**
 * `forgotten`: deleted entries in their last version. `stay`: entries that were being sent. `leading`: the number of
 * deleted pointers.
 */
export type Purged = { forgotten: EntryRow[]; stay: EntryRow[]; leading: number };

const maxTurns = 20;
const feedsAtOnce = 10;

/**
 * Deletes entries on your request: each stored entry, its row, its pointers, then its place in the last windows of
 * its brand's feeds, so that a feed that still lists it brings it again. An entry that is being sent stays. A crash
 * leaves entries that are gone from the ledger but known to a window: they make no second draft.
 */
export const purgeEntries = async (deps: PurgeDeps, rows: EntryRow[]): Promise<Purged> =>
  fromWindows(deps, await purgeRows(deps, rows));

/**
 * Deletes one entry like `purgeEntries`, without reading the whole ledger: only those of its pointers go that its row
 * names. Pointers that stay contain hashes, lead nowhere, and expire before the entry would have.
 */
export const purgeEntry = async (
  deps: { config: PurgeDeps['config']; ledger: Pick<Ledger, Changes>; feedStore: PurgeDeps['feedStore'] },
  row: EntryRow,
): Promise<Purged> => fromWindows(deps, await removeRows(deps, [row], readNamed(deps)));

const fromWindows = async (
  deps: Omit<PurgeDeps, 'ledger'>,
  { keys, ...purged }: Purged & { keys: ReadonlySet<string> },
): Promise<Purged> => {
  const brands = new Set(purged.forgotten.map(({ brand }) => brand));
  const owners = new Set(purged.forgotten.map(({ feed }) => feed));
  const feeds = deps.config.feeds.filter(({ id, brandId }) => owners.has(id) || brands.has(brandId));
  await mapWithConcurrency(feeds, feedsAtOnce, (feed) => forgetInWindow(deps, feed, keys));
  return purged;
};

/** Deletes only the rows and pointers. `keys`: all their keys. */
export const purgeRows = (
  deps: Pick<PurgeDeps, 'ledger'>,
  rows: EntryRow[],
): Promise<Purged & { keys: ReadonlySet<string> }> => removeRows(deps, rows, readAll(deps));

type Leading = { keys: ReadonlySet<string>; pointers: PointerRow[]; pairs: PairRow[] };

const removeRows = async (
  { ledger }: { ledger: Pick<Ledger, Changes> },
  rows: EntryRow[],
  readLeading: (entries: EntryRow[]) => Promise<Leading>,
): Promise<Purged & { keys: ReadonlySet<string> }> => {
  const forgotten: EntryRow[] = [];
  const stay: EntryRow[] = [];
  for (const row of rows) {
    const last = await removeIf(ledger, row.key, isAtRest);
    if (last?.type === 'entry') (isAtRest(last) ? forgotten : stay).push(last);
  }
  const { keys, pointers, pairs } = await readLeading(forgotten);
  for (const { key } of pointers) await removeIf(ledger, key, leadsTo(keys));
  for (const { key } of pairs) await freeSlots(ledger, key, keys);
  return { forgotten, stay, leading: pointers.length, keys };
};

const isAtRest = (row: LedgerRow): boolean => row.type === 'entry' && row.state !== 'drafting';
const leadsTo = (keys: ReadonlySet<string>) => (row: LedgerRow) =>
  row.type === 'pointer' && keys.has(row.owner);

const contended = (key: string) =>
  retryable('ledger.contended', `${key} changed concurrently ${maxTurns} times. Run it again`);

const storedEntriesOf = (row: LedgerRow): string[] =>
  row.type === 'entry' ? [row.storedAs, row.laterVersion?.storedAs ?? null].filter((id) => id !== null) : [];

/**
 * Deletes a row in its current version if it is still of this kind; returns its last version. Its stored entries go
 * first, because they could not be found later.
 */
const removeIf = async (
  ledger: Pick<Ledger, Changes>,
  key: string,
  mayGo: (row: LedgerRow) => boolean,
): Promise<LedgerRow | null> => {
  for (let turn = 0; turn < maxTurns; turn++) {
    const row = await ledger.read(key);
    if (row === null || !mayGo(row)) return row;
    for (const id of storedEntriesOf(row)) await ledger.deleteStoredEntry(id);
    if (await ledger.remove(row)) return row;
  }
  throw contended(key);
};

/** The keys that the rows of these entries name. */
const readNamed =
  ({ ledger }: { ledger: Pick<Ledger, 'read'> }) =>
  async (entries: EntryRow[]): Promise<Leading> => {
    const named = await Promise.all(entries.flatMap(({ leading }) => leading).map((key) => ledger.read(key)));
    const pointers = named.filter((row) => row?.type === 'pointer');
    const keys = new Set([...entries, ...pointers].map(({ key }) => key));
    const pairs = named.filter((row) => row?.type === 'pair');
    return {
      keys,
      pointers: pointers.filter(({ owner }) => keys.has(owner)),
      pairs: pairs.filter(({ feed, hook }) => isIn(keys, feed) || isIn(keys, hook)),
    };
  };

/** All keys of these entries: pointers over any number of steps, and pairs with their keys. */
const readAll =
  ({ ledger }: Pick<PurgeDeps, 'ledger'>) =>
  async (entries: EntryRow[]): Promise<Leading> => {
    const keys = new Set(entries.map(({ key }) => key));
    if (keys.size === 0) return { keys, pointers: [], pairs: [] };
    const leading = new Map<string, PointerRow[]>();
    const pairs: PairRow[] = [];
    for await (const row of ledger.allRows()) {
      if (row.type === 'pointer') leading.set(row.owner, [...(leading.get(row.owner) ?? []), row]);
      if (row.type === 'pair') pairs.push(row);
    }
    const pointers: PointerRow[] = [];
    for (const key of keys) // grows during the loop
      for (const pointer of leading.get(key) ?? []) {
        pointers.push(pointer);
        keys.add(pointer.key);
      }
    return { keys, pointers, pairs: pairs.filter(({ feed, hook }) => isIn(keys, feed) || isIn(keys, hook)) };
  };

const isIn = (keys: ReadonlySet<string>, key: string | null): boolean => key !== null && keys.has(key);

/** Frees a pair's slot with a deleted key; a pair with two free slots is deleted. */
const freeSlots = async (
  ledger: Pick<Ledger, Changes>,
  key: string,
  keys: ReadonlySet<string>,
): Promise<void> => {
  for (let turn = 0; turn < maxTurns; turn++) {
    const row = await ledger.read(key);
    if (row?.type !== 'pair') return;
    const feed = isIn(keys, row.feed) ? null : row.feed;
    const hook = isIn(keys, row.hook) ? null : row.hook;
    const isEmpty = feed === null && hook === null;
    const done = isEmpty
      ? await ledger.remove(row)
      : await ledger.replace({ ...row, feed, hook, rev: row.rev + 1 });
    if (done) return;
  }
  throw contended(key);
};

/** Without validators and hash, the next poll reads the document even if it has not changed. */
const forgetInWindow = (
  { feedStore }: Pick<PurgeDeps, 'feedStore'>,
  { id }: FeedConfig,
  keys: ReadonlySet<string>,
): Promise<void> =>
  changeFeedRow(feedStore, id, (row) => {
    const facts = row.facts && writeMemory(forgetStories(readMemory(row.facts), keys));
    if (facts === null || facts.length === row.facts?.length) return null;
    return { ...row, facts, validators: { etag: null, lastModified: null }, bodyHash: null };
  });

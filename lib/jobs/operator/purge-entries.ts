import type { Config, FeedConfig } from '../../core/config/config.ts';
import { forgetStories, readMemory, writeMemory } from '../../core/entries/memory/fact-memory.ts';
import { retryable } from '../../core/errors.ts';
import type { EntryRow, LedgerRow, PairRow, PointerRow } from '../../core/ledger/row.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import type { FeedStore, Ledger } from '../../core/ports.ts';
import { changeFeedRow } from '../ingest/change-feed-row.ts';

export type PurgeDeps = {
  config: Pick<Config, 'feeds'>;
  ledger: Pick<Ledger, 'read' | 'replace' | 'remove' | 'allRows' | 'deleteStoredEntry'>;
  feedStore: Pick<FeedStore, 'read' | 'save'>;
};

/** `forgotten`: entries as they were last. `stay`: those at work at that moment. `leading`: pointers that led to the former. */
export type Purged = { forgotten: EntryRow[]; stay: EntryRow[]; leading: number };

const maxTurns = 20;
const feedsAtOnce = 10;

/**
 * Forgets entries, on a person's word: what is kept of each, its row, then what leads to it, then its place in the last
 * windows of the feeds of its brand, so that whoever still shows it brings it anew. An entry that is being sent at this moment
 * stays. A crash on the way leaves entries that are gone from the ledger and known by a window yet: they make no
 * second draft.
 */
export const purgeEntries = async (deps: PurgeDeps, rows: EntryRow[]): Promise<Purged> => {
  const { keys, ...purged } = await purgeRows(deps, rows);
  const brands = new Set(purged.forgotten.map(({ brand }) => brand));
  const owners = new Set(purged.forgotten.map(({ feed }) => feed));
  const feeds = deps.config.feeds.filter(({ id, brandId }) => owners.has(id) || brands.has(brandId));
  await mapWithConcurrency(feeds, feedsAtOnce, (feed) => forgetInWindow(deps, feed, keys));
  return purged;
};

/** The rows alone, and what leads to them. `keys`: all by which they were known. */
export const purgeRows = async (
  { ledger }: Pick<PurgeDeps, 'ledger'>,
  rows: EntryRow[],
): Promise<Purged & { keys: ReadonlySet<string> }> => {
  const forgotten: EntryRow[] = [];
  const stay: EntryRow[] = [];
  for (const row of rows) {
    const last = await removeIf(ledger, row.key, isAtRest);
    if (last?.type === 'entry') (isAtRest(last) ? forgotten : stay).push(last);
  }
  const { keys, pointers, pairs } = await readLeading(ledger, forgotten);
  for (const { key } of pointers) await removeIf(ledger, key, leadsTo(keys));
  for (const { key } of pairs) await freeSlots(ledger, key, keys);
  return { forgotten, stay, leading: pointers.length, keys };
};

const isAtRest = (row: LedgerRow): boolean => row.type === 'entry' && row.state !== 'drafting';
const leadsTo = (keys: ReadonlySet<string>) => (row: LedgerRow) =>
  row.type === 'pointer' && keys.has(row.owner);

const contended = (key: string) =>
  retryable('ledger.contended', `${key} changed ${maxTurns} times while it was being forgotten`);

/**
 * Removes a row, in whatever version, if it is still such a one; answers it as it was last. The entry that it names
 * goes first: nobody could find it later.
 */
const removeIf = async (
  ledger: PurgeDeps['ledger'],
  key: string,
  mayGo: (row: LedgerRow) => boolean,
): Promise<LedgerRow | null> => {
  for (let turn = 0; turn < maxTurns; turn++) {
    const row = await ledger.read(key);
    if (row === null || !mayGo(row)) return row;
    if (row.type === 'entry' && row.storedAs !== null) await ledger.deleteStoredEntry(row.storedAs);
    if (await ledger.remove(row)) return row;
  }
  throw contended(key);
};

/** Everything by which these entries were known: pointers over as many steps as there are, and pairs with their keys. */
const readLeading = async (ledger: PurgeDeps['ledger'], entries: EntryRow[]) => {
  const keys = new Set(entries.map(({ key }) => key));
  if (keys.size === 0) return { keys, pointers: [], pairs: [] };
  const leading = new Map<string, PointerRow[]>();
  const pairs: PairRow[] = [];
  for await (const row of ledger.allRows()) {
    if (row.type === 'pointer') leading.set(row.owner, [...(leading.get(row.owner) ?? []), row]);
    if (row.type === 'pair') pairs.push(row);
  }
  const pointers: PointerRow[] = [];
  for (const key of keys) // grows while it is walked
    for (const pointer of leading.get(key) ?? []) {
      pointers.push(pointer);
      keys.add(pointer.key);
    }
  return { keys, pointers, pairs: pairs.filter(({ feed, hook }) => isIn(keys, feed) || isIn(keys, hook)) };
};

const isIn = (keys: ReadonlySet<string>, key: string | null): boolean => key !== null && keys.has(key);

/** A pair's slot that held a forgotten key is free again; with both free the pair goes. */
const freeSlots = async (
  ledger: PurgeDeps['ledger'],
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

/** Without validators and hash the next poll reads the document even if its server has nothing newer. */
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

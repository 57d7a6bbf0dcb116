import { hash } from 'node:crypto';
import type { FeedConfig } from '../core/config/config.ts';
import { newPointer } from '../core/ledger/entry-state.ts';
import type { LedgerRow } from '../core/ledger/row.ts';
import type { Clock, Ledger } from '../core/ports.ts';

type Deps = { ledger: Pick<Ledger, 'read' | 'insert'>; clock: Clock };

/** A feed with `review: { first: N }` has N places; each is a ledger row that names the entry which took it. */
const placesOf = (feed: string, first: number): string[] =>
  Array.from({ length: first }, (_, at) => `review-${feed}-${at}`);

const isOwn = (row: LedgerRow | null, key: string): boolean => row?.type === 'pointer' && row.owner === key;

/** In an order of its own for each entry, so that entries registered concurrently rarely want the same place. */
const inOrderOf = (key: string, places: string[]): string[] => {
  const start = Number.parseInt(hash('sha256', key).slice(0, 8), 16) % places.length;
  return [...places.slice(start), ...places.slice(0, start)];
};

/**
 * Whether a new entry that would be drafted waits for review first. With `first: N` it does if it gets one of its feed's
 * N places, which a feed shares with its webhooks. Safe to repeat: an entry keeps its place, and places never expire.
 */
export const waitsForReview = async (
  { ledger, clock }: Deps,
  { id, review }: Pick<FeedConfig, 'id' | 'review'>,
  key: string,
): Promise<boolean> => {
  if (typeof review === 'boolean') return review;
  const places = inOrderOf(key, placesOf(id, review.first));
  const rows = await Promise.all(places.map((place) => ledger.read(place)));
  if (rows.some((row) => isOwn(row, key))) return true;
  for (const place of places.filter((_, at) => rows[at] === null)) {
    if (await ledger.insert({ ...newPointer(place, key, clock()), expiresAt: null })) return true;
    if (isOwn(await ledger.read(place), key)) return true; // by a concurrent registration of the same entry
  }
  return false;
};

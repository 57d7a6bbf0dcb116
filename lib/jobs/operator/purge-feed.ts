import type { EntryRow } from '../../core/ledger/row.ts';
import { type FeedRow, nothingRead } from '../../core/polling/feed-row.ts';
import { changeFeedRow } from '../ingest/change-feed-row.ts';
import { type PurgeDeps, type Purged, purgeRows } from './purge-entries.ts';

/**
 * Forgets a feed, on a person's word: its entries, what leads to them, and its last window, so that its next poll is
 * a first one again. Its failures are kept: they say when its server may be asked again. So is what it has used of
 * its limits and slots, since those drafts exist. With an entry still being sent the window stays too.
 */
export const purgeFeed = async (deps: PurgeDeps, feed: string, rows: EntryRow[]): Promise<Purged> => {
  const { keys: _, ...purged } = await purgeRows(deps, rows);
  if (purged.stay.length === 0) await changeFeedRow(deps.feedStore, feed, unpolled);
  return purged;
};

const unpolled = (row: FeedRow): FeedRow => ({ ...row, ...nothingRead });

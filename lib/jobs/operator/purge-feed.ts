import type { EntryRow } from '../../core/ledger/row.ts';
import { type FeedRow, nothingRead } from '../../core/polling/feed-row.ts';
import { changeFeedRow } from '../ingest/change-feed-row.ts';
import { type PurgeDeps, type Purged, purgeRows } from './purge-entries.ts';

/**
 * Deletes a feed's data on your request: its entries, their pointers, and its last window, so that its next poll is a
 * first one. Its failures are kept, because they show when its server may be polled again, and so is its used quota,
 * because those drafts exist. If an entry is still being sent, the window stays too.
 */
export const purgeFeed = async (deps: PurgeDeps, feed: string, rows: EntryRow[]): Promise<Purged> => {
  const { keys: _, ...purged } = await purgeRows(deps, rows);
  if (purged.stay.length === 0) await changeFeedRow(deps.feedStore, feed, unpolled);
  return purged;
};

const unpolled = (row: FeedRow): FeedRow => ({ ...row, ...nothingRead });

import { retryable } from '../../core/errors.ts';
import type { FeedRow } from '../../core/polling/feed-row.ts';
import type { FeedStore } from '../../core/ports.ts';

const maxTurns = 20;

/**
 * Changes a feed's row based on exactly the version it was read in; null leaves it unchanged. Throws retryable
 * `feeds.contended`.
 */
export const changeFeedRow = async (
  feedStore: Pick<FeedStore, 'read' | 'save'>,
  id: string,
  change: (row: FeedRow) => FeedRow | null,
): Promise<void> => {
  for (let turn = 0; turn < maxTurns; turn++) {
    const row = await feedStore.read(id);
    const next = row && change(row);
    if (!row || !next || (await feedStore.save({ ...next, rev: row.rev + 1 }))) return;
  }
  throw retryable(
    'feeds.contended',
    `the row of feed ${id} changed concurrently ${maxTurns} times; it will be retried`,
  );
};

import { AppError } from '../../core/errors.ts';
import type { FeedRow } from '../../core/polling/feed-row.ts';
import { usableValidators } from '../../core/polling/poll-request.ts';
import type { FetchFeed, FetchRequest } from '../../core/ports.ts';

/**
 * Whether a server responds 304 although it has new entries: a poll without validators has just found some, so the
 * feed is requested once more with the earlier validators. Only a 304 proves it, because entries published a moment
 * ago are new as well. If this request fails, the server is not blamed, and the next day's poll checks again.
 */
export const doubt304 = async (
  { fetchFeed }: { fetchFeed: FetchFeed },
  request: FetchRequest,
  before: FeedRow,
): Promise<boolean> => {
  const validators = usableValidators(before);
  if (validators === null) return false;
  try {
    return (await fetchFeed({ ...request, validators })).kind === 'unchanged';
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
};

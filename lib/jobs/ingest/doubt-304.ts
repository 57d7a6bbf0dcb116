import { AppError } from '../../core/errors.ts';
import type { FeedRow } from '../../core/polling/feed-row.ts';
import { usableValidators } from '../../core/polling/poll-request.ts';
import type { FetchFeed, FetchRequest } from '../../core/ports.ts';

/**
 * Whether a server answers 304 although it has news: a poll without validators has just found some, and here it is
 * asked once more with those that polls sent before. Only a 304 proves it, since what was published a moment ago is
 * news as well. A server that cannot be asked is given the benefit of the doubt; the next day's poll looks again.
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

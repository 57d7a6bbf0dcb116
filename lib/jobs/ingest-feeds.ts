import type { FeedConfig } from '../core/config.ts';
import { AppError } from '../core/errors.ts';
import type { Call, FeedsMessage, SendFeeds } from '../core/ports.ts';
import { type IngestNeeds, ingestFeed } from './ingest-feed.ts';
import { noteTrouble } from './note-trouble.ts';

type Needs = IngestNeeds & { sendFeeds: SendFeeds };

/** A message of feeds, and how often it has been received. */
export type FeedsDelivery = FeedsMessage & { receiveCount: number };

/**
 * Polls all feeds of a message at once. A feed's own fault is written on its row and never fails the message; what
 * is ours does, once all the others have ended. A message whose worker died is split into one a feed, so that
 * the one which kills workers does not starve its neighbours.
 */
export const ingestFeeds =
  (services: Needs) =>
  async ({ feeds: ids, manual, receiveCount }: FeedsDelivery, call: Call): Promise<void> => {
    if (receiveCount > 1 && ids.length > 1)
      return services.sendFeeds(ids.map((id) => (manual ? { feeds: [id], manual } : { feeds: [id] })));
    const feeds = services.config.feeds.filter(({ id, paused }) => ids.includes(id) && !paused);
    const polls = await Promise.allSettled(feeds.map((feed) => poll(services, feed, manual ?? false, call)));
    const failed = polls.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    if (failed.length === 1) throw failed[0];
    if (failed.length > 1)
      throw new AggregateError(failed, `${failed.length} of ${feeds.length} feeds failed unexpectedly`);
  };

const poll = async (services: Needs, feed: FeedConfig, manual: boolean, call: Call): Promise<void> => {
  try {
    await ingestFeed(services)(feed, { manual }, call);
  } catch (error) {
    if (!(error instanceof AppError && error.code.startsWith('feed.'))) throw error;
    await noteTrouble(services)(feed, error, call);
  }
};

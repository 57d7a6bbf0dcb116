import type { FeedConfig } from '../core/config.ts';
import { AppError } from '../core/errors.ts';
import { inOrder } from '../core/in-order.ts';
import { asksForHost, politeBatch } from '../core/polite-batch.ts';
import type { Call, FeedStore, FeedsMessage, SendFeeds } from '../core/ports.ts';
import { type IngestNeeds, ingestFeed } from './ingest-feed.ts';
import type { Asked } from './note-answer.ts';
import { noteTrouble } from './note-trouble.ts';

const restsAtOnce = 10;

type Needs = Omit<IngestNeeds, 'feedStore'> & {
  feedStore: IngestNeeds['feedStore'] & Pick<FeedStore, 'restUntil'>;
  sendFeeds: SendFeeds;
};

/** A message of feeds, and how often it has been received. */
export type FeedsDelivery = FeedsMessage & { receiveCount: number };

/**
 * Polls all feeds of a message at once, one at a time of those that share a host. A feed's own fault is written on
 * its row and never fails the message; what is ours does, once all the others have ended. A message whose worker died
 * is split into one a feed, so that the one which kills workers does not starve its neighbours.
 */
export const ingestFeeds =
  (services: Needs) =>
  async (delivery: FeedsDelivery, call: Call): Promise<void> => {
    const { feeds: ids, next = [], receiveCount } = delivery;
    if (receiveCount > 1 && ids.length > 1)
      return services.sendFeeds(ids.map((id, at) => alone(delivery, id, next[at])));
    const feeds = services.config.feeds.filter(({ id, paused }) => ids.includes(id) && !paused);
    const polite = { ...services, fetchFeed: politeBatch(services.fetchFeed, { now: services.clock }) };
    const { manual = false, force } = delivery;
    const polls = await Promise.allSettled(
      feeds.map((feed) => poll(polite, feed, { manual, force, next: next[ids.indexOf(feed.id)] }, call)),
    );
    const failed = polls.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    if (failed.length === 1) throw failed[0];
    if (failed.length > 1)
      throw new AggregateError(failed, `${failed.length} of ${feeds.length} feeds failed unexpectedly`);
  };

const alone = ({ manual, force }: FeedsDelivery, id: string, next: number | undefined): FeedsMessage => ({
  feeds: [id],
  ...(next !== undefined && { next: [next] }),
  ...(manual !== undefined && { manual }),
  ...(force !== undefined && { force }),
});

const poll = async (services: Needs, feed: FeedConfig, asked: Asked, call: Call): Promise<void> => {
  try {
    await ingestFeed(services)(feed, asked, call);
  } catch (error) {
    if (!(error instanceof AppError && error.code.startsWith('feed.'))) throw error;
    await noteTrouble(services)(feed, error, call);
    if (asksForHost(error)) await restHost(services, feed, error);
  }
};

const hostOf = ({ url }: FeedConfig) => URL.parse(url)?.host;

/** What one feed of a host was told holds for the others, too, whichever messages they travel in. */
const restHost = async (services: Needs, feed: FeedConfig, { retryAfterMs = 0 }: AppError): Promise<void> => {
  const until = services.clock() + retryAfterMs;
  const others = services.config.feeds.filter((one) => one.id !== feed.id && hostOf(one) === hostOf(feed));
  await inOrder(others, restsAtOnce, ({ id }) => services.feedStore.restUntil(id, until));
};

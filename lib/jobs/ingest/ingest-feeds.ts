import type { FeedConfig } from '../../core/config/config.ts';
import { AppError, retryable } from '../../core/errors.ts';
import { extendRest, hostOf } from '../../core/polling/host-rest.ts';
import { asksForHost, hostPaused, isHostPaused, politeBatch } from '../../core/polling/polite-batch.ts';
import type { FeedStore, FeedsMessage, Invocation, SendFeeds } from '../../core/ports.ts';
import { type IngestDeps, ingestFeed } from './ingest-feed.ts';
import { recordFeedFailure } from './record-feed-failure.ts';
import type { Asked } from './record-poll.ts';

const saveTries = 5;

type Deps = Omit<IngestDeps, 'feedStore'> & {
  feedStore: IngestDeps['feedStore'] & Pick<FeedStore, 'rest' | 'saveRest'>;
  sendFeeds: SendFeeds;
};

/** A message with feeds, and how often it has been received. */
type FeedsDelivery = FeedsMessage & { receiveCount: number };

/**
 * Polls all feeds of a message concurrently, one at a time per host. A feed's own failure is recorded on its row and
 * never fails the message; our own failures do, once all other feeds have finished. A message whose worker died is
 * split into one per feed, so that a feed that kills workers does not affect others.
 */
export const ingestFeeds =
  (deps: Deps) =>
  async (delivery: FeedsDelivery, invocation: Invocation): Promise<void> => {
    const { feeds: ids, next = [], receiveCount } = delivery;
    if (receiveCount > 1 && ids.length > 1)
      return deps.sendFeeds(ids.map((id, at) => alone(delivery, id, next[at])));
    const feeds = deps.config.feeds.filter(({ id, paused }) => ids.includes(id) && !paused);
    const polite = { ...deps, fetchFeed: politeBatch(deps.fetchFeed, { now: deps.clock }) };
    const { manual = false, force } = delivery;
    const rests = restsOf(deps, invocation);
    const resting = await restingHost(deps, delivery, feeds);
    if (resting) {
      for (const feed of feeds) rests.postpone(feed, resting);
      return rests.save();
    }
    const polls = await Promise.allSettled(
      feeds.map((feed) =>
        poll(polite, rests, feed, { manual, force, next: next[ids.indexOf(feed.id)] }, invocation),
      ),
    );
    await rests.save();
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

const poll = async (
  deps: Deps,
  rests: Rests,
  feed: FeedConfig,
  asked: Asked,
  invocation: Invocation,
): Promise<void> => {
  try {
    await ingestFeed(deps, feed, asked, invocation);
  } catch (error) {
    if (!(error instanceof AppError && error.code.startsWith('feed.'))) throw error;
    if (isHostPaused(error)) return rests.postpone(feed, error);
    await recordFeedFailure(deps, feed, error, invocation);
    if (asksForHost(error)) rests.begin(feed, error);
  }
};

type Rests = ReturnType<typeof restsOf>;

/**
 * The rests requested by a message's hosts. A rest applies to all feeds of its host, in any message: one item per
 * host.
 */
const restsOf = (deps: Deps, invocation: Invocation) => {
  const rests = new Map<string, { until: number; feeds: string[] }>();
  const until = ({ retryAfterMs = 0 }: AppError) => deps.clock() + retryAfterMs;
  const at = (feed: FeedConfig, until: number) => {
    const host = hostOf(feed.url);
    const rest = rests.get(host) ?? { until, feeds: [] };
    rests.set(host, rest);
    rest.until = Math.max(rest.until, until);
    return rest;
  };
  return {
    begin: (feed: FeedConfig, error: AppError): void => void at(feed, until(error)),
    /** Not a failure: the feed is polled when its host's rest is over. */
    postpone: (feed: FeedConfig, error: AppError): void => {
      const rest = at(feed, until(error));
      rest.feeds.push(feed.id);
      const { code, message } = error;
      invocation.report({ event: 'poll.deferred', feed: feed.id, code, message, until: rest.until });
    },
    save: async (): Promise<void> => {
      for (const [host, rest] of rests) await saveRest(deps, host, rest);
    },
  };
};

const saveRest = async (
  { feedStore, clock }: Deps,
  host: string,
  rest: { until: number; feeds: string[] },
): Promise<void> => {
  for (let attempt = 0; attempt < saveTries; attempt += 1) {
    const before = await feedStore.rest(host);
    if (await feedStore.saveRest(extendRest(before, { host, now: clock(), ...rest }))) return;
  }
  throw retryable('store.contended', `the rest of ${host} was changed by others ${saveTries} times`);
};

/** Checks whether a host is resting, for messages that follow others of their host. */
const restingHost = async (
  { feedStore, clock }: Deps,
  { delaySeconds, manual }: FeedsDelivery,
  [first]: FeedConfig[],
): Promise<AppError | null> => {
  if (delaySeconds === undefined || manual || !first) return null;
  const host = hostOf(first.url);
  const leftMs = ((await feedStore.rest(host))?.until ?? 0) - clock();
  return leftMs > 0 ? hostPaused(host, leftMs) : null;
};

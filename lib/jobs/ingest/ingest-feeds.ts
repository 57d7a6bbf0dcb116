import type { FeedConfig } from '../../core/config/config.ts';
import { AppError, retryable } from '../../core/errors.ts';
import { extendBackOff, hostOf } from '../../core/polling/host-back-off.ts';
import { asksForHost, hostPaused, isHostPaused, politeBatch } from '../../core/polling/polite-batch.ts';
import type { FeedStore, FeedsMessage, Invocation, SendFeeds } from '../../core/ports.ts';
import { type IngestDeps, ingestFeed } from './ingest-feed.ts';
import { recordFeedFailure } from './record-feed-failure.ts';
import type { PollOptions } from './record-poll.ts';

const saveTries = 5;

type Deps = Omit<IngestDeps, 'feedStore'> & {
  feedStore: IngestDeps['feedStore'] & Pick<FeedStore, 'backOff' | 'saveBackOff'>;
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
    const backOffs = backOffsOf(deps, invocation);
    const paused = await hostBackOff(deps, delivery, feeds);
    if (paused) {
      for (const feed of feeds) backOffs.postpone(feed, paused);
      return backOffs.save();
    }
    const polls = await Promise.allSettled(
      feeds.map((feed) =>
        poll(polite, backOffs, feed, { manual, force, next: next[ids.indexOf(feed.id)] }, invocation),
      ),
    );
    await backOffs.save();
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
  backOffs: BackOffs,
  feed: FeedConfig,
  options: PollOptions,
  invocation: Invocation,
): Promise<void> => {
  try {
    await ingestFeed(deps, feed, options, invocation);
  } catch (error) {
    if (!(error instanceof AppError && error.code.startsWith('feed.'))) throw error;
    if (isHostPaused(error)) return backOffs.postpone(feed, error);
    await recordFeedFailure(deps, feed, error, invocation);
    if (asksForHost(error)) backOffs.begin(feed, error);
  }
};

type BackOffs = ReturnType<typeof backOffsOf>;

/**
 * The back-offs requested by a message's hosts. A back-off applies to all feeds of its host, in any message: one item
 * per host.
 */
const backOffsOf = (deps: Deps, invocation: Invocation) => {
  const backOffs = new Map<string, { until: number; feeds: string[] }>();
  const until = ({ retryAfterMs = 0 }: AppError) => deps.clock() + retryAfterMs;
  const at = (feed: FeedConfig, until: number) => {
    const host = hostOf(feed.url);
    const backOff = backOffs.get(host) ?? { until, feeds: [] };
    backOffs.set(host, backOff);
    backOff.until = Math.max(backOff.until, until);
    return backOff;
  };
  return {
    begin: (feed: FeedConfig, error: AppError): void => void at(feed, until(error)),
    /** Not a failure: the feed is polled when its host's back-off is over. */
    postpone: (feed: FeedConfig, error: AppError): void => {
      const backOff = at(feed, until(error));
      backOff.feeds.push(feed.id);
      const { code, message } = error;
      invocation.report({ event: 'poll.deferred', feed: feed.id, code, message, until: backOff.until });
    },
    save: async (): Promise<void> => {
      for (const [host, backOff] of backOffs) await saveBackOff(deps, host, backOff);
    },
  };
};

const saveBackOff = async (
  { feedStore, clock }: Deps,
  host: string,
  backOff: { until: number; feeds: string[] },
): Promise<void> => {
  for (let attempt = 0; attempt < saveTries; attempt += 1) {
    const before = await feedStore.backOff(host);
    if (await feedStore.saveBackOff(extendBackOff(before, { host, now: clock(), ...backOff }))) return;
  }
  throw retryable(
    'store.contended',
    `the back-off from ${host} changed concurrently ${saveTries} times; it will be retried`,
  );
};

/** Checks for a back-off from the host, for messages that follow others of the same host. */
const hostBackOff = async (
  { feedStore, clock }: Deps,
  { delaySeconds, manual }: FeedsDelivery,
  [first]: FeedConfig[],
): Promise<AppError | null> => {
  if (delaySeconds === undefined || manual || !first) return null;
  const host = hostOf(first.url);
  const leftMs = ((await feedStore.backOff(host))?.until ?? 0) - clock();
  return leftMs > 0 ? hostPaused(host, leftMs) : null;
};

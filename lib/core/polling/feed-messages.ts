import type { FeedConfig } from '../config/config.ts';
import { hostOf } from './host-rest.ts';

/** Feeds that travel in one message, and after how many seconds it may be received. */
type Batch = { feeds: FeedConfig[]; delaySeconds: number };

const feedsAMessage = 20;
/** About what a worker takes for twenty feeds of a host, which it asks one after the other. */
const spacingSeconds = 20;
/** SQS delays by 900 at most; this leaves time to be received before anybody takes the queue for stuck. */
const mostDelaySeconds = 600;

/** More feeds of one host than a message holds: further messages, each later than the one before it. */
const spill = (feeds: FeedConfig[]): Batch[] => {
  const count = Math.ceil(feeds.length / feedsAMessage);
  const spacing = Math.min(spacingSeconds, mostDelaySeconds / Math.max(count - 1, 1));
  return Array.from({ length: count }, (_, at) => ({
    feeds: feeds.slice(at * feedsAMessage, (at + 1) * feedsAMessage),
    delaySeconds: Math.floor(at * spacing),
  }));
};

/**
 * Feeds by the messages they travel in. All of one host are in one, so that one worker spaces the requests that host
 * gets; of a host with more than twenty they follow one another in messages of their own.
 */
export const feedBatches = (feeds: readonly FeedConfig[]): Batch[] => {
  const hosts = [...Map.groupBy(feeds, ({ url }) => hostOf(url))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, some]) => some);
  const batches: Batch[] = [];
  let open: Batch[] = [];
  for (const some of hosts) {
    if (some.length > feedsAMessage) {
      batches.push(...spill(some));
      continue;
    }
    const roomy = open.find((batch) => batch.feeds.length + some.length <= feedsAMessage);
    if (roomy) roomy.feeds.push(...some);
    else {
      const batch = { feeds: [...some], delaySeconds: 0 };
      batches.push(batch);
      open.push(batch);
    }
    open = open.filter((batch) => batch.feeds.length < feedsAMessage);
  }
  return batches;
};

import type { FeedConfig } from '../config/config.ts';
import { hostOf } from './host-back-off.ts';

/** The feeds of one message, and after how many seconds it may be received. */
type Batch = { feeds: FeedConfig[]; delaySeconds: number };

const feedsAMessage = 20;
/** About the time a worker takes for twenty feeds on one host, which it requests one after another. */
const spacingSeconds = 20;
/** SQS delays by at most 900; this leaves time for receiving before the queue looks stuck. */
const maxDelaySeconds = 600;

/** More feeds on one host than a message holds: further messages, each later than the previous one. */
const spill = (feeds: FeedConfig[]): Batch[] => {
  const count = Math.ceil(feeds.length / feedsAMessage);
  const spacing = Math.min(spacingSeconds, maxDelaySeconds / Math.max(count - 1, 1));
  return Array.from({ length: count }, (_, at) => ({
    feeds: feeds.slice(at * feedsAMessage, (at + 1) * feedsAMessage),
    delaySeconds: Math.floor(at * spacing),
  }));
};

/**
 * Groups feeds into messages. All feeds on a host are in one message, so that one worker spaces its requests; if there
 * are more than twenty, they are in consecutive messages of their own.
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

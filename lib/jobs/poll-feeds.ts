import type { Config, FeedConfig } from '../core/config.ts';
import { permanent } from '../core/errors.ts';
import type { TickRow } from '../core/feed-row.ts';
import type { Call, FeedStore, FeedsMessage, SendFeeds } from '../core/ports.ts';
import { brandsOf } from '../core/row-owners.ts';
import { isDue } from '../core/schedule.ts';
import { type SweepNeeds, sweep } from './sweep.ts';

type Needs = SweepNeeds & {
  config: Config;
  feedStore: Pick<FeedStore, 'schedule' | 'startSlots' | 'tick' | 'saveTick'>;
  sendFeeds: SendFeeds;
};

/** A tick of the clock, in epoch milliseconds; or feeds to be polled now, by a person or a cron of theirs. */
export type Tick = { scheduledAt: number } | { feeds: string[] };

const feedsAMessage = 20;

/**
 * Once a minute: sends what is due since the last tick to be polled, then sweeps what waits in the ledger. Missed,
 * late and doubled ticks lose nothing: each tick answers for all the time since the one before it.
 */
export const pollFeeds =
  (services: Needs) =>
  async (tick: Tick, call: Call): Promise<void> => {
    if ('feeds' in tick) return pollNow(services, tick.feeds);
    const last = await services.feedStore.tick();
    const due = await dueFeeds(services, last, tick.scheduledAt);
    const messages = messagesFor(due.map(({ feed }) => feed));
    if (messages.length > 0) await services.sendFeeds(messages);
    const started = due.flatMap(({ feed, isNew }) => (isNew ? [feed.id] : []));
    if (started.length > 0) await services.feedStore.startSlots(started);
    const brands = await saveTick(services, last, tick.scheduledAt);
    const swept = await sweep(services)(brands, call);
    call.report({ event: 'tick.done', due: due.length, messages: messages.length, ...swept });
  };

const pollNow = async ({ config, sendFeeds }: Needs, ids: string[]): Promise<void> => {
  const known = new Set(config.feeds.map(({ id }) => id));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length > 0)
    throw permanent(
      'tick.unknown-feed',
      `no feed is called ${unknown.join(', ')}; feeds.yml has ${[...known].join(', ')}`,
    );
  const asked = config.feeds.filter(({ id }) => ids.includes(id));
  if (asked.length > 0) await sendFeeds(messagesFor(asked).map((message) => ({ ...message, manual: true })));
};

const dueFeeds = async ({ config, feedStore }: Needs, last: TickRow | null, to: number) => {
  const slots = await feedStore.schedule();
  const from = last?.lastTick ?? to;
  if (last && to <= last.lastTick) return []; // an older tick, or this one again
  return config.feeds
    .filter((feed) => isDue(feed, slots.get(feed.id), { from, to }))
    .map((feed) => ({ feed, isNew: !slots.has(feed.id) }));
};

const hostOf = ({ url }: FeedConfig) => new URL(url).host;

/** Feeds of one host travel together, so that one worker spaces the requests that host gets. */
const messagesFor = (feeds: FeedConfig[]): FeedsMessage[] => {
  const byHost = feeds
    .toSorted((a, b) => (hostOf(a) < hostOf(b) ? -1 : hostOf(a) > hostOf(b) ? 1 : 0))
    .map(({ id }) => id);
  return Array.from({ length: Math.ceil(byHost.length / feedsAMessage) }, (_, i) => ({
    feeds: byHost.slice(i * feedsAMessage, (i + 1) * feedsAMessage),
  }));
};

/** Also remembers every brand that ever had a feed: rows of a brand that left feeds.yml still want to be woken. */
const saveTick = async (
  { config, feedStore }: Needs,
  last: TickRow | null,
  to: number,
): Promise<number[]> => {
  const brands = [...new Set([...(last?.brands ?? []), ...brandsOf(config)])].sort((a, b) => a - b);
  if (!last || to > last.lastTick)
    await feedStore.saveTick({ rev: (last?.rev ?? 0) + 1, lastTick: to, brands });
  return brands;
};

import { fetchFeeds } from '../../lib/adapters/feeds/fetch-feed.ts';
import { parseFeed } from '../../lib/adapters/feeds/parse-feed.ts';
import type { FeedConfig } from '../../lib/core/config/config.ts';
import type { Tick } from '../../lib/core/polling/feed-message.ts';
import { pollFeeds } from '../../lib/jobs/poll/poll-feeds.ts';
import type { Scorecard } from './polite-rules.ts';
import { readsHere } from './reads-here.ts';
import { type ScoringPublisher, scoringPublisher } from './scoring-publisher.ts';
import { world } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const STEP = 2 * MINUTE;

/** What is stored about a feed, and how often its document was parsed. */
type FeedSeen = {
  reads: number;
  code: string | null;
  failures: number;
  isGone: boolean;
  movedTo: string | null;
};

const adaptive = { meanMs: HOUR, minMs: 10 * MINUTE, maxMs: 24 * HOUR };

const seeded = () => {
  let seed = 1;
  return () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
};

type Start = { at: number; card: Scorecard; paths: string[]; feed?: Partial<FeedConfig> };

const idOf = (index: number) => `feed-${index}`;

/**
 * The polling jobs with real fetching and parsing, on a virtual clock, and a publisher that scores them. Stores and
 * queues are in memory; a week takes a few hundred milliseconds.
 */
export const politeFleet = async ({ at, card, paths, feed = {} }: Start) => {
  const state = { now: at };
  const publisher: ScoringPublisher = await scoringPublisher({ now: () => state.now, card });
  const urls = paths.map((path) => `${publisher.origin}${path}`);
  const feeds = urls.map((url, index) => ({
    ...{ id: idOf(index), url, allowPrivate: true, rhythm: { adaptive } },
    ...feed,
  }));
  const reads = new Map<string, number>();
  const random = seeded();

  const open = (memory?: ReturnType<typeof world>['stores']['feedStore']['memory']) => {
    const w = world(feeds);
    if (memory) Object.assign(w.stores.feedStore.memory, structuredClone(memory));
    Object.defineProperty(w.state, 'now', { get: () => state.now });
    const fetchFeed = fetchFeeds({
      now: () => state.now,
      userAgent: 'rss-drafts/0.0.0 (+https://example.org/about)',
    });
    const counting: typeof parseFeed = (document) => {
      const { pathname, search } = new URL(document.url);
      reads.set(pathname + search, (reads.get(pathname + search) ?? 0) + 1);
      return parseFeed(document);
    };
    Object.assign(w.services, { fetchFeed, ...readsHere(counting), random });
    return w;
  };
  let w = open();

  const tick = async (asked: Tick) => {
    await pollFeeds(w.services)(asked, w.call);
    await w.deliverFeeds();
    w.stores.queues.wakeUps.length = 0;
  };
  const seen = (index: number): FeedSeen => {
    const row = w.stores.feedStore.memory.feeds.get(idOf(index));
    const moved = row?.learned?.moved;
    return {
      reads: reads.get(paths[index] ?? '') ?? 0,
      code: row?.trouble?.code ?? null,
      failures: row?.trouble?.failures ?? 0,
      isGone: w.stores.feedStore.memory.slots.get(idOf(index))?.gone === true,
      movedTo: moved?.adopted ? moved.to : null,
    };
  };

  return {
    publisher,
    now: () => state.now,
    seen: () => paths.map((_, index) => seen(index)),
    events: () => w.events,
    /** Ticks for `lengthMs`, two minutes a step; `publish` is called before each. */
    live: async (lengthMs: number, publish: (now: number) => void = () => {}) => {
      for (const end = state.now + lengthMs; state.now < end; state.now += STEP) {
        publish(state.now);
        await tick({ scheduledAt: state.now });
      }
    },
    /** Polls all feeds manually. */
    ask: (how: { force?: boolean } = {}) => tick({ feeds: feeds.map(({ id }) => id), ...how }),
    /** Drops everything that is not stored. */
    restart: () => {
      w = open(w.stores.feedStore.memory);
    },
    /** The feed's stored row. */
    stored: (index: number) => w.stores.feedStore.memory.feeds.get(idOf(index)),
    [Symbol.asyncDispose]: publisher[Symbol.asyncDispose],
  };
};

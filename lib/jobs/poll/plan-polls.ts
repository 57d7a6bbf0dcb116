import type { Config, FeedConfig } from '../../core/config/config.ts';
import { withoutHooks } from '../../core/enrich/has-hooks.ts';
import type { AppEvent } from '../../core/events.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import { type DryRunStores, dryRunStores, type ReadableStores } from '../../core/operator/dry-run-stores.ts';
import type { Counts } from '../../core/polling/feed-row.ts';
import { nextPoll } from '../../core/polling/intervals/next-poll.ts';
import { politeBatch } from '../../core/polling/polite-batch.ts';
import { slotsWithBackOffs } from '../../core/polling/slots-with-back-offs.ts';
import { isFuture } from '../../core/polling/tick-window.ts';
import type { Clock, FeedStore, FetchFeed, Invocation, ReadsFeeds, WakeUp } from '../../core/ports.ts';
import { ingestFeeds } from '../ingest/ingest-feeds.ts';
import { simulateDraft } from '../operator/simulate-draft.ts';

type PlanDeps = ReadableStores &
  ReadsFeeds & {
    config: Config;
    feedStore: Pick<FeedStore, 'read' | 'schedule' | 'tick'>;
    fetchFeed: FetchFeed;
    clock: Clock;
  };

/** A feed's predicted response; `left-alone` during a pause that it or its failures require. */
export type PlannedOutcome = 'changed' | 'unchanged' | 'failed' | 'left-alone' | 'gone' | 'paused';

/** The next poll of a feed. `entries`: each entry that would be new or change its state, as it would be then. */
export type PlannedFeed = {
  id: string;
  outcome: PlannedOutcome;
  /** Null if there is nothing to count. */
  counts: Counts | null;
  /**
   * The number of queued entries that become drafts at once. The others wait, and their rows show until when and why.
   */
  drafted: number;
  entries: EntryRow[];
  /** Unusual events, as a poll would log them. */
  news: AppEvent[];
};

const feedsAtOnce = 8;
const registrationsAtOnce = 5;
const patienceMs = 10 * 60_000;

/**
 * The result of the next poll of these feeds, from the same jobs on dry-run stores, one feed after the other as they
 * are due, so that a story in two of them belongs to the first. Feeds are requested as politely as by a poll; nothing
 * is written or sent, and no hook is asked. Returns results in the order of `feeds`; `tell` receives how many are done.
 */
export const planPolls = async (
  given: PlanDeps,
  feeds: readonly FeedConfig[],
  onProgress: (done: number) => void = () => {},
): Promise<PlannedFeed[]> => {
  const deps = { ...given, config: withoutHooks(given.config) };
  const schedule = await readSchedule(deps, feeds);
  const fetchFeed = politeBatch(deps.fetchFeed, { now: deps.clock, maxWaitMs: patienceMs });
  const shared = { ...deps, fetchFeed, stores: dryRunStores(deps) };
  let turn: Promise<void> = Promise.resolve();
  let done = 0;
  const planned = await mapWithConcurrency(schedule.sort(feeds), feedsAtOnce, async (feed) => {
    const mine = turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    turn = promise;
    try {
      if (schedule.isGone(feed)) return nothing(feed, 'gone');
      return await planFeed(shared, feed, mine);
    } finally {
      void mine.then(resolve);
      onProgress(++done);
    }
  });
  return feeds.flatMap(({ id }) => planned.find((one) => one.id === id) ?? []);
};

/** Feeds that were never polled come first, in the next tick. */
const readSchedule = async ({ feedStore, clock }: PlanDeps, feeds: readonly FeedConfig[]) => {
  const [schedule, tick] = [await feedStore.schedule(), await feedStore.tick()];
  const now = clock();
  const last = tick?.lastTick ?? null;
  const times = { lastTick: last !== null && isFuture(last, now) ? null : last, now };
  const slots = slotsWithBackOffs(feeds, schedule, times.lastTick ?? now);
  const dueAt = (feed: FeedConfig) => nextPoll(feed, slots.get(feed.id), times) ?? Number.POSITIVE_INFINITY;
  return {
    isGone: ({ id }: FeedConfig) => slots.get(id)?.gone === true,
    sort: (feeds: readonly FeedConfig[]) => {
      const due = feeds.map((feed) => ({ feed, at: dueAt(feed) }));
      return due.sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1)).map(({ feed }) => feed);
    },
  };
};

const nothing = ({ id }: FeedConfig, outcome: PlannedOutcome): PlannedFeed => ({
  id,
  outcome,
  counts: null,
  drafted: 0,
  entries: [],
  news: [],
});

type Shared = PlanDeps & { stores: DryRunStores };

const byKey = (rows: EntryRow[]) => new Map(rows.map((row) => [row.key, row]));

/** All feeds are requested concurrently; their documents are classified in turn. */
const planFeed = async (shared: Shared, feed: FeedConfig, turn: Promise<void>): Promise<PlannedFeed> => {
  const { stores } = shared;
  const { news, call: invocation } = listener();
  let before: Map<string, EntryRow> | null = null;
  const fetchFeed: FetchFeed = async (request) => {
    const [response] = await Promise.allSettled([shared.fetchFeed(request), turn]);
    before ??= byKey(stores.changed()); // a poll may request once more after it changed something
    if (response.status === 'rejected') throw response.reason;
    return response.value;
  };
  const wakeUps = await poll({ ...shared, ...stores, fetchFeed }, feed, invocation);
  const outcomeEvent = news.find((one) => one.event in outcomes);
  if (!outcomeEvent) return nothing(feed, feed.paused ? 'paused' : 'left-alone');

  for (const wakeUp of wakeUps) await simulateDraft({ ...shared, ...stores }, wakeUp, shared.clock());
  const entries = stores.changed().filter((row) => row.feed === feed.id && before?.get(row.key) !== row);
  return {
    id: feed.id,
    outcome: outcomes[outcomeEvent.event as keyof typeof outcomes],
    counts: outcomeEvent.event === 'poll.changed' ? outcomeEvent.counts : null,
    drafted: entries.filter(({ state }) => state === 'drafted').length,
    entries,
    news: news.filter((one) => one.event !== 'poll.changed' && one.event !== 'poll.unchanged'),
  };
};

const outcomes = {
  'poll.changed': 'changed',
  'poll.unchanged': 'unchanged',
  'poll.failed': 'failed',
} as const;

const listener = (): { news: AppEvent[]; call: Invocation } => {
  const news: AppEvent[] = [];
  return {
    news,
    call: { remainingMs: () => Number.POSITIVE_INFINITY, report: (one) => void news.push(one) },
  };
};

/** Polls a feed with the real job; returns the wake-ups it would have sent. */
const poll = async (
  stores: Omit<Shared, keyof DryRunStores> & DryRunStores,
  feed: FeedConfig,
  invocation: Invocation,
) => {
  const wakeUps: WakeUp[] = [];
  const job = ingestFeeds({
    ...stores,
    sendWakeUps: async (messages) => void wakeUps.push(...messages),
    sendFeeds: async () => {},
    random: () => 0,
    registrationsAtOnce,
  });
  await job({ feeds: [feed.id], receiveCount: 1 }, invocation);
  return wakeUps;
};

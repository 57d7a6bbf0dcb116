import type { Config, FeedConfig } from '../../core/config/config.ts';
import type { AppEvent } from '../../core/events.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import { type DryRunStores, dryRunStores, type ReadableStores } from '../../core/operator/dry-run-stores.ts';
import type { Counts } from '../../core/polling/feed-row.ts';
import { nextPoll } from '../../core/polling/intervals/next-poll.ts';
import { politeBatch } from '../../core/polling/polite-batch.ts';
import { slotsUnderRests } from '../../core/polling/slots-under-rests.ts';
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

/** How a feed would answer: `left-alone` until a pause is over that it or its failures asked for. */
export type PlannedOutcome = 'changed' | 'unchanged' | 'failed' | 'left-alone' | 'gone' | 'paused';

/** What the next poll of a feed would do. `entries`: each that would be new or become something else, as it would be then. */
export type PlannedFeed = {
  id: string;
  outcome: PlannedOutcome;
  /** Null where there would be nothing to count. */
  counts: Counts | null;
  /** Of those queued: drafts made at once. The others wait, and their rows say until when and why. */
  drafted: number;
  entries: EntryRow[];
  /** What is odd about it, in the words of a poll. */
  news: AppEvent[];
};

const feedsAtOnce = 8;
const registrationsAtOnce = 5;
const patienceMs = 10 * 60_000;

/**
 * What the next poll of these feeds would do, by the very jobs that poll: they run over a mirror, one feed after
 * the other as they are due, so that a story in two of them goes to the first. Feeds are really asked, as politely as
 * by a poll; nothing is written and nothing sent. Answers in the order of `feeds`; `tell` hears how many are done.
 */
export const planPolls = async (
  deps: PlanDeps,
  feeds: readonly FeedConfig[],
  tell: (done: number) => void = () => {},
): Promise<PlannedFeed[]> => {
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
      tell(++done);
    }
  });
  return feeds.flatMap(({ id }) => planned.find((one) => one.id === id) ?? []);
};

/** One that was never polled comes first: the next tick has it. */
const readSchedule = async ({ feedStore, clock }: PlanDeps, feeds: readonly FeedConfig[]) => {
  const [schedule, tick] = [await feedStore.schedule(), await feedStore.tick()];
  const now = clock();
  const last = tick?.lastTick ?? null;
  const times = { lastTick: last !== null && isFuture(last, now) ? null : last, now };
  const slots = slotsUnderRests(feeds, schedule, times.lastTick ?? now);
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

/** All feeds are asked at the same time; what they say is judged when the turn has come. */
const planFeed = async (shared: Shared, feed: FeedConfig, turn: Promise<void>): Promise<PlannedFeed> => {
  const { stores } = shared;
  const { news, call: invocation } = listener();
  let before: Map<string, EntryRow> | null = null;
  const fetchFeed: FetchFeed = async (request) => {
    const [answer] = await Promise.allSettled([shared.fetchFeed(request), turn]);
    before ??= byKey(stores.changed()); // a poll may ask once more, when it has changed something itself
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  };
  const wakeUps = await poll({ ...shared, ...stores, fetchFeed }, feed, invocation);
  const told = news.find((one) => one.event in outcomes);
  if (!told) return nothing(feed, feed.paused ? 'paused' : 'left-alone');

  for (const wakeUp of wakeUps) await simulateDraft({ ...shared, ...stores }, wakeUp, shared.clock());
  const entries = stores.changed().filter((row) => row.feed === feed.id && before?.get(row.key) !== row);
  return {
    id: feed.id,
    outcome: outcomes[told.event as keyof typeof outcomes],
    counts: told.event === 'poll.changed' ? told.counts : null,
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

/** Has a feed polled by the job that polls it; answers the wake-ups it would have sent. */
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

import type { AlertRow } from '../../core/alerts/alert-row.ts';
import { isOpen } from '../../core/circuit/circuit-breaker.ts';
import type { CircuitRow } from '../../core/circuit/circuit-row.ts';
import type { Config, FeedConfig } from '../../core/config/config.ts';
import { heldInBatch } from '../../core/entries/batch.ts';
import { isPossibleDuplicate } from '../../core/entries/identity/possible-duplicate.ts';
import { type FeedMemory, lessonsLeft } from '../../core/entries/memory/feed-memory.ts';
import { type OpenBatch, openBatches } from '../../core/entries/open-batches.ts';
import { type EntryRow, type State, states } from '../../core/ledger/row.ts';
import { stateSince } from '../../core/ledger/state-since.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import { ownRow, ownTrouble } from '../../core/polling/address.ts';
import type { FeedFailure, FeedRow } from '../../core/polling/feed-row.ts';
import { hostOf } from '../../core/polling/host-back-off.ts';
import { lastDue, nextPoll } from '../../core/polling/intervals/next-poll.ts';
import { intervalOf } from '../../core/polling/schedule.ts';
import type { HostBackOff, ScheduleSlot } from '../../core/polling/schedule-rows.ts';
import { slotsWithBackOffs } from '../../core/polling/slots-with-back-offs.ts';
import { isFuture } from '../../core/polling/tick-window.ts';
import type { AlertStore, CircuitStore, Clock, DeliveryStore, FeedStore, Ledger } from '../../core/ports.ts';
import { countsToday } from '../../core/webhooks/deliveries.ts';
import type { DeliveriesRow, DeliveryNote } from '../../core/webhooks/deliveries-row.ts';

/** The approximate number of messages in each queue. */
export type QueueDepths = Readonly<
  Record<'feeds' | 'feedsDeadLetters' | 'drafts' | 'draftsDeadLetters', number>
>;

type Deps = {
  config: Config;
  feedStore: Pick<FeedStore, 'read' | 'schedule' | 'tick'>;
  ledger: Pick<Ledger, 'all'>;
  circuits: Pick<CircuitStore, 'rows'>;
  alerts: Pick<AlertStore, 'rows'>;
  deliveries: Pick<DeliveryStore, 'read'>;
  /** Null if there are no queues because nothing is running. */
  queueDepths: () => Promise<QueueDepths | null>;
  clock: Clock;
};

/** A feed's status. Times are epoch milliseconds. */
export type FeedStatus = {
  id: string;
  url: string;
  brandId: number;
  health: 'ok' | 'failing' | 'gone' | 'paused' | 'never polled';
  /** The last success, taken from the schedule if nothing failed since, because an unchanged poll writes nothing. */
  lastSuccess: number | null;
  changedAt: number | null;
  nextPoll: number | null;
  /** Why the next poll is then. */
  reason: string;
  trouble: FeedFailure | null;
  /** Until then the feed is polled without validators, because its server sent a wrong 304. */
  unconditionalUntil: number | null;
  /** When entries may last have been missed between two polls. */
  gapAt: number | null;
  /** What was learned about its entries; null until its first poll has ended. */
  memory: FeedMemory | null;
  entries: Partial<Record<State, number>>;
};

/** Outcomes of a webhook's deliveries: the latest first, and today's counts (in UTC). */
export type WebhookStatus = { id: string; latest: DeliveryNote[]; today: DeliveriesRow['counts'] };

/** States that only your decision ends. */
type Undecided = Record<
  'held' | 'review' | 'rejected' | 'uncertain',
  { count: number; since: number | null }
>;

/** The status of everything. */
export type Status = {
  at: number;
  lastTick: number | null;
  feeds: FeedStatus[];
  webhooks: WebhookStatus[];
  ledger: Partial<Record<State, number>>;
  /** The number of entries that need a decision. */
  needsAttention: number;
  /** The same by state, without entries in batches; `since`: when the oldest entered that state. */
  undecided: Undecided;
  /** Open batches, with the lessons that their feeds have not learned yet. */
  batches: OpenBatch[];
  /** Entries that may have two drafts, until you confirm them. */
  possibleDuplicates: number;
  oldestQueuedAt: number | null;
  /** Hosts that requested a pause, until when, and how many feeds they have. */
  hostBackOffs: { host: string; until: number; feeds: number }[];
  circuits: CircuitRow[];
  /** Active alerts that were sent. */
  alerts: AlertRow[];
  ratePerMinute: number;
  queues: QueueDepths | null;
};

const readsAtOnce = 10;

/** Reads the status of everything, which counts the whole ledger. Writes nothing. */
export const readStatus = async (deps: Deps): Promise<Status> => {
  const { config, feedStore, circuits, clock, queueDepths } = deps;
  const [tick, schedule, circuitRows, flags, queues] = await Promise.all([
    feedStore.tick(),
    feedStore.schedule(),
    circuits.rows(),
    deps.alerts.rows(maxAlerts),
    queueDepths(),
  ]);
  const sums = await countRows(deps);
  const now = clock();
  const lastTick = tick?.lastTick ?? null;
  const polledUntil = lastTick !== null && isFuture(lastTick, now) ? null : lastTick;
  const slots = slotsWithBackOffs(config.feeds, schedule, polledUntil ?? now);
  const hostBackOffs = schedule.backOffs.filter(({ until }) => until > now);
  const feeds = await mapWithConcurrency(config.feeds, readsAtOnce, async (feed) =>
    statusOf(
      feed,
      await feedStore.read(feed.id),
      slots.get(feed.id),
      { now, lastTick: polledUntil, backOff: hostBackOffs.find(({ host }) => host === hostOf(feed.url)) },
      sums.byFeed.get(feed.id),
    ),
  );
  return {
    at: now,
    lastTick,
    feeds,
    webhooks: await mapWithConcurrency(config.webhooks, readsAtOnce, async ({ id }) =>
      webhookStatusOf(id, await deps.deliveries.read(id), now),
    ),
    ledger: sums.all,
    needsAttention: sums.needsAttention,
    undecided: undecidedOf(sums.waiting),
    batches: openBatches(sums.inBatches).map((batch) => ({
      ...batch,
      lessons: lessonsLeft(feeds.find(({ id }) => id === batch.feed)?.memory ?? null, batch.lessons),
    })),
    possibleDuplicates: sums.possibleDuplicates,
    oldestQueuedAt: sums.oldestQueuedAt,
    hostBackOffs: hostBackOffs.map(({ host, until }) => ({
      host,
      until,
      feeds: config.feeds.filter(({ url }) => hostOf(url) === host).length,
    })),
    circuits: circuitRows.filter((row) => isOpen(row, now)),
    alerts: flags.filter(
      ({ kind, notified, endedAt }) => notified && endedAt === null && kind !== 'draft-made',
    ),
    ratePerMinute: config.dash.ratePerMinute,
    queues,
  };
};

const webhookStatusOf = (id: string, row: DeliveriesRow | null, now: number): WebhookStatus => ({
  id,
  latest: row?.latest ?? [],
  today: row ? countsToday(row, now) : {},
});

/** The maximum number of alerts shown. */
const maxAlerts = 100;

type Sums = Partial<Record<State, number>>;

const countRows = async ({ ledger, clock }: Pick<Deps, 'ledger' | 'clock'>) => {
  const now = clock();
  const rows = new Map<string, Map<State, number>>();
  let needsAttention = 0;
  let possibleDuplicates = 0;
  let oldestQueuedAt: number | null = null;
  const inBatches: EntryRow[] = [];
  const waiting: EntryRow[] = [];
  for await (const row of ledger.all()) {
    const counts = rows.get(row.feed) ?? new Map<State, number>();
    rows.set(row.feed, counts.set(row.state, (counts.get(row.state) ?? 0) + 1));
    if (waits(row, now)) needsAttention += 1;
    if (waits(row, now) && heldInBatch(row) === null) waiting.push(row);
    if (isPossibleDuplicate(row)) possibleDuplicates += 1;
    if (heldInBatch(row) !== null) inBatches.push(row);
    if (row.state === 'queued') oldestQueuedAt = Math.min(oldestQueuedAt ?? row.seenAt, row.seenAt);
  }
  const byFeed = new Map([...rows].map(([feed, counts]) => [feed, inOrderOfLife([counts])]));
  return {
    all: inOrderOfLife([...rows.values()]),
    byFeed,
    needsAttention,
    possibleDuplicates,
    inBatches,
    waiting,
    oldestQueuedAt,
  };
};

const undecidedOf = (rows: EntryRow[]): Undecided => {
  const of = (wanted: State) => {
    const times = rows.filter(({ state }) => state === wanted).map(waitsSince);
    return { count: times.length, since: times.length > 0 ? times.reduce((a, b) => Math.min(a, b)) : null };
  };
  return { held: of('held'), review: of('review'), rejected: of('rejected'), uncertain: of('uncertain') };
};

/** A snoozed entry waits from the time that you set. */
const waitsSince = (row: EntryRow): number =>
  row.state === 'review' ? Math.max(stateSince(row), row.dueAt) : stateSince(row);

const waits = ({ state, wakeAt, dueAt }: EntryRow, now: number) =>
  state === 'held' ||
  state === 'rejected' ||
  (state === 'review' && dueAt <= now) ||
  (state === 'uncertain' && wakeAt === null);

const inOrderOfLife = (counts: Map<State, number>[]): Sums => {
  const sum = (state: State) => counts.reduce((all, one) => all + (one.get(state) ?? 0), 0);
  return Object.fromEntries(states.map((state) => [state, sum(state)]).filter(([, count]) => count !== 0));
};

type Moment = {
  now: number;
  lastTick: number | null;
  /** Its host's current back-off. */
  backOff: HostBackOff | undefined;
};

const statusOf = (
  feed: FeedConfig,
  row: FeedRow | null,
  slot: ScheduleSlot | undefined,
  { now, lastTick, backOff }: Moment,
  entries: Sums = {},
): FeedStatus => {
  const [ours, trouble] = [ownRow(feed, row), ownTrouble(feed, row)];
  const next = nextPoll(feed, slot, { lastTick, now });
  return {
    id: feed.id,
    url: feed.url,
    brandId: feed.brandId,
    health: healthOf(feed, [ours, slot], trouble),
    lastSuccess: lastSuccess(feed, [ours, slot], lastTick),
    changedAt: ours?.changedAt ?? null,
    nextPoll: next,
    reason: reasonOf(feed, [row, slot], { next, backOff, trouble }),
    trouble,
    unconditionalUntil: unconditionalUntil(ours, now),
    gapAt: ours?.learned?.gapAt ?? null,
    memory: ours?.memory ?? null,
    entries,
  };
};

const unconditionalUntil = (row: FeedRow | null, now: number): number | null => {
  const { until = 0 } = row?.unconditional ?? {};
  return until > now ? until : null;
};

type Known = [row: FeedRow | null, slot: ScheduleSlot | undefined];

const healthOf = (
  feed: FeedConfig,
  [row, slot]: Known,
  trouble: FeedFailure | null,
): FeedStatus['health'] => {
  if (feed.paused) return 'paused';
  if (slot?.gone) return 'gone';
  if (trouble) return 'failing';
  return row?.facts ? 'ok' : 'never polled';
};

const lastSuccess = (feed: FeedConfig, [row, slot]: Known, lastTick: number | null): number | null => {
  if (!row?.facts) return null;
  const until = row.trouble ? row.trouble.since - 1 : lastTick;
  const due = until === null || feed.paused ? null : lastDue(feed, slot, until);
  return Math.max(due ?? 0, row.changedAt ?? 0) || null;
};

const minuteMs = 60_000;

type Next = { next: number | null; backOff: HostBackOff | undefined; trouble: FeedFailure | null };

const reasonOf = (feed: FeedConfig, [row, slot]: Known, { next, backOff, trouble }: Next): string => {
  if (feed.paused) return 'paused in feeds.yml';
  if (slot?.gone) return 'gone (410); polled again when its url changes';
  if (next !== null && backOff && backOff.until > next - minuteMs) return `${backOff.host} asked for a pause`;
  if (!slot) return row ? 'its url has changed; polled at the next tick' : 'not polled yet';
  if (next !== null && slot.notBefore > next - minuteMs)
    return trouble ? 'last poll failed' : 'its server asked to wait';
  if ('cron' in feed.rhythm) return `cron "${feed.rhythm.cron}"`;
  const minutes = Math.round((intervalOf(feed.rhythm, slot) ?? 0) / 60_000);
  return 'adaptive' in feed.rhythm ? `every ${minutes} min (adaptive)` : `every ${minutes} min`;
};

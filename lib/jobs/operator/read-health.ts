import type { AlertRow } from '../../core/alerts/alert-row.ts';
import { isOpen } from '../../core/circuit/circuit-breaker.ts';
import type { CircuitRow } from '../../core/circuit/circuit-row.ts';
import type { Config } from '../../core/config/config.ts';
import { heldFor, heldInBatch } from '../../core/entries/batch.ts';
import { isPossibleDuplicate } from '../../core/entries/identity/possible-duplicate.ts';
import { type OpenBatch, openBatches } from '../../core/entries/open-batches.ts';
import { titleOf } from '../../core/entries/title-of.ts';
import { lastReason } from '../../core/ledger/history.ts';
import { changeListedMs, hasOpenChange } from '../../core/ledger/later-version.ts';
import type { State, WaitingRow } from '../../core/ledger/row.ts';
import { stateSince } from '../../core/ledger/state-since.ts';
import { countLimit } from '../../core/operator/count-text.ts';
import { historyLines } from '../../core/operator/explain.ts';
import type { HealthFacts, Undecided } from '../../core/operator/health-facts.ts';
import type { ProblemEntry } from '../../core/operator/problem.ts';
import type { AlertStore, CircuitStore, Clock, DeliveryStore, FeedStore, Ledger } from '../../core/ports.ts';
import { countsToday } from '../../core/webhooks/deliveries.ts';
import type { DeliveriesRow, DeliveryNote } from '../../core/webhooks/deliveries-row.ts';
import { withLessons } from './move-entries.ts';
import { type FeedsRead, readFeeds } from './read-feeds.ts';

/** The approximate number of messages in each queue. */
export type QueueDepths = Readonly<
  Record<'feeds' | 'feedsDeadLetters' | 'drafts' | 'draftsDeadLetters', number>
>;

export type HealthDeps = {
  config: Config;
  feedStore: Pick<FeedStore, 'read' | 'schedule' | 'tick'>;
  ledger: Pick<Ledger, 'waiting'>;
  circuits: Pick<CircuitStore, 'rows'>;
  alerts: Pick<AlertStore, 'rows'>;
  deliveries: Pick<DeliveryStore, 'read'>;
  /** Null if there are no queues because nothing is running. */
  queueDepths: () => Promise<QueueDepths | null>;
  clock: Clock;
  /** Whether the target runs. Default: true. */
  isRunning?: boolean;
};

/** Outcomes of a webhook's deliveries: the latest first, and today's counts (in UTC). */
export type WebhookStatus = {
  id: string;
  /** The secrets that its deliveries are verified with. */
  secretNames: readonly string[];
  latest: DeliveryNote[];
  today: DeliveriesRow['counts'];
};

/** Everything that health is judged from. Entries are counted to 1,000 a state; 1,001 means more. */
export type Health = FeedsRead & {
  at: number;
  lastTick: number | null;
  webhooks: WebhookStatus[];
  /** The number of entries that need a decision. */
  needsAttention: number;
  /** The same by group, without entries in batches; `since`: when the oldest entered its state. */
  undecided: HealthFacts['waiting'];
  /** Open batches, with the lessons that their feeds have not learned yet. */
  batches: OpenBatch[];
  circuits: CircuitRow[];
  /** Active alerts that were sent. */
  alerts: AlertRow[];
  queues: QueueDepths | null;
};

/** The maximum number of alerts shown. */
const maxAlerts = 100;

/**
 * Reads what needs attention, in few requests whatever the ledger's size. `allFeeds`: the status of every feed, not
 * only of those that fail. Writes nothing.
 */
export const readHealth = async (deps: HealthDeps, { allFeeds = false } = {}): Promise<Health> => {
  const { config, feedStore, circuits, clock, isRunning = true } = deps;
  const [tick, circuitRows, alertRows, queues, waiting, webhooks] = await Promise.all([
    feedStore.tick(),
    circuits.rows(),
    deps.alerts.rows(maxAlerts),
    deps.queueDepths(),
    readWaiting(deps),
    readWebhooks(deps, config.webhooks),
  ]);
  const now = clock();
  const lastTick = tick?.lastTick ?? null;
  return {
    ...(await readFeeds(feedStore, {
      feeds: config.feeds,
      lastTick,
      now,
      onlyFailing: !allFeeds,
      isRunning,
    })),
    ...waiting,
    at: now,
    lastTick,
    webhooks,
    circuits: circuitRows.filter((row) => isOpen(row, now)),
    alerts: alertRows.filter(
      ({ kind, notified, endedAt }) => notified && endedAt === null && kind !== 'draft-made',
    ),
    queues,
  };
};

/** Reads the outcomes of webhooks' deliveries. */
export const readWebhooks = (
  { deliveries, clock }: Pick<HealthDeps, 'deliveries' | 'clock'>,
  webhooks: readonly { id: string; secretNames: readonly string[] }[],
): Promise<WebhookStatus[]> =>
  Promise.all(
    webhooks.map(async ({ id, secretNames }) => {
      const row = await deliveries.read(id);
      return { id, secretNames, latest: row?.latest ?? [], today: row ? countsToday(row, clock()) : {} };
    }),
  );

/** Entries that need a decision, up to one more than are counted. */
export const readUndecided = async (
  ledger: Pick<Ledger, 'waiting'>,
  state: State | 'duplicate' | readonly State[],
): Promise<WaitingRow[]> => (await ledger.waiting({ state, limit: countLimit + 1 })).rows;

/** Articles that changed after their drafts in the last days, up to one more than are counted. */
export const readChanged = async (ledger: Pick<Ledger, 'waiting'>, now: number): Promise<WaitingRow[]> =>
  (await ledger.waiting({ state: 'changed', since: now - changeListedMs, limit: countLimit + 1 })).rows;

/** The batches of the first thousand held entries. */
export const readBatches = async (
  ledger: Pick<Ledger, 'waiting'>,
  { read }: Pick<FeedStore, 'read'>,
): Promise<OpenBatch[]> => batchesIn(await readUndecided(ledger, 'held'), { read });

const batchesIn = (held: readonly WaitingRow[], feedStore: Pick<FeedStore, 'read'>): Promise<OpenBatch[]> =>
  withLessons(feedStore, openBatches(held, held.length > countLimit));

const readWaiting = async ({
  ledger,
  feedStore,
  clock,
}: HealthDeps): Promise<Pick<Health, 'needsAttention' | 'undecided' | 'batches'>> => {
  const [waiting, doubled, changed] = await Promise.all([
    Promise.all([
      readUndecided(ledger, 'held'),
      readUndecided(ledger, 'review'),
      readUndecided(ledger, ['rejected', 'uncertain']),
    ]),
    readUndecided(ledger, 'duplicate'),
    readChanged(ledger, clock()),
  ]);
  const now = clock();
  const rows = waiting.flat().filter((row) => !isSnoozed(row, now));
  return {
    needsAttention: Math.min(rows.length, countLimit + 1),
    undecided: undecidedOf(
      rows.filter((row) => heldInBatch(row) === null),
      [...rows, ...doubled].filter(isPossibleDuplicate),
      changed,
    ),
    batches: await batchesIn(waiting[0], feedStore),
  };
};

const isSnoozed = ({ state, dueAt }: WaitingRow, now: number): boolean => state === 'review' && dueAt > now;

/** A snoozed entry waits from the time that you set. */
const waitsSince = (row: WaitingRow): number => {
  if (hasOpenChange(row)) return row.laterVersion?.at ?? row.seenAt;
  return row.state === 'review' ? Math.max(stateSince(row), row.dueAt) : stateSince(row);
};

/** Entries that a card names; a link leads to the others. */
const maxNamed = 5;

const entryOf = (row: WaitingRow): ProblemEntry => {
  const reason = lastReason(row);
  const [line] = historyLines({ history: reason ? [reason] : [] });
  const why = (hasOpenChange(row) ? row.laterVersion?.difference : line?.text) ?? '';
  return { key: row.key, title: titleOf(row), feed: row.feed, why };
};

/** Names those that have waited longest. */
const groupIn = (rows: readonly WaitingRow[]): HealthFacts['waiting'][Undecided] => {
  const oldest = rows.toSorted((a, b) => waitsSince(a) - waitsSince(b)).slice(0, maxNamed);
  const [first] = oldest;
  return { count: rows.length, since: first ? waitsSince(first) : null, entries: oldest.map(entryOf) };
};

const isNotAsConfigured = (row: WaitingRow): boolean => heldFor(row) === 'post.not-as-configured';

const undecidedOf = (
  rows: readonly WaitingRow[],
  duplicates: readonly WaitingRow[],
  changed: readonly WaitingRow[],
): HealthFacts['waiting'] => {
  const of = (wanted: State) => groupIn(rows.filter(({ state }) => state === wanted));
  const held = rows.filter(({ state }) => state === 'held');
  return {
    notAsConfigured: groupIn(held.filter(isNotAsConfigured)),
    held: groupIn(held.filter((row) => !isNotAsConfigured(row))),
    review: of('review'),
    rejected: of('rejected'),
    uncertain: of('uncertain'),
    duplicate: groupIn(duplicates),
    changed: groupIn(changed),
  };
};

/** No entry needs a decision. */
export const nobodyWaits = undecidedOf([], [], []);

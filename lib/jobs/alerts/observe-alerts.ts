import { alertAfterMs } from '../../core/alerts/alert.ts';
import type { AlertFacts, AlertKind } from '../../core/alerts/alert-row.ts';
import { reviewAlert } from '../../core/alerts/review-alert.ts';
import { isOpen } from '../../core/circuit/circuit-breaker.ts';
import type { CircuitRow } from '../../core/circuit/circuit-row.ts';
import { circuitReasonText, isTokenProblem } from '../../core/circuit/token-problem.ts';
import type { Config, FeedConfig } from '../../core/config/config.ts';
import { heldFor, heldInBatch } from '../../core/entries/batch.ts';
import { isPossibleDuplicate } from '../../core/entries/identity/possible-duplicate.ts';
import { changeListedMs } from '../../core/ledger/later-version.ts';
import type { WaitingRow } from '../../core/ledger/row.ts';
import { stateSince } from '../../core/ledger/state-since.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import { historyLines } from '../../core/operator/explain.ts';
import { ownSlots, ownTrouble } from '../../core/polling/address.ts';
import { isFuture } from '../../core/polling/tick-window.ts';
import type { CircuitStore, Clock, CountWakeUps, FeedStore, Ledger } from '../../core/ports.ts';

export type ObserveDeps = {
  config: Pick<Config, 'feeds' | 'webhooks' | 'alerts' | 'timezone'>;
  circuits: Pick<CircuitStore, 'rows'>;
  feedStore: Pick<FeedStore, 'read' | 'schedule' | 'tick'>;
  ledger: Pick<Ledger, 'waiting'>;
  /** How many messages each dead-letter queue holds. */
  deadLetters: Record<'feeds' | 'drafts', CountWakeUps>;
  clock: Clock;
};

/** Active conditions; `blind`: kinds that could not be checked, with the errors in `failures`. */
type Observed = { observed: AlertFacts[]; blind: Set<AlertKind>; failures: unknown[] };

type Given = Pick<AlertFacts, 'kind' | 'subject' | 'since'> & Partial<AlertFacts>;
const facts = (given: Given): AlertFacts => ({
  id: `${given.kind}/${given.subject}`,
  notifyAt: given.since,
  count: null,
  detail: null,
  entryKey: null,
  ...given,
});

/** Uncertain entries are counted up to this number. */
const maxUncertain = 200;

/** A 429 opens the circuit repeatedly; each opening counts on its own. */
const countsAsClosed = (row: CircuitRow, now: number) =>
  isOpen(row, now) && (row.reason !== 'throttled' || row.openedAt + alertAfterMs.postingStopped <= now);

const openCircuits = async ({ circuits, clock }: ObserveDeps): Promise<AlertFacts[]> => {
  const closed = (await circuits.rows()).filter((row) => countsAsClosed(row, clock()));
  const refused = closed.filter(({ reason }) => isTokenProblem(reason));
  const scopes = new Map(closed.map((row) => [row.scope, row]));
  return [
    ...refused
      .slice(0, 1)
      .map((row) =>
        facts({ kind: 'token-refused', subject: 'all', since: row.openedAt, detail: circuitReasonText(row) }),
      ),
    ...[...scopes.values()].map((row) =>
      facts({
        kind: 'posting-stopped',
        subject: row.scope,
        since: row.openedAt,
        notifyAt: row.openedAt + alertAfterMs.postingStopped,
        detail: circuitReasonText(row),
      }),
    ),
  ];
};

/** Only feeds that are deferred can be failing; the rows of others are not read. */
const failingFeeds = async (deps: ObserveDeps): Promise<AlertFacts[]> => {
  const { config, feedStore, clock } = deps;
  const slots = ownSlots(config.feeds, (await feedStore.schedule()).slots);
  const suspects = config.feeds.filter(({ id, paused }) => {
    const slot = slots.get(id);
    return !paused && slot !== undefined && (slot.notBefore > 0 || slot.gone);
  });
  const failing = await mapWithConcurrency(suspects, 8, (feed) => troubleOf(feedStore, feed, clock()));
  return failing.filter((one) => one !== null);
};

const troubleOf = async (
  feedStore: Pick<FeedStore, 'read'>,
  feed: FeedConfig,
  now: number,
): Promise<AlertFacts | null> => {
  const trouble = ownTrouble(feed, await feedStore.read(feed.id));
  if (!trouble) return null;
  const { message, since, lastAt, reported } = trouble;
  const afterADay = since + alertAfterMs.feedFailing;
  const notifyAt = reported ? Math.min(lastAt, afterADay) : afterADay; // gone, or failed too often to wait for a day
  return notifyAt <= now
    ? facts({ kind: 'feed-failing', subject: feed.id, since, notifyAt, detail: message })
    : null;
};

const byFeed = (kind: AlertKind, rows: WaitingRow[]): AlertFacts[] =>
  [...Map.groupBy(rows, ({ feed }) => feed)].map(([feed, parked]) =>
    facts({ kind, subject: feed, since: Math.min(...parked.map(parkedAt)), count: parked.length }),
  );

const uncertain = async ({ ledger }: ObserveDeps): Promise<AlertFacts[]> => {
  const { rows } = await ledger.waiting({ state: 'uncertain', limit: maxUncertain });
  return byFeed('outcome-unknown', rows);
};

/** Includes entries that need attention for another reason, which are in the same part of the index. */
const duplicates = async ({ ledger }: ObserveDeps): Promise<AlertFacts[]> => {
  const states = ['duplicate', 'uncertain', 'rejected'] as const;
  const pages = await Promise.all(states.map((state) => ledger.waiting({ state, limit: maxUncertain })));
  return byFeed('possible-duplicates', pages.flatMap(({ rows }) => rows).filter(isPossibleDuplicate));
};

/** Entries to review are counted to this number. */
const maxReview = 1_000;

/** A poll holds thousands at most; held entries beyond this are reported once some have been decided. */
const maxHeld = 10_000;
const heldAPage = 500;

const heldRows = async ({ ledger }: ObserveDeps): Promise<WaitingRow[]> => {
  const rows: WaitingRow[] = [];
  let after: string | undefined;
  do {
    const page = await ledger.waiting({ state: 'held', limit: heldAPage, ...(after && { after }) });
    rows.push(...page.rows);
    after = page.next ?? undefined;
  } while (after !== undefined && rows.length < maxHeld);
  return rows;
};

/** Batches, and posts that exceed feeds.yml's publish, raise alerts of their own. */
const isHeldAlone = (row: WaitingRow): boolean =>
  heldInBatch(row) === null && heldFor(row) !== 'post.not-as-configured';

const heldAlone = async (deps: ObserveDeps): Promise<AlertFacts[]> => {
  const byFeed = Map.groupBy((await heldRows(deps)).filter(isHeldAlone), ({ feed }) => feed);
  return [...byFeed].map(([feed, rows]) => {
    const inTime = rows.toSorted((a, b) => parkedAt(a) - parkedAt(b));
    const [first, latest] = [inTime[0] as WaitingRow, inTime.at(-1) as WaitingRow];
    return facts({
      kind: 'entries-held',
      subject: feed,
      since: parkedAt(first),
      count: rows.length,
      detail: [latest.title, reasonOf(latest)].filter(Boolean).join(': '),
      entryKey: latest.key,
    });
  });
};

/** The alert already names the state. */
const reasonOf = (row: WaitingRow): string | undefined =>
  historyLines(row)
    .at(-1)
    ?.text.replace(/^Held: /, '');

/** Snoozed entries do not wait yet. */
const toReview = async ({ config, ledger, clock }: ObserveDeps): Promise<AlertFacts[]> => {
  const review = config.alerts?.review ?? null;
  if (review === null) return [];
  const now = clock();
  const { rows } = await ledger.waiting({ state: 'review', limit: maxReview });
  const waiting = rows
    .filter(({ dueAt }) => dueAt <= now)
    .map((row) => ({ key: row.key, since: Math.max(stateSince(row), row.dueAt) }));
  const alert = reviewAlert(waiting, { review, timezone: config.timezone, now });
  return alert === null ? [] : [alert];
};

/** One alert per feed, however many of its articles changed. */
const changedArticles = async ({ config, ledger, clock }: ObserveDeps): Promise<AlertFacts[]> => {
  const sources = [...config.feeds, ...config.webhooks.map(({ mapping }) => mapping)];
  if (sources.every(({ onEdit }) => onEdit === 'ignore')) return [];
  const since = clock() - changeListedMs;
  const { rows } = await ledger.waiting({ state: 'changed', since, limit: maxUncertain });
  return [...Map.groupBy(rows, ({ feed }) => feed)].map(([feed, changed]) => {
    const [first, latest] = [changed[0] as WaitingRow, changed.at(-1) as WaitingRow];
    return facts({
      kind: 'article-changed',
      subject: feed,
      since: first.laterVersion?.at ?? first.seenAt,
      count: changed.length,
      detail: [latest.title, latest.laterVersion?.difference].filter(Boolean).join(': '),
      entryKey: latest.key,
    });
  });
};

const parkedAt = ({ history, seenAt }: WaitingRow) => history.at(-1)?.at ?? seenAt;

const deadLetters = async ({ deadLetters, clock }: ObserveDeps): Promise<AlertFacts[]> => {
  const counted = await Promise.all(
    Object.entries(deadLetters).map(async ([queue, count]) => ({ queue, count: await count() })),
  );
  return counted
    .filter(({ count }) => count > 0)
    .map(({ queue, count }) => facts({ kind: 'dead-letters', subject: queue, since: clock(), count }));
};

/** A stack without any tick has just been created. */
const ticks = async ({ feedStore, clock }: ObserveDeps): Promise<AlertFacts[]> => {
  const [last, now] = [(await feedStore.tick())?.lastTick, clock()];
  if (last === undefined) return [];
  // A future time does not show when the last tick was; a running tick would have corrected it.
  const since = isFuture(last, now) ? now : last;
  if (since === last && last + alertAfterMs.nothingPolled > now) return [];
  return [facts({ kind: 'ticks-stopped', subject: 'feeds', since })];
};

type Look = { kinds: AlertKind[]; look: (deps: ObserveDeps) => Promise<AlertFacts[]> };
const looks: Look[] = [
  { kinds: ['token-refused', 'posting-stopped'], look: openCircuits },
  { kinds: ['feed-failing'], look: failingFeeds },
  { kinds: ['outcome-unknown'], look: uncertain },
  { kinds: ['entries-held'], look: heldAlone },
  { kinds: ['entries-to-review'], look: toReview },
  { kinds: ['article-changed'], look: changedArticles },
  { kinds: ['possible-duplicates'], look: duplicates },
  { kinds: ['dead-letters'], look: deadLetters },
  { kinds: ['ticks-stopped'], look: ticks },
];

/** Checks every condition in turn; one that cannot be checked does not hide the others. */
export const observeAlerts = async (deps: ObserveDeps): Promise<Observed> => {
  const watched: Observed = { observed: [], blind: new Set(), failures: [] };
  for (const { kinds, look } of looks) {
    try {
      watched.observed.push(...(await look(deps)));
    } catch (error) {
      watched.failures.push(error);
      for (const kind of kinds) watched.blind.add(kind);
    }
  }
  return watched;
};

import { type AlertFacts, type AlertKind, patienceMs } from '../../core/alerts/alert.ts';
import { type GateReason, type GateRow, isClosed } from '../../core/circuit/gate.ts';
import { isTokenTrouble, tokenWords } from '../../core/circuit/token-trouble.ts';
import type { Config, FeedConfig } from '../../core/config/config.ts';
import { heldFor, heldInBatch } from '../../core/entries/batch.ts';
import { isPossibleDuplicate } from '../../core/entries/identity/possible-duplicate.ts';
import type { WaitingRow } from '../../core/ledger/row.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import { tellHistory } from '../../core/operator/explain.ts';
import { ownSlots, ownTrouble } from '../../core/polling/address.ts';
import { isFuture } from '../../core/polling/tick-window.ts';
import type { Clock, CountWakeUps, FeedStore, GateStore, Ledger } from '../../core/ports.ts';

export type WatchNeeds = {
  config: Pick<Config, 'feeds'>;
  gate: Pick<GateStore, 'rows'>;
  feedStore: Pick<FeedStore, 'read' | 'schedule' | 'tick'>;
  ledger: Pick<Ledger, 'waiting'>;
  /** How many messages lie in each dead-letter queue. */
  deadLetters: Record<'feeds' | 'drafts', CountWakeUps>;
  clock: Clock;
};

/** What is the case now; `blind`: kinds that could not be looked at, with `failures` that say why. */
type Watched = { observed: AlertFacts[]; blind: Set<AlertKind>; failures: unknown[] };

type Given = Pick<AlertFacts, 'kind' | 'subject' | 'since'> & Partial<AlertFacts>;
const facts = (given: Given): AlertFacts => ({
  id: `${given.kind}/${given.subject}`,
  tellAt: given.since,
  count: null,
  detail: null,
  witness: null,
  ...given,
});

/** More than this are counted no further. */
const mostUncertain = 200;

const reasons: Record<GateReason, string> = {
  throttled: 'the rate limit of Dash Social is used up',
  ...tokenWords,
  forbidden: 'Dash Social refuses the brand to this token',
  outage: 'Dash Social does not answer, or not as it should',
  person: 'a person paused it; resume ends that',
};

/** A 429 closes and opens over and over: one such closing counts only by itself. */
const countsAsClosed = (row: GateRow, now: number) =>
  isClosed(row, now) && (row.reason !== 'throttled' || row.closedAt + patienceMs.gateClosed <= now);

const doors = async ({ gate, clock }: WatchNeeds): Promise<AlertFacts[]> => {
  const closed = (await gate.rows()).filter((row) => countsAsClosed(row, clock()));
  const refused = closed.filter(({ reason }) => isTokenTrouble(reason));
  const scopes = new Map(closed.map((row) => [row.scope, row]));
  return [
    ...refused
      .slice(0, 1)
      .map(({ closedAt, reason }) =>
        facts({ kind: 'token-refused', subject: 'all', since: closedAt, detail: reasons[reason] }),
      ),
    ...[...scopes.values()].map(({ scope, reason, closedAt }) =>
      facts({
        kind: 'gate-closed',
        subject: scope,
        since: closedAt,
        tellAt: closedAt + patienceMs.gateClosed,
        detail: reasons[reason],
      }),
    ),
  ];
};

/** Only feeds that are left alone for a while can be failing: the others' rows are not read. */
const failingFeeds = async (services: WatchNeeds): Promise<AlertFacts[]> => {
  const { config, feedStore, clock } = services;
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
  const { message, since, lastAt, told } = trouble;
  const afterADay = since + patienceMs.feedFailing;
  const tellAt = told ? Math.min(lastAt, afterADay) : afterADay; // gone for good, or failed too often to wait for the day
  return tellAt <= now
    ? facts({ kind: 'feed-failing', subject: feed.id, since, tellAt, detail: message })
    : null;
};

const byFeed = (kind: AlertKind, rows: WaitingRow[]): AlertFacts[] =>
  [...Map.groupBy(rows, ({ feed }) => feed)].map(([feed, parked]) =>
    facts({ kind, subject: feed, since: Math.min(...parked.map(parkedAt)), count: parked.length }),
  );

const uncertain = async ({ ledger }: WatchNeeds): Promise<AlertFacts[]> => {
  const { rows } = await ledger.waiting({ state: 'uncertain', limit: mostUncertain });
  return byFeed('uncertain-parked', rows);
};

/** Also those that wait for a person for another reason: they are in its part of the index. */
const duplicates = async ({ ledger }: WatchNeeds): Promise<AlertFacts[]> => {
  const states = ['duplicate', 'uncertain', 'rejected'] as const;
  const pages = await Promise.all(states.map((state) => ledger.waiting({ state, limit: mostUncertain })));
  return byFeed('possible-duplicates', pages.flatMap(({ rows }) => rows).filter(isPossibleDuplicate));
};

/** A poll holds thousands at most; what is held beyond is reported once some of it has been decided. */
const mostHeld = 10_000;
const heldAPage = 500;

const heldRows = async ({ ledger }: WatchNeeds): Promise<WaitingRow[]> => {
  const rows: WaitingRow[] = [];
  let after: string | undefined;
  do {
    const page = await ledger.waiting({ state: 'held', limit: heldAPage, ...(after && { after }) });
    rows.push(...page.rows);
    after = page.next ?? undefined;
  } while (after !== undefined && rows.length < mostHeld);
  return rows;
};

/** Batches, and posts that would go further than feeds.yml allows, raise alerts of their own. */
const isHeldAlone = (row: WaitingRow): boolean =>
  heldInBatch(row) === null && heldFor(row) !== 'post.not-as-configured';

const heldAlone = async (services: WatchNeeds): Promise<AlertFacts[]> => {
  const byFeed = Map.groupBy((await heldRows(services)).filter(isHeldAlone), ({ feed }) => feed);
  return [...byFeed].map(([feed, rows]) => {
    const inTime = rows.toSorted((a, b) => parkedAt(a) - parkedAt(b));
    const [first, latest] = [inTime[0] as WaitingRow, inTime.at(-1) as WaitingRow];
    return facts({
      kind: 'entry-held',
      subject: feed,
      since: parkedAt(first),
      count: rows.length,
      detail: [latest.title, tellHistory(latest).at(-1)?.words].filter(Boolean).join(': '),
      witness: latest.key,
    });
  });
};

const parkedAt = ({ history, seenAt }: WaitingRow) => history.at(-1)?.at ?? seenAt;

const deadLetters = async ({ deadLetters, clock }: WatchNeeds): Promise<AlertFacts[]> => {
  const counted = await Promise.all(
    Object.entries(deadLetters).map(async ([queue, count]) => ({ queue, count: await count() })),
  );
  return counted
    .filter(({ count }) => count > 0)
    .map(({ queue, count }) => facts({ kind: 'dead-letters', subject: queue, since: clock(), count }));
};

/** A stack that has never ticked was made a moment ago. */
const ticks = async ({ feedStore, clock }: WatchNeeds): Promise<AlertFacts[]> => {
  const [last, now] = [(await feedStore.tick())?.lastTick, clock()];
  if (last === undefined) return [];
  // A time to come tells nothing of when the last tick was; a tick that runs would have put it right.
  const since = isFuture(last, now) ? now : last;
  if (since === last && last + patienceMs.nothingPolled > now) return [];
  return [facts({ kind: 'nothing-polled', subject: 'feeds', since })];
};

type Look = { kinds: AlertKind[]; look: (services: WatchNeeds) => Promise<AlertFacts[]> };
const looks: Look[] = [
  { kinds: ['token-refused', 'gate-closed'], look: doors },
  { kinds: ['feed-failing'], look: failingFeeds },
  { kinds: ['uncertain-parked'], look: uncertain },
  { kinds: ['entry-held'], look: heldAlone },
  { kinds: ['possible-duplicates'], look: duplicates },
  { kinds: ['dead-letters'], look: deadLetters },
  { kinds: ['nothing-polled'], look: ticks },
];

/** Looks at everything, one after the other; what cannot be looked at hides nothing of the rest. */
export const watch = async (services: WatchNeeds): Promise<Watched> => {
  const watched: Watched = { observed: [], blind: new Set(), failures: [] };
  for (const { kinds, look } of looks) {
    try {
      watched.observed.push(...(await look(services)));
    } catch (error) {
      watched.failures.push(error);
      for (const kind of kinds) watched.blind.add(kind);
    }
  }
  return watched;
};

import { pausedFeeds } from '../../core/circuit/circuit-breaker.ts';
import type { CircuitRow } from '../../core/circuit/circuit-row.ts';
import { rowBackOff } from '../../core/dash/timing.ts';
import { expireLease } from '../../core/ledger/entry-state.ts';
import type { DueRow } from '../../core/ledger/row.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import type { CountWakeUps, Invocation } from '../../core/ports.ts';
import { type ProbeDeps, probeCircuits } from './probe-circuits.ts';
import { changeOne, dueRows, exceptFeeds, postingBrands, wake } from './wake-rows.ts';

export type SweepDeps = ProbeDeps & {
  countWakeUps: CountWakeUps;
  /** About a minute's worth of the rate limit: the most wake-ups that are sent or left in the queue. */
  wakeUpsATick: number;
};

type Swept = { woken: number; expiredLeases: number; oldestWaitingMs: number | null };

const leasesAtOnce = 8;
/** Extra rows that are read to find out how long the oldest has waited. */
const moreToLookAt = 100;

/**
 * The fallback for lost work: expires leases (which shows that a worker died, and nothing about Dash Social: a
 * request ends long before its lease), probes open circuits, and wakes due rows, oldest first, only as many as can be
 * processed. Rows behind an open circuit are neither woken nor moved; the sweep only reads how long the oldest has
 * waited.
 */
export const sweep = async (deps: SweepDeps, brands: number[], invocation: Invocation): Promise<Swept> => {
  const expiredLeases = await expireLeases(deps, invocation);
  const rows = await deps.circuits.rows();
  const tried = await probeCircuits(deps, rows, brands, expiredLeases, invocation);

  const open = postingBrands(rows, brands, deps.clock());
  const room = Math.max(0, deps.wakeUpsATick - (await deps.countWakeUps()));
  const now = deps.clock();
  const window = { until: now + rowBackOff.maxMs, room: room + moreToLookAt };
  const soon = await dueRows(deps, open, window, exceptFeeds(deps, rows));
  const due = soon.filter(({ wakeAt }) => wakeAt <= now);
  const woken = await wake(deps, due.slice(0, room), invocation);
  const behind = await rowsBehindOpenCircuits(deps, rows, { brands, open, until: window.until });
  return { woken: woken + tried, expiredLeases, oldestWaitingMs: oldest([...soon, ...behind], now) };
};

type BrandQuery = { brands: number[]; open: number[]; until: number };

/**
 * The first rows behind open circuits, of a brand or a feed; rows of a feed paused in feeds.yml do not count as
 * waiting.
 */
const rowsBehindOpenCircuits = (deps: SweepDeps, rows: CircuitRow[], { brands, open, until }: BrandQuery) => {
  const closed = brands.filter((brand) => !open.includes(brand));
  const withFeeds = pausedFeeds(rows).length > 0 ? open : [];
  const window = { until, room: moreToLookAt };
  return dueRows(deps, [...closed, ...withFeeds], window, exceptFeeds(deps, []));
};

/** A row that backs off is waiting like one that is due; a row deferred by its feed's limit is not. */
const isWaiting = ({ wakeAt, failures }: DueRow, now: number) => wakeAt <= now || failures > 0;

const oldest = (rows: DueRow[], now: number) =>
  rows
    .filter((row) => row.state !== 'drafted' && isWaiting(row, now)) // a draft to change was sent already
    .reduce<number | null>((age, { seenAt }) => Math.max(age ?? 0, now - seenAt), null);

const expireLeases = async (deps: SweepDeps, invocation: Invocation): Promise<number> => {
  const now = deps.clock();
  const overdue = await deps.ledger.due({ shard: 'leases', until: now, limit: deps.wakeUpsATick });
  const message = 'the worker died while its request may have been under way';
  const expiredLeases = await mapWithConcurrency(overdue, leasesAtOnce, async ({ key }) => {
    const row = await changeOne(deps, key, expireLease(now), invocation);
    if (!row) return 0;
    const { feed, brand } = row;
    invocation.report({ event: 'draft.uncertain', key, feed, brand, code: 'draft.lease-ran-out', message });
    return 1;
  });
  return expiredLeases.reduce<number>((sum, one) => sum + one, 0);
};

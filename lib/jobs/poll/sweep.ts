import { closedFeeds, type GateRow } from '../../core/circuit/gate.ts';
import { maxBackOffMs } from '../../core/dash/timing.ts';
import { reap } from '../../core/ledger/entry-state.ts';
import type { DueRow } from '../../core/ledger/row.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import type { Call, CountWakeUps } from '../../core/ports.ts';
import { type ProbeDeps, probeCircuits } from './probe-circuits.ts';
import { changeOne, dueRows, exceptFeeds, openBrands, wake } from './wake-rows.ts';

export type SweepNeeds = ProbeDeps & {
  countWakeUps: CountWakeUps;
  /** About a minute's worth of rate: no more wake-ups than that are sent or left in the queue. */
  wakeUpsATick: number;
};

type Swept = { woken: number; reaped: number; oldestWaitingMs: number | null };

const leasesAtOnce = 8;
/** Rows that are read beyond those there is room for, to tell how long the oldest has waited. */
const moreToLookAt = 100;

/**
 * What nobody else will do: reaps leases that ran out (which shows that a worker of ours died, and nothing of Dash
 * Social: a request is given up long before its lease ends), tries closed doors, and wakes rows whose time has come,
 * oldest first, only as many as can be worked off. Behind a closed door it sends and moves nothing, and reads only how
 * long the oldest has waited: an entry that waits there waits as well.
 */
export const sweep =
  (services: SweepNeeds) =>
  async (brands: number[], call: Call): Promise<Swept> => {
    const reaped = await reapLeases(services, call);
    const rows = await services.gate.rows();
    const tried = await probeCircuits(services, rows, brands, reaped, call);

    const open = openBrands(rows, brands, services.clock());
    const room = Math.max(0, services.wakeUpsATick - (await services.countWakeUps()));
    const now = services.clock();
    const window = { until: now + maxBackOffMs, room: room + moreToLookAt };
    const soon = await dueRows(services, open, window, exceptFeeds(services, rows));
    const due = soon.filter(({ wakeAt }) => wakeAt <= now);
    const woken = await wake(services, due.slice(0, room), call);
    const behind = await rowsBehindDoors(services, rows, { brands, open, until: window.until });
    return { woken: woken + tried, reaped, oldestWaitingMs: oldest([...soon, ...behind], now) };
  };

type Doors = { brands: number[]; open: number[]; until: number };

/** The first rows that wait behind a closed door, of a brand or of a feed; those of a feed that feeds.yml pauses do not wait. */
const rowsBehindDoors = (services: SweepNeeds, rows: GateRow[], { brands, open, until }: Doors) => {
  const closed = brands.filter((brand) => !open.includes(brand));
  const withFeeds = closedFeeds(rows).length > 0 ? open : [];
  const window = { until, room: moreToLookAt };
  return dueRows(services, [...closed, ...withFeeds], window, exceptFeeds(services, []));
};

/** A row that backs off waits as much as one that is due; whose turn is later by a limit of its feed does not. */
const isWaiting = ({ wakeAt, failures }: DueRow, now: number) => wakeAt <= now || failures > 0;

const oldest = (rows: DueRow[], now: number) =>
  rows
    .filter((row) => isWaiting(row, now))
    .reduce<number | null>((age, { seenAt }) => Math.max(age ?? 0, now - seenAt), null);

const reapLeases = async (services: SweepNeeds, call: Call): Promise<number> => {
  const now = services.clock();
  const overdue = await services.ledger.due({ shard: 'leases', until: now, limit: services.wakeUpsATick });
  const message = 'the worker died while its request may have been under way';
  const reaped = await mapWithConcurrency(overdue, leasesAtOnce, async ({ key }) => {
    const row = await changeOne(services, key, reap(now), call);
    if (!row) return 0;
    const { feed, brand } = row;
    call.report({ event: 'draft.uncertain', key, feed, brand, code: 'draft.lease-ran-out', message });
    return 1;
  });
  return reaped.reduce<number>((sum, one) => sum + one, 0);
};

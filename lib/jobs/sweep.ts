import type { Config } from '../core/config.ts';
import { AppError } from '../core/errors.ts';
import { closedFeeds, doorOf, type GateRow, halfOpenDoor, isOpen } from '../core/gate.ts';
import { inOrder } from '../core/in-order.ts';
import { bump, reap, type Transition } from '../core/life.ts';
import type {
  Call,
  Clock,
  CountWakeUps,
  DashSocial,
  GateStore,
  Ledger,
  SendWakeUps,
  WakeUp,
} from '../core/ports.ts';
import type { DueRow } from '../core/row.ts';
import { rowOwners } from '../core/row-owners.ts';
import { maxBackOffMs, wakeGraceMs } from '../core/timing.ts';
import { changeRow } from './change-row.ts';
import { closeGate, openGate } from './close-gate.ts';

export type SweepNeeds = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  ledger: Pick<Ledger, 'read' | 'replace' | 'due'>;
  gate: GateStore;
  dash: Pick<DashSocial, 'probe'>;
  sendWakeUps: SendWakeUps;
  countWakeUps: CountWakeUps;
  clock: Clock;
  /** About a minute's worth of rate: no more wake-ups than that are sent or left in the queue. */
  wakeUpsATick: number;
};

export type Swept = { woken: number; reaped: number; oldestWaitingMs: number | null };

const outageAfter = 3;
/** Rows that are read beyond those there is room for, to tell how long the oldest has waited. */
const moreToLookAt = 100;
const unreadable: ReadonlySet<string> = new Set(['ledger.corrupt-row', 'ledger.newer-format']);

/**
 * What nobody else will do: reaps leases that ran out, tries closed doors, and wakes rows whose time has come,
 * oldest first, only as many as can be worked off. Behind a closed door it reads, sends and moves nothing.
 */
export const sweep =
  (services: SweepNeeds) =>
  async (brands: number[], call: Call): Promise<Swept> => {
    const reaped = await reapLeases(services, call);
    const rows = await services.gate.rows();
    const tried = await tryDoors(services, rows, brands, reaped, call);
    if (reaped >= outageAfter) await closeGate(services)({ scope: 'all', reason: 'outage' }, call);

    const open = reaped >= outageAfter ? [] : openBrands(rows, brands, services.clock());
    const room = Math.max(0, services.wakeUpsATick - (await services.countWakeUps()));
    const now = services.clock();
    const window = { until: now + maxBackOffMs, room: room + moreToLookAt };
    const soon = await dueRows(services, open, window, exceptFeeds(services, rows));
    const due = soon.filter(({ wakeAt }) => wakeAt <= now);
    const woken = await wake(services, due.slice(0, room), call);
    return { woken: woken + tried, reaped, oldestWaitingMs: oldest(soon, now) };
  };

const openBrands = (rows: GateRow[], brands: number[], now: number) =>
  brands.filter((brand) => isOpen(doorOf(rows, { brand }, now)));

const exceptFeeds = ({ config }: SweepNeeds, rows: GateRow[]) => [
  ...closedFeeds(rows),
  ...rowOwners(config)
    .filter(({ paused }) => paused)
    .map(({ id }) => id),
];

/** A row that backs off waits as much as one that is due; whose turn is later by a limit of its feed does not. */
const isWaiting = ({ wakeAt, failures }: DueRow, now: number) => wakeAt <= now || failures > 0;

const oldest = (rows: DueRow[], now: number) =>
  rows
    .filter((row) => isWaiting(row, now))
    .reduce<number | null>((age, { seenAt }) => Math.max(age ?? 0, now - seenAt), null);

const reapLeases = async (services: SweepNeeds, call: Call): Promise<number> => {
  const now = services.clock();
  const overdue = await services.ledger.due({ shard: 'leases', until: now, limit: services.wakeUpsATick });
  let reaped = 0;
  for (const { key } of overdue) {
    const row = await changeOne(services, key, reap(now), call);
    if (!row) continue;
    reaped += 1;
    const message = 'the worker died while its request may have been under way';
    call.report({
      event: 'draft.uncertain',
      key,
      feed: row.feed,
      brand: row.brand,
      code: 'draft.lease-ran-out',
      message,
    });
  }
  return reaped;
};

/** A row that cannot be read is told of and passed over: it must not keep the sweep from all that come after it. */
const changeOne = async (services: SweepNeeds, key: string, transition: Transition, call: Call) => {
  try {
    return await changeRow(services)(key, transition);
  } catch (error) {
    if (!(error instanceof AppError && unreadable.has(error.code))) throw error;
    call.report({ event: 'row.corrupt', key, message: error.message });
    return null;
  }
};

/** Every door that a machine closed and whose time is over, tried once; answers how many probes were sent. */
const tryDoors = async (
  services: SweepNeeds,
  rows: GateRow[],
  brands: number[],
  reaped: number,
  call: Call,
) => {
  let probes = 0;
  const byMachine = rows.filter((row) => row.by === 'machine' && row.reason !== 'throttled');
  for (const row of byMachine) {
    if (row.halfOpen && reaped > 0)
      await closeGate(services)({ scope: row.scope, reason: row.reason as 'outage' }, call);
    else if ((row.closedUntil ?? 0) <= services.clock())
      probes += await tryDoor(services, row, rows, brands, call);
  }
  return probes;
};

/**
 * First a request that creates nothing, then one row. Where no row waits the door simply opens; where one will be
 * due soon, that one is waited for.
 */
const tryDoor = async (
  services: SweepNeeds,
  row: GateRow,
  rows: GateRow[],
  brands: number[],
  call: Call,
): Promise<number> => {
  const { scope, reason } = row;
  const now = services.clock();
  const behind = brands.filter((brand) => !isOpen(doorOf([row], { brand }, now)));
  const others = rows.filter((other) => other !== row);
  const reachable = openBrands(others, behind, now);
  if (others.some(({ scope: at, by }) => by === 'person' && at === 'all')) return 0;
  // A brand's door is tried once the door of all is open; that one opens untried where only brands' doors are left.
  if (scope !== 'all' && reachable.length === 0 && behind.length > 0) return 0;
  const window = { until: now + wakeGraceMs, room: 10 };
  const soon = await dueRows(services, reachable, window, exceptFeeds(services, rows));
  const next = soon.find(({ state }) => state === 'queued'); // a look-up posts nothing and would prove nothing
  if (next && next.wakeAt > now) return 0;
  if ((await services.dash.probe()).kind === 'down')
    await closeGate(services)({ scope, reason: reason as 'outage' }, call);
  else if (!next) await openGate(services)(scope, call);
  else if (await services.gate.put(halfOpenDoor(row, now))) return wake(services, [next], call, scope);
  return 0;
};

const dueRows = async (
  services: SweepNeeds,
  brands: number[],
  { until, room }: { until: number; room: number },
  exceptFeeds: string[],
): Promise<DueRow[]> => {
  const due = await inOrder(brands, 8, (shard) =>
    services.ledger.due({ shard, until, limit: room, exceptFeeds }),
  );
  return due
    .flat()
    .sort((a, b) => a.wakeAt - b.wakeAt)
    .slice(0, room);
};

/** Sends first, then moves `wakeAt`: a crash between the two sends twice, which changes nothing. */
const wake = async (services: SweepNeeds, due: DueRow[], call: Call, probe?: string): Promise<number> => {
  if (due.length === 0) return 0;
  await services.sendWakeUps(
    due.map(({ key, brand }): WakeUp => (probe ? { key, brand, probe } : { key, brand })),
  );
  for (const { key } of due) await changeOne(services, key, bump(services.clock()), call);
  return due.length;
};

import { doorOf, type GateRow, halfOpenDoor, isOpen } from '../../core/circuit/gate.ts';
import { tokenTroubleOf } from '../../core/circuit/token-trouble.ts';
import { wakeGraceMs } from '../../core/dash/timing.ts';
import type { Call, DashSocial, GateStore } from '../../core/ports.ts';
import { closeGate, openGate } from '../draft/trip-circuit.ts';
import { dueRows, exceptFeeds, openBrands, type WakeNeeds, wake } from './wake-rows.ts';

export type ProbeDeps = WakeNeeds & { gate: GateStore; dash: Pick<DashSocial, 'probe'> };

/** Every door that a machine closed and whose time is over, tried once; answers how many probes were sent. */
export const probeCircuits = async (
  services: ProbeDeps,
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
  services: ProbeDeps,
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
  const probed = await services.dash.probe();
  if (probed.kind === 'down') {
    const why = (scope === 'all' && tokenTroubleOf(probed.code)) || (reason as 'outage');
    await closeGate(services)({ scope, reason: why }, call);
  } else if (!next) await openGate(services)(scope, call);
  else if (await services.gate.put(halfOpenDoor(row, now))) return wake(services, [next], call, scope);
  return 0;
};

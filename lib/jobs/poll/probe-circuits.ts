import { circuitFor, halfOpened, isClosed } from '../../core/circuit/circuit-breaker.ts';
import type { CircuitRow } from '../../core/circuit/circuit-row.ts';
import { tokenProblemOf } from '../../core/circuit/token-problem.ts';
import { wakeGraceMs } from '../../core/dash/timing.ts';
import type { CircuitStore, DashSocial, Invocation } from '../../core/ports.ts';
import { closeCircuit, tripCircuit } from '../draft/trip-circuit.ts';
import { dueRows, exceptFeeds, postingBrands, type WakeDeps, wake } from './wake-rows.ts';

export type ProbeDeps = WakeDeps & { circuits: CircuitStore; dash: Pick<DashSocial, 'probe'> };

/** Probes every automatically opened circuit whose time is over, once; returns the number of probes. */
export const probeCircuits = async (
  deps: ProbeDeps,
  rows: CircuitRow[],
  brands: number[],
  expiredLeases: number,
  invocation: Invocation,
) => {
  let probes = 0;
  const byMachine = rows.filter((row) => row.by === 'machine' && row.reason !== 'throttled');
  for (const row of byMachine) {
    if (row.halfOpen && expiredLeases > 0)
      await tripCircuit(deps, { scope: row.scope, reason: row.reason as 'outage' }, invocation);
    else if ((row.openUntil ?? 0) <= deps.clock())
      probes += await probeCircuit(deps, row, rows, brands, invocation);
  }
  return probes;
};

/**
 * First sends a request that creates nothing, then one row. The circuit closes if no row is waiting; if a row will be
 * due soon, the probe waits for it.
 */
const probeCircuit = async (
  deps: ProbeDeps,
  row: CircuitRow,
  rows: CircuitRow[],
  brands: number[],
  invocation: Invocation,
): Promise<number> => {
  const { scope, reason } = row;
  const now = deps.clock();
  const behind = brands.filter((brand) => !isClosed(circuitFor([row], { brand }, now)));
  const others = rows.filter((other) => other !== row);
  const reachable = postingBrands(others, behind, now);
  if (others.some(({ scope: at, by }) => by === 'person' && at === 'all')) return 0;
  // A brand's circuit is probed once the circuit of all is closed; that one closes untried if only rows behind open
  // brand circuits are left.
  if (scope !== 'all' && reachable.length === 0 && behind.length > 0) return 0;
  const window = { until: now + wakeGraceMs, room: 10 };
  const soon = await dueRows(deps, reachable, window, exceptFeeds(deps, rows));
  const next = soon.find(({ state }) => state === 'queued'); // a look-up posts nothing and would prove nothing
  if (next && next.wakeAt > now) return 0;
  const probed = await deps.dash.probe();
  if (probed.kind === 'down') {
    const why = (scope === 'all' && tokenProblemOf(probed.code)) || (reason as 'outage');
    const error = why === 'outage' ? { error: probed.message } : {};
    await tripCircuit(deps, { scope, reason: why, ...error }, invocation);
  } else if (!next) await closeCircuit(deps, scope, invocation);
  else if (await deps.circuits.put(halfOpened(row, now))) return wake(deps, [next], invocation, scope);
  return 0;
};

import { type Trip, trip } from '../../core/circuit/circuit-breaker.ts';
import type { CircuitScope } from '../../core/circuit/circuit-row.ts';
import type { CircuitStore, Clock, Invocation } from '../../core/ports.ts';

type Deps = { circuits: CircuitStore; clock: Clock };

const machineRow = async ({ circuits }: Deps, scope: CircuitScope) =>
  (await circuits.rows()).find((row) => row.scope === scope && row.by === 'machine') ?? null;

/** Opens a circuit for all workers, unless it is already open for long enough. Release the row first. */
export const tripCircuit = async (
  deps: Deps,
  closing: Omit<Trip, 'at'>,
  invocation: Invocation,
): Promise<void> => {
  const old = await machineRow(deps, closing.scope);
  const row = trip(old, { ...closing, at: deps.clock() });
  // Another worker has just opened it.
  if (!row || !(await deps.circuits.put(row))) return;
  invocation.report({
    event: 'circuit.opened',
    scope: row.scope,
    reason: row.reason,
    until: row.openUntil,
  });
};

/** Closes a circuit that was opened automatically; a pause stays. */
export const closeCircuit = async (
  deps: Deps,
  scope: CircuitScope,
  invocation: Invocation,
): Promise<void> => {
  const row = await machineRow(deps, scope);
  if (row && (await deps.circuits.remove(row))) invocation.report({ event: 'circuit.closed', scope });
};

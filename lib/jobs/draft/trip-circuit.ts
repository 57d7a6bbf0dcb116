import { type CircuitScope, type Closing, trip } from '../../core/circuit/gate.ts';
import type { Call, Clock, GateStore } from '../../core/ports.ts';

type Needs = { gate: GateStore; clock: Clock };

const machineRow = async ({ gate }: Needs, scope: CircuitScope) =>
  (await gate.rows()).find((row) => row.scope === scope && row.by === 'machine') ?? null;

/** Closes a door for all workers, unless it is closed well enough already. Give the row back first, then close. */
export const closeGate =
  (services: Needs) =>
  async (closing: Omit<Closing, 'at'>, call: Call): Promise<void> => {
    const old = await machineRow(services, closing.scope);
    const row = trip(old, { ...closing, at: services.clock() });
    // Overtaken: another worker has just closed it.
    if (!row || !(await services.gate.put(row))) return;
    call.report({ event: 'gate.closed', scope: row.scope, reason: row.reason, until: row.closedUntil });
  };

/** Opens a door that a machine has closed; a person's closing stays. */
export const openGate =
  (services: Needs) =>
  async (scope: CircuitScope, call: Call): Promise<void> => {
    const row = await machineRow(services, scope);
    if (row && (await services.gate.remove(row))) call.report({ event: 'gate.opened', scope });
  };

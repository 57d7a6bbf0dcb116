import { pausedCircuit } from '../../core/circuit/circuit-breaker.ts';
import type { CircuitRow, CircuitScope } from '../../core/circuit/circuit-row.ts';
import { retryable } from '../../core/errors.ts';
import type { CircuitStore, Clock } from '../../core/ports.ts';

type Deps = { circuits: Pick<CircuitStore, 'rows' | 'put'>; clock: Clock };

const maxTurns = 20;

/**
 * A person stops all, a brand or a feed, until they resume it: no draft leaves from here on but what is on its way.
 * Feeds are polled on, and what is new waits. `already`: it was paused, and stays so.
 */
export const pausePosting = async (
  { circuits, clock }: Deps,
  scope: CircuitScope,
): Promise<{ row: CircuitRow; already: boolean }> => {
  for (let turn = 0; turn < maxTurns; turn++) {
    const paused = (await circuits.rows()).find((row) => row.by === 'person' && row.scope === scope);
    if (paused) return { row: paused, already: true };
    const row = pausedCircuit(null, scope, clock());
    if (await circuits.put(row)) return { row, already: false };
  }
  throw retryable('circuit.contended', `${scope} was changed ${maxTurns} times while it was being paused`);
};

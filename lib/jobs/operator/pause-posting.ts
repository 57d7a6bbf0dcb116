import { pausedCircuit } from '../../core/circuit/circuit-breaker.ts';
import type { CircuitRow, CircuitScope } from '../../core/circuit/circuit-row.ts';
import { retryable } from '../../core/errors.ts';
import type { CircuitStore, Clock } from '../../core/ports.ts';

type Deps = { circuits: Pick<CircuitStore, 'rows' | 'put'>; clock: Clock };

const maxTurns = 20;

/**
 * Pauses everything, a brand or a feed until it is resumed: no further draft is sent except those in progress. Feeds
 * are still polled, and new entries wait. `person`: who pauses it. `already`: it was paused before and stays so.
 */
export const pausePosting = async (
  { circuits, clock }: Deps,
  scope: CircuitScope,
  person?: string,
): Promise<{ row: CircuitRow; already: boolean }> => {
  for (let turn = 0; turn < maxTurns; turn++) {
    const paused = (await circuits.rows()).find((row) => row.by === 'person' && row.scope === scope);
    if (paused) return { row: paused, already: true };
    const row = pausedCircuit(null, scope, clock(), person);
    if (await circuits.put(row)) return { row, already: false };
  }
  throw retryable(
    'circuit.contended',
    `the circuit ${scope} changed concurrently ${maxTurns} times. Run it again`,
  );
};

import { isOpen } from '../../core/circuit/circuit-breaker.ts';
import type { CircuitRow, CircuitScope } from '../../core/circuit/circuit-row.ts';
import { retryable } from '../../core/errors.ts';
import type { CircuitStore, Clock } from '../../core/ports.ts';

type Deps = { circuits: Pick<CircuitStore, 'rows' | 'remove'>; clock: Clock };

const maxTurns = 20;

/**
 * Ends a pause, and nothing else. `resumed`: it was paused. `still`: the circuits that still block `scopes` (a feed,
 * its brand, all), opened by a person or automatically.
 */
export const resumePosting = async (
  { circuits, clock }: Deps,
  scope: CircuitScope,
  scopes: CircuitScope[] = ['all', scope],
): Promise<{ resumed: boolean; still: CircuitRow[] }> => {
  for (let turn = 0; turn < maxTurns; turn++) {
    const rows = await circuits.rows();
    const paused = rows.find((row) => row.by === 'person' && row.scope === scope);
    if (paused && !(await circuits.remove(paused))) continue; // changed concurrently
    const still = rows.filter((row) => row !== paused && scopes.includes(row.scope) && isOpen(row, clock()));
    return { resumed: paused !== undefined, still };
  }
  throw retryable(
    'circuit.contended',
    `the circuit ${scope} changed concurrently ${maxTurns} times. Run it again`,
  );
};

import { isOpen } from '../../core/circuit/circuit-breaker.ts';
import type { CircuitRow, CircuitScope } from '../../core/circuit/circuit-row.ts';
import { retryable } from '../../core/errors.ts';
import type { CircuitStore, Clock } from '../../core/ports.ts';

type Deps = { circuits: Pick<CircuitStore, 'rows' | 'remove'>; clock: Clock };

const maxTurns = 20;

/**
 * Opens what a person has closed, and only that. `resumed`: it was paused. `still`: what goes on closing the way of
 * `scopes` (a feed's own, its brand's, all), by whomever.
 */
export const resumePosting = async (
  { circuits, clock }: Deps,
  scope: CircuitScope,
  scopes: CircuitScope[] = ['all', scope],
): Promise<{ resumed: boolean; still: CircuitRow[] }> => {
  for (let turn = 0; turn < maxTurns; turn++) {
    const rows = await circuits.rows();
    const paused = rows.find((row) => row.by === 'person' && row.scope === scope);
    if (paused && !(await circuits.remove(paused))) continue; // overtaken
    const still = rows.filter((row) => row !== paused && scopes.includes(row.scope) && isOpen(row, clock()));
    return { resumed: paused !== undefined, still };
  }
  throw retryable('circuit.contended', `${scope} was changed ${maxTurns} times while it was being resumed`);
};

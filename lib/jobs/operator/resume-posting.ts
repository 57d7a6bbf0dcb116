import { type CircuitScope, type GateRow, isClosed } from '../../core/circuit/gate.ts';
import { retryable } from '../../core/errors.ts';
import type { Clock, GateStore } from '../../core/ports.ts';

type Needs = { gate: Pick<GateStore, 'rows' | 'remove'>; clock: Clock };

const maxTurns = 20;

/**
 * Opens what a person has closed, and only that. `resumed`: it was paused. `still`: what goes on closing the way of
 * `scopes` (a feed's own, its brand's, all), by whomever.
 */
export const resumeGate =
  ({ gate, clock }: Needs) =>
  async (
    scope: CircuitScope,
    scopes: CircuitScope[] = ['all', scope],
  ): Promise<{ resumed: boolean; still: GateRow[] }> => {
    for (let turn = 0; turn < maxTurns; turn++) {
      const rows = await gate.rows();
      const paused = rows.find((row) => row.by === 'person' && row.scope === scope);
      if (paused && !(await gate.remove(paused))) continue; // overtaken
      const still = rows.filter(
        (row) => row !== paused && scopes.includes(row.scope) && isClosed(row, clock()),
      );
      return { resumed: paused !== undefined, still };
    }
    throw retryable('gate.contended', `${scope} was changed ${maxTurns} times while it was being resumed`);
  };

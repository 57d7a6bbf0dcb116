import { type CircuitScope, type GateRow, pauseDoor } from '../../core/circuit/gate.ts';
import { retryable } from '../../core/errors.ts';
import type { Clock, GateStore } from '../../core/ports.ts';

type Needs = { gate: Pick<GateStore, 'rows' | 'put'>; clock: Clock };

const maxTurns = 20;

/**
 * A person stops all, a brand or a feed, until they resume it: no draft leaves from here on but what is on its way.
 * Feeds are polled on, and what is new waits. `already`: it was paused, and stays so.
 */
export const pauseGate =
  ({ gate, clock }: Needs) =>
  async (scope: CircuitScope): Promise<{ row: GateRow; already: boolean }> => {
    for (let turn = 0; turn < maxTurns; turn++) {
      const paused = (await gate.rows()).find((row) => row.by === 'person' && row.scope === scope);
      if (paused) return { row: paused, already: true };
      const row = pauseDoor(null, scope, clock());
      if (await gate.put(row)) return { row, already: false };
    }
    throw retryable('gate.contended', `${scope} was changed ${maxTurns} times while it was being paused`);
  };

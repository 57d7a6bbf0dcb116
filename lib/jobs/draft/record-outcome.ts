import { brandScope, type Trip } from '../../core/circuit/circuit-breaker.ts';
import type { CircuitScope } from '../../core/circuit/circuit-row.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { CircuitStore, Clock, CreateOutcome, Invocation } from '../../core/ports.ts';
import { closeCircuit, tripCircuit } from './trip-circuit.ts';

type Deps = { circuits: CircuitStore; clock: Clock };

const outageAfter = 3;

const tripFor = (outcome: CreateOutcome, brand: number, tooMany: boolean): Omit<Trip, 'at'> | null => {
  switch (outcome.kind) {
    case 'throttled':
      return { scope: 'all', reason: 'throttled', until: outcome.until };
    case 'unauthorized':
      return { scope: 'all', reason: outcome.problem ?? 'unauthorized' };
    case 'forbidden':
      return { scope: brandScope(brand), reason: 'forbidden' };
    case 'uncertain':
    case 'not-created':
      return tooMany ? { scope: 'all', reason: 'outage', error: outcome.message } : null;
    default:
      return null;
  }
};

/**
 * A post that was accepted or judged has passed every circuit; one that is refused to its brand has passed the
 * circuit of all.
 */
const provesPosting = ({ kind }: CreateOutcome, probe: string) =>
  kind === 'created' || kind === 'rejected' || (kind === 'forbidden' && probe === 'all');

/**
 * Tracks, for one worker, how many responses in a row failed, which shows an outage. `record` opens the circuit when
 * a response means that the next row would fare no better, and closes it when the trial row went through.
 * `failureBudget`: how many more may fail before it opens.
 */
export const recordOutcome = (deps: Deps) => {
  let failuresInARow = 0;
  const record = async (
    { brand }: EntryRow,
    outcome: CreateOutcome,
    probe: string | undefined,
    invocation: Invocation,
  ): Promise<void> => {
    const failed = outcome.kind === 'uncertain' || outcome.kind === 'not-created';
    failuresInARow = failed ? failuresInARow + 1 : 0;
    const closing = tripFor(outcome, brand, failuresInARow >= outageAfter || probe !== undefined);
    if (closing) await tripCircuit(deps, closing, invocation);
    if (probe !== undefined && provesPosting(outcome, probe))
      await closeCircuit(deps, probe as CircuitScope, invocation);
  };
  return { record, failureBudget: () => outageAfter - failuresInARow };
};

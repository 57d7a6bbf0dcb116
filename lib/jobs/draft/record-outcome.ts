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
      return tooMany ? { scope: 'all', reason: 'outage' } : null;
    default:
      return null;
  }
};

/** A post that was taken or judged has passed every door; one that is refused to its brand has passed the door of all. */
const provesPosting = ({ kind }: CreateOutcome, probe: string) =>
  kind === 'created' || kind === 'rejected' || (kind === 'forbidden' && probe === 'all');

/**
 * Remembers, for one worker, how many answers in a row failed: an outage shows in them. `record` closes the door when an
 * answer says that the next row would fare no better, and opens it when the row that tried it went through.
 * `failureBudget`: how many more may fail before it closes.
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

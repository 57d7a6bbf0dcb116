import { brandScope, type CircuitScope, type Closing } from '../../core/circuit/gate.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { Call, Clock, CreateOutcome, GateStore } from '../../core/ports.ts';
import { closeGate, openGate } from './trip-circuit.ts';

type Needs = { gate: GateStore; clock: Clock };

const outageAfter = 3;

const closingFor = (outcome: CreateOutcome, brand: number, tooMany: boolean): Omit<Closing, 'at'> | null => {
  switch (outcome.kind) {
    case 'throttled':
      return { scope: 'all', reason: 'throttled', until: outcome.until };
    case 'unauthorized':
      return { scope: 'all', reason: outcome.trouble ?? 'unauthorized' };
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
const showsWayIsFree = ({ kind }: CreateOutcome, probe: string) =>
  kind === 'created' || kind === 'rejected' || (kind === 'forbidden' && probe === 'all');

/**
 * Remembers, for one worker, how many answers in a row failed: an outage shows in them. `mind` closes the door when an
 * answer says that the next row would fare no better, and opens it when the row that tried it went through.
 * `failureBudget`: how many more may fail before it closes.
 */
export const recordOutcome = (services: Needs) => {
  let failuresInARow = 0;
  const mind = async (
    { brand }: EntryRow,
    outcome: CreateOutcome,
    probe: string | undefined,
    call: Call,
  ): Promise<void> => {
    const failed = outcome.kind === 'uncertain' || outcome.kind === 'not-created';
    failuresInARow = failed ? failuresInARow + 1 : 0;
    const closing = closingFor(outcome, brand, failuresInARow >= outageAfter || probe !== undefined);
    if (closing) await closeGate(services)(closing, call);
    if (probe !== undefined && showsWayIsFree(outcome, probe))
      await openGate(services)(probe as CircuitScope, call);
  };
  return { mind, failureBudget: () => outageAfter - failuresInARow };
};

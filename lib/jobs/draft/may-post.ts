import { allowsPosting, circuitFor } from '../../core/circuit/circuit-breaker.ts';
import { tokenProblemOf } from '../../core/circuit/token-problem.ts';
import type { Config } from '../../core/config/config.ts';
import { rowOwners } from '../../core/config/row-owners.ts';
import { AppError } from '../../core/errors.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { CircuitStore, Clock, Invocation, Ledger } from '../../core/ports.ts';
import { holdEntry } from './hold-entry.ts';
import { tripCircuit } from './trip-circuit.ts';

type Deps = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  ledger: Pick<Ledger, 'read' | 'replace'>;
  circuits: CircuitStore;
  clock: Clock;
};

/** Whether a row may be sent now. A row whose feed was removed is held. */
export const mayPost = async (
  deps: Deps,
  row: EntryRow,
  probe: string | undefined,
  invocation: Invocation,
): Promise<boolean> => {
  const owner = rowOwners(deps.config).find(({ id }) => id === row.feed);
  if (!owner) {
    await holdEntry(deps, row, ownerIsGone(row), invocation);
    return false;
  }
  const circuit = circuitFor(await deps.circuits.rows(), row, deps.clock());
  return !owner.paused && allowsPosting(circuit, probe);
};

const ownerIsGone = ({ feed }: EntryRow) => ({
  code: 'feed.removed',
  detail: `${feed} is no longer in feeds.yml`,
});

/** Without a token no row can be sent: the circuit opens, and no message fails. Throws temporary errors. */
export const tokenIsReady = async (
  deps: Deps & { readyToken: () => Promise<void> },
  invocation: Invocation,
): Promise<boolean> => {
  try {
    await deps.readyToken();
    return true;
  } catch (error) {
    if (!(error instanceof AppError && error.kind === 'config')) throw error;
    const reason = tokenProblemOf(error.code) ?? 'unauthorized';
    await tripCircuit(deps, { scope: 'all', reason }, invocation);
    return false;
  }
};

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

/** Whether nothing stands between a row and Dash Social now. One whose feed is gone is left to a person. */
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
  const door = circuitFor(await deps.circuits.rows(), row, deps.clock());
  return !owner.paused && allowsPosting(door, probe);
};

const ownerIsGone = ({ feed }: EntryRow) => ({
  code: 'feed.removed',
  detail: `${feed} is no longer in feeds.yml`,
});

/** Without a token nothing can be sent by anybody: the door closes and no message fails. Throws what may pass. */
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

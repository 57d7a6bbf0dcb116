import { allowsPosting, doorOf } from '../../core/circuit/gate.ts';
import { tokenTroubleOf } from '../../core/circuit/token-trouble.ts';
import type { Config } from '../../core/config/config.ts';
import { rowOwners } from '../../core/config/row-owners.ts';
import { AppError } from '../../core/errors.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { Call, Clock, GateStore, Ledger } from '../../core/ports.ts';
import { holdEntry } from './hold-entry.ts';
import { closeGate } from './trip-circuit.ts';

type Needs = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  ledger: Pick<Ledger, 'read' | 'replace'>;
  gate: GateStore;
  clock: Clock;
};

/** Whether nothing stands between a row and Dash Social now. One whose feed is gone is left to a person. */
export const mayPass =
  (services: Needs) =>
  async (row: EntryRow, probe: string | undefined, call: Call): Promise<boolean> => {
    const owner = rowOwners(services.config).find(({ id }) => id === row.feed);
    if (!owner) {
      await holdEntry(services)(row, ownerIsGone(row), call);
      return false;
    }
    const door = doorOf(await services.gate.rows(), row, services.clock());
    return !owner.paused && allowsPosting(door, probe);
  };

const ownerIsGone = ({ feed }: EntryRow) => ({
  code: 'feed.removed',
  detail: `${feed} is no longer in feeds.yml`,
});

/** Without a token nothing can be sent by anybody: the door closes and no message fails. Throws what may pass. */
export const tokenIsReady =
  (services: Needs & { readyToken: () => Promise<void> }) =>
  async (call: Call): Promise<boolean> => {
    try {
      await services.readyToken();
      return true;
    } catch (error) {
      if (!(error instanceof AppError && error.kind === 'config')) throw error;
      const reason = tokenTroubleOf(error.code) ?? 'unauthorized';
      await closeGate(services)({ scope: 'all', reason }, call);
      return false;
    }
  };

import type { Ledger } from '../../core/ports.ts';
import { countEntries, type EntryCounts } from './count-entries.ts';
import { type Health, type HealthDeps, readHealth } from './read-health.ts';

type Deps = HealthDeps & { ledger: Pick<Ledger, 'waiting' | 'listed' | 'count'> };

/** The status of everything. */
export type Status = Health & {
  /** Entries by state; 1,001 means more than 1,000. */
  ledger: EntryCounts['byState'];
  oldestQueuedAt: number | null;
  ratePerMinute: number;
};

/** Reads the status of everything. Writes nothing. */
export const readStatus = async (deps: Deps): Promise<Status> => {
  const [health, { byState, oldestQueuedAt }] = await Promise.all([
    readHealth(deps, { allFeeds: true }),
    countEntries(deps.ledger),
  ]);
  return { ...health, ledger: byState, oldestQueuedAt, ratePerMinute: deps.config.dash.ratePerMinute };
};

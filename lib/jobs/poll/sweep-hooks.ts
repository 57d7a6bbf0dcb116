import { circuitFor } from '../../core/circuit/circuit-breaker.ts';
import { rowOwners } from '../../core/config/row-owners.ts';
import { hasHooks } from '../../core/enrich/has-hooks.ts';
import { goOnWithoutHook } from '../../core/ledger/enrich-state.ts';
import type { DueRow } from '../../core/ledger/row.ts';
import type { CircuitStore, CountWakeUps, Invocation } from '../../core/ports.ts';
import { changeOne, type WakeDeps, wake } from './wake-rows.ts';

export type SweepHooksDeps = WakeDeps & {
  circuits: Pick<CircuitStore, 'rows'>;
  /** The number of messages for hooks. */
  countAsks: CountWakeUps;
};

/** The most messages for hooks that are sent in a tick, or left in their queue. */
const asksATick = 100;

type Swept = { woken: number; oldestWaitingMs: number | null };

/**
 * Wakes the rows whose hook is to be asked, oldest first, except those of feeds that you have paused. Where no feed has
 * a hook anymore, they go on without.
 */
export const sweepHooks = async (deps: SweepHooksDeps, invocation: Invocation): Promise<Swept> => {
  const now = deps.clock();
  const limit = Math.max(0, asksATick - (await deps.countAsks()));
  const due = await deps.ledger.due({
    shard: 'hooks',
    until: now,
    limit: Math.max(1, limit),
    exceptFeeds: await pausedOwners(deps, now),
  });
  const woken = hasHooks(deps.config)
    ? await wake(deps, due.slice(0, limit), invocation)
    : await release(deps, due, invocation);
  return {
    woken,
    oldestWaitingMs: due.length === 0 ? null : Math.max(...due.map((row) => now - row.seenAt)),
  };
};

const pausedOwners = async ({ config, circuits }: SweepHooksDeps, now: number): Promise<string[]> => {
  const rows = await circuits.rows();
  const isPaused = (id: string, brand: number) => circuitFor(rows, { brand, feed: id }, now).person;
  return rowOwners(config)
    .filter(({ id, brandId, paused }) => paused || isPaused(id, brandId))
    .map(({ id }) => id);
};

const release = async (deps: SweepHooksDeps, due: DueRow[], invocation: Invocation): Promise<number> => {
  for (const { key } of due) await changeOne(deps, key, goOnWithoutHook(deps.clock()), invocation);
  return due.length; // the sweep of their brand wakes them
};

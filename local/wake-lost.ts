import { wakeGraceMs } from '../lib/core/dash/timing.ts';
import type { Ledger, SendWakeUps, WakeUp } from '../lib/core/ports.ts';

const maxRows = 10_000;

/**
 * Sends the wake-ups of all rows that are about due again. A local run's queues are in memory, so their messages are
 * gone; the sweep would send them too, but only after its grace period. An extra wake-up does nothing.
 */
export async function wakeLost(
  brands: Iterable<number>,
  now: number,
  { due, send }: { due: Ledger['due']; send: SendWakeUps },
): Promise<number> {
  const lost: WakeUp[] = [];
  for (const brand of new Set(brands)) {
    const rows = await due({ shard: brand, until: now + wakeGraceMs, limit: maxRows });
    lost.push(...rows.map(({ key }) => ({ key, brand })));
  }
  const asks = await due({ shard: 'hooks', until: now + wakeGraceMs, limit: maxRows });
  lost.push(...asks.map(({ key, brand, feed }) => ({ key, brand, enrich: feed })));
  if (lost.length > 0) await send(lost);
  return lost.length;
}

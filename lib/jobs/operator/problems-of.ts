import { alertNotice } from '../../core/alerts/format-alert.ts';
import type { Where } from '../../core/operator/cli-hints.ts';
import { problemsIn } from '../../core/operator/health.ts';
import type { Problem } from '../../core/operator/problem.ts';
import { refusalsThatCount } from '../../core/webhooks/deliveries.ts';
import type { DeliveryNote } from '../../core/webhooks/deliveries-row.ts';
import type { Health } from './read-health.ts';

type Surroundings = {
  where: Where;
  isRunning: boolean;
  /** The command that starts the local stack, if there is one. */
  start: string | null;
  timezone: string;
  /** The reason for a delivery's outcome, as text. */
  deliveryReason: (note: DeliveryNote) => string;
};

/** Everything in a status that needs attention, most important first; see `problemsIn`. */
export const problemsOf = (
  status: Health,
  { where, isRunning, start, timezone, deliveryReason }: Surroundings,
): Problem[] =>
  problemsIn({
    now: status.at,
    where,
    isRunning,
    start,
    lastTick: status.lastTick,
    circuits: status.circuits,
    feeds: status.feeds,
    waiting: status.undecided,
    queues: status.queues,
    webhooks: status.webhooks.map(({ id, secretNames, latest }) => {
      const refused = refusalsThatCount(latest, status.at);
      return { id, secretNames, refused, why: refused ? deliveryReason(refused) : '' };
    }),
    alerts: status.alerts.map((row) => ({
      ...row,
      text: alertNotice({ row, entry: null }, { timezone, where }).text,
    })),
    batches: status.batches.map(({ id, feed, since, reasons, rows }) => ({
      id,
      feed,
      since,
      count: rows.length,
      why: reasons[0]?.text ?? 'They were held together.',
    })),
  });

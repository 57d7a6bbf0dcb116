import type { Config, WebhookConfig } from '../lib/core/config/config.ts';
import { isUnproven } from '../lib/core/webhooks/deliveries.ts';
import type { ExamineContext } from './examine-target.ts';
import { examine, type Finding, failed, ok, skipped } from './finding.ts';
import { reasonText } from './format-delivery.ts';

/** Older refusals are not reported. */
const staleMs = 7 * 86_400_000;

const remedy =
  'Store the right secret with `secret set`, or fix what the reason names (docs/troubleshooting.md).';

const findingOf = async (
  { target, clock, page }: ExamineContext,
  { id }: WebhookConfig,
): Promise<Finding> => {
  const check = `webhook ${id}`;
  const latest = (await target.deliveries.read(id))?.latest[0];
  if (!latest) return skipped(check, 'no delivery yet');
  if (!isUnproven(latest) || clock() - latest.at > staleMs)
    return ok(check, `last delivery ${page.since(latest.at)}: ${latest.outcome}`);
  const text = `${latest.outcome} since ${page.time(latest.since)}: ${reasonText(latest)}`;
  return failed(check, text, remedy);
};

/** The outcome of each webhook's latest deliveries. */
export const examineWebhooks = async (context: ExamineContext, { webhooks }: Config): Promise<Finding[]> => {
  const found = webhooks.map((webhook) =>
    examine(`webhook ${webhook.id}`, () => findingOf(context, webhook)),
  );
  return (await Promise.all(found)).flat();
};

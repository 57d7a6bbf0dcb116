import type { Config, WebhookConfig } from '../lib/core/config/config.ts';
import { isUnproven } from '../lib/core/webhooks/deliveries.ts';
import type { ExamineContext } from './examine-target.ts';
import { examine, type Finding, failed, ok, skipped } from './finding.ts';
import { whyWords } from './format-delivery.ts';

/** Refused longer ago than this is no news any more. */
const staleMs = 7 * 86_400_000;

const remedy =
  'store the right one with `secret set`, or correct what the reason names: docs/troubleshooting.md';

const findingOf = async (
  { target, clock, page }: ExamineContext,
  { id }: WebhookConfig,
): Promise<Finding> => {
  const check = `webhook ${id}`;
  const latest = (await target.deliveries.read(id))?.latest[0];
  if (!latest) return skipped(check, 'no delivery has come yet');
  if (!isUnproven(latest) || clock() - latest.at > staleMs)
    return ok(check, `last delivery ${page.since(latest.at)}: ${latest.outcome}`);
  const says = `deliveries ${latest.outcome} since ${page.time(latest.since)}: ${whyWords(latest)}`;
  return failed(check, says, remedy);
};

/** What became of the last deliveries of each webhook. */
export const examineWebhooks = async (context: ExamineContext, { webhooks }: Config): Promise<Finding[]> => {
  const found = webhooks.map((webhook) =>
    examine(`webhook ${webhook.id}`, () => findingOf(context, webhook)),
  );
  return (await Promise.all(found)).flat();
};

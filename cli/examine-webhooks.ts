import type { Config, WebhookConfig } from '../lib/core/config/config.ts';
import type { ExamineContext } from './examine-target.ts';
import { examine, type Finding, ok, skipped } from './finding.ts';

const findingOf = async ({ target, page }: ExamineContext, { id }: WebhookConfig): Promise<Finding> => {
  const check = `webhook ${id}`;
  const latest = (await target.deliveries.read(id))?.latest[0];
  if (!latest) return skipped(check, 'no delivery yet');
  return ok(check, `last delivery ${page.since(latest.at)}: ${latest.outcome}`);
};

/** The latest delivery of each webhook; refused ones are a problem of health. */
export const examineWebhooks = async (context: ExamineContext, { webhooks }: Config): Promise<Finding[]> => {
  const found = webhooks.map((webhook) =>
    examine(`webhook ${webhook.id}`, () => findingOf(context, webhook)),
  );
  return (await Promise.all(found)).flat();
};

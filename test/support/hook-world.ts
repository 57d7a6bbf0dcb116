import type { FeedConfig, WebhookConfig } from '../../lib/core/config/config.ts';
import type { Entry } from '../../lib/core/entries/entry.ts';
import type { SecretByName } from '../../lib/core/ports.ts';
import type { Received, WebhookRequest } from '../../lib/core/webhooks/webhook.ts';
import { type ReceiveDeps, receiveWebhook } from '../../lib/jobs/webhook/receive-webhook.ts';
import { parseDelivery } from '../../lib/webhooks/parse-delivery.ts';
import { signDelivery } from '../../lib/webhooks/sign-delivery.ts';
import { noOptions } from '../webhooks/delivery.ts';
import { feedOf } from './entries.ts';
import { world } from './world.ts';

export const hookSecret = 'a secret of the blog';

/** A webhook of the feed `newsroom` whose payloads are entries, with a signature over body and time. */
export const webhookOf = (
  given: Partial<WebhookConfig> = {},
  mapping: Partial<FeedConfig> = {},
): WebhookConfig => ({
  id: 'blog',
  from: 'generic',
  secretNames: ['blog'],
  hasFeed: true,
  mapping: feedOf(mapping),
  options: {
    ...noOptions,
    verify: {
      kind: 'hmac',
      algorithm: 'sha256',
      header: 'x-signature',
      encoding: 'hex',
      prefix: 'sha256=',
      signed: '{timestamp}.{body}',
      timestampHeader: 'x-timestamp',
      unit: 's',
      idHeader: null,
    },
    when: "not_null(event, 'publish') == 'publish'",
    map: {
      id: 'id',
      title: 'title',
      link: 'link',
      summary: 'summary',
      published: 'published',
      media_ids: 'media',
      first_published: 'first',
    },
  },
  staleAfterMs: 6 * 3_600_000,
  ...given,
});

export type Payload = Partial<Pick<Entry, 'id' | 'title' | 'link' | 'summary' | 'published'>> & {
  event?: string;
  media?: unknown;
  first?: boolean;
};

/** The request with which the sender delivers a payload. */
export const requestFor = (
  webhook: WebhookConfig,
  payload: Payload | string,
  at: number,
  secret = hookSecret,
) => {
  const bytes = new TextEncoder().encode(typeof payload === 'string' ? payload : JSON.stringify(payload));
  const path = `/hooks/${webhook.id}`;
  const signed = signDelivery(webhook, { body: bytes, secret, at, path, id: 'delivery-1' });
  return { method: 'POST', path, bytes, ...signed } satisfies WebhookRequest;
};

/** The pipeline with fakes and webhooks. Each webhook's secret is `hookSecret` by default. */
export const hookWorld = (
  webhooks: WebhookConfig[] = [webhookOf()],
  feeds: Partial<FeedConfig>[] = [{}],
  changes: Partial<ReceiveDeps> = {},
) => {
  const w = world(feeds);
  w.config.webhooks.push(...webhooks);
  const secret: SecretByName = async () => hookSecret;
  const receiver: ReceiveDeps = { ...w.services, secret, parseDelivery, ...changes };
  const receive = (request: WebhookRequest, source: string | null = 'blog'): Promise<Received> =>
    receiveWebhook(receiver)({ source, request }, w.call);
  const deliver = (payload: Payload | string, webhook = webhooks[0] as WebhookConfig) =>
    receive(requestFor(webhook, payload, w.state.now), webhook.id);
  return { ...w, receiver, receive, deliver };
};

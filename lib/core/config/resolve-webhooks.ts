import { defaultCaption } from '../captions/caption.ts';
import { usualStaleAfterMs } from '../posts/go-public.ts';
import type { FieldMap, SourceOptions } from '../webhooks/source-settings.ts';
import type { FeedConfig, WebhookConfig } from './config.ts';
import { parseDuration } from './duration.ts';
import { resolveEditorial } from './file/editorial-file.ts';
import { enrichOf } from './file/enrich-file.ts';
import type { FeedDefaults } from './file/feeds-file.ts';
import { maxAgeOf } from './file/polling-file.ts';
import { verifyRule } from './file/verify-rule.ts';
import type { WebhookAsWritten } from './file/webhooks-file.ts';

/** The other sections of the file. */
type Rest = { feeds: FeedConfig[]; defaults: FeedDefaults; timezone: string };

const optionsOf = (webhook: WebhookAsWritten): SourceOptions => ({
  verify: webhook.verify ? verifyRule(webhook.verify) : null,
  when: webhook.when ?? null,
  map: (webhook.map ?? {}) as FieldMap,
  fields: (webhook.fields ?? {}) as FieldMap,
  link: webhook.link ?? null,
  contentTypes: webhook.content_types ?? [],
  environment: webhook.environment ?? null,
  locale: webhook.locale ?? null,
  base: webhook.base ?? null,
  path: webhook.path ?? null,
});

const brandOf = ({ brand_id, post }: Pick<WebhookAsWritten, 'brand_id' | 'post'>) =>
  brand_id ?? post?.brand_id;

/** The settings of a webhook without a feed, which are those of a feed that is never polled. */
const ownMapping = (id: string, webhook: WebhookAsWritten, { defaults, timezone }: Rest): FeedConfig => {
  const { brand_id, ...post } = { ...defaults.post, ...webhook.post };
  return {
    id,
    url: '',
    allowPrivate: false,
    timezone: webhook.timezone ?? defaults.timezone ?? timezone,
    rhythm: { everyMs: 0 },
    backfill: 0,
    maxAgeMs: maxAgeOf({ ...defaults, ...webhook }),
    publish: 'draft',
    whenUncertain: defaults.when_uncertain ?? 'auto',
    review: defaults.review ?? false,
    ...enrichOf(defaults),
    onEdit: defaults.on_edit ?? 'alert',
    paused: defaults.paused ?? false,
    dedupe: defaults.dedupe ?? 'brand',
    brandId: Number(brandOf(webhook) ?? brandOf(defaults)),
    caption: webhook.caption ?? defaults.caption ?? defaultCaption,
    post,
    editorial: resolveEditorial({ ...defaults, ...webhook }),
  };
};

const resolveWebhook = (id: string, webhook: WebhookAsWritten, rest: Rest): WebhookConfig => {
  const feed = rest.feeds.find((one) => one.id === webhook.feed);
  const base = feed ?? ownMapping(id, webhook, rest);
  const publish = webhook.publish ?? 'draft';
  return {
    id,
    from: webhook.from,
    secretNames: [webhook.secret_name].flat(),
    hasFeed: feed !== undefined,
    mapping: {
      ...base,
      publish,
      whenUncertain: webhook.when_uncertain ?? (publish === 'draft' ? base.whenUncertain : 'park'),
      review: webhook.review ?? base.review,
      ...enrichOf(webhook),
      onEdit: webhook.on_edit ?? base.onEdit,
      paused: webhook.paused ?? base.paused,
      ...(webhook.max_age !== undefined && { maxAgeMs: maxAgeOf(webhook) }),
      post: feed ? { ...base.post, ...webhook.post } : base.post,
    },
    options: optionsOf(webhook),
    staleAfterMs: parseDuration(webhook.stale_after ?? '') ?? usualStaleAfterMs,
  };
};

/** Merges each webhook with its feed or the defaults, and fills in what is missing. */
export const resolveWebhooks = (webhooks: Record<string, WebhookAsWritten>, rest: Rest): WebhookConfig[] =>
  Object.entries(webhooks).map(([id, webhook]) => resolveWebhook(id, webhook, rest));

import { defaultCaption } from '../captions/caption.ts';
import type { Config, FeedConfig } from './config.ts';
import { resolveAlerts } from './file/alerts-file.ts';
import { resolveConsole } from './file/console-file.ts';
import { resolveDeploy } from './file/deploy-file.ts';
import { resolveEditorial } from './file/editorial-file.ts';
import { enrichOf } from './file/enrich-file.ts';
import { resolveEvents } from './file/events-file.ts';
import type { FeedAsWritten, FeedDefaults, FeedsFile } from './file/feeds-file.ts';
import { loginOf } from './file/login-file.ts';
import { maxAgeOf, meanOf, rhythmOf } from './file/polling-file.ts';
import { resolveStages } from './file/stages-file.ts';
import { resolveWebhooks } from './resolve-webhooks.ts';

/** Posts per minute. The API grants a customer 1,000 requests per minute for all integrations together. */
const defaultRatePerMinute = 1_000;

const brandOf = (layer: FeedDefaults): number | undefined =>
  layer.brand_id ?? (layer.post?.brand_id as number | undefined);

const resolveFeed = (
  id: string,
  feed: FeedAsWritten,
  defaults: FeedDefaults,
  file: { timezone: string; meanMs: number },
): FeedConfig => {
  const set = { ...defaults, ...feed };
  const timezone = set.timezone ?? file.timezone;
  const login = loginOf(feed);
  const { brand_id, ...post } = { ...defaults.post, ...feed.post };
  return {
    id,
    url: feed.url,
    allowPrivate: set.allow_private ?? false,
    ...(login && { login }),
    timezone,
    rhythm: rhythmOf([feed, defaults], timezone, file.meanMs),
    backfill: set.backfill ?? 0,
    maxAgeMs: maxAgeOf(set),
    publish: set.publish ?? 'draft',
    whenUncertain: set.when_uncertain ?? 'auto',
    review: set.review ?? false,
    ...enrichOf(set),
    onEdit: set.on_edit ?? 'alert',
    paused: set.paused ?? false,
    dedupe: set.dedupe ?? 'brand',
    brandId: Number(brandOf(feed) ?? brandOf(defaults)),
    caption: set.caption ?? defaultCaption,
    post,
    editorial: resolveEditorial(set),
  };
};

/**
 * Merges each feed with the defaults (`post` field by field) and each webhook with its feed, and fills in what is
 * missing.
 */
export const resolveFeeds = (file: FeedsFile): Config => {
  const timezone = file.timezone ?? 'UTC';
  const defaults = file.defaults ?? {};
  const deploy = resolveDeploy(file);
  const feeds = Object.entries(file.feeds ?? {}).map(([id, feed]) =>
    resolveFeed(id, feed, defaults, { timezone, meanMs: meanOf(file) }),
  );
  return {
    timezone,
    dash: {
      lookUp: file.dash?.look_up ?? true,
      ...(file.dash?.check_media === false && { checkMedia: false }),
      ratePerMinute: file.dash?.rate_per_minute ?? defaultRatePerMinute,
    },
    ...(file.polling?.contact && { contact: file.polling.contact }),
    feeds,
    webhooks: resolveWebhooks(file.webhooks ?? {}, { feeds, defaults, timezone }),
    ...(file.stages && { stages: resolveStages(file.stages) }),
    ...(file.alerts && { alerts: resolveAlerts(file.alerts) }),
    ...(file.events && { events: resolveEvents(file.events) }),
    ...(file.console && { console: resolveConsole(file.console) }),
    ...(deploy && { deploy }),
  };
};

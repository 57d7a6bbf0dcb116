import { readFileSync } from 'node:fs';
import type { WebhookConfig } from '../../lib/core/config/config.ts';
import { noEditorial } from '../../lib/core/editorial/editorial.ts';
import type { Entry } from '../../lib/core/entries/entry.ts';
import type { SourceOptions } from '../../lib/core/webhooks/source-settings.ts';
import type { WebhookRequest } from '../../lib/core/webhooks/webhook.ts';
import type { SourceName } from '../../lib/webhooks/sources.ts';

/** 20 November 2026, 08:30 UTC, the publication time in every fixture. */
export const now = Date.UTC(2026, 10, 20, 8, 30);

export const noOptions: SourceOptions = {
  verify: null,
  when: null,
  map: {},
  fields: {},
  link: null,
  contentTypes: [],
  environment: null,
  locale: null,
  base: null,
  path: null,
};

export const webhookFrom = (from: SourceName, options: Partial<SourceOptions> = {}): WebhookConfig => ({
  id: `blog-${from}`,
  from,
  secretNames: [from],
  hasFeed: false,
  mapping: {
    id: `blog-${from}`,
    url: '',
    allowPrivate: false,
    timezone: 'UTC',
    rhythm: { everyMs: 0 },
    backfill: 0,
    maxAgeMs: null,
    publish: 'draft',
    whenUncertain: 'retry',
    review: false,
    onEdit: 'alert',
    paused: false,
    dedupe: 'brand',
    brandId: 144,
    caption: '{{ title }}',
    post: {},
    editorial: noEditorial,
  },
  options: { ...noOptions, ...options },
  staleAfterMs: 21_600_000,
});

export const requestOf = (body: string | Uint8Array, rest: Partial<WebhookRequest> = {}): WebhookRequest => ({
  method: 'POST',
  path: '/hooks/blog',
  query: {},
  headers: { 'content-type': 'application/json' },
  bytes: typeof body === 'string' ? new TextEncoder().encode(body) : body,
  ...rest,
});

/** A payload in the sender's documented format: the first publication of an entry. */
// biome-ignore lint/suspicious/noExplicitAny: tests bend payloads into every shape
export const payloadOf = (from: SourceName): any =>
  JSON.parse(readFileSync(new URL(`../fixtures/webhooks/${from}.json`, import.meta.url), 'utf8'));

export const bareEntry: Entry = {
  id: null,
  link: null,
  title: null,
  summary: null,
  content: null,
  author: null,
  categories: [],
  published: null,
  updated: null,
  image: null,
  images: [],
  video: null,
  enclosures: [],
};

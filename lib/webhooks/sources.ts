import type { Config } from '../core/config/config.ts';
import { misconfigured } from '../core/errors.ts';
import { contentful } from './contentful.ts';
import { directus } from './directus.ts';
import { generic } from './generic.ts';
import { ghost } from './ghost.ts';
import { github } from './github.ts';
import { hygraph } from './hygraph.ts';
import { sanity } from './sanity.ts';
import type { Source } from './source.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { storyblok } from './storyblok.ts';
import { strapi } from './strapi.ts';
import { webflow } from './webflow.ts';
import { wordpress } from './wordpress.ts';
import { zapier } from './zapier.ts';

/**
 * All supported content systems, in the order of the documentation. The check of feeds.yml, its JSON Schema, the
 * receiver, send-webhook, the documentation and the tests use this list.
 */
export const sources = [
  contentful,
  directus,
  ghost,
  github,
  hygraph,
  sanity,
  storyblok,
  strapi,
  webflow,
  wordpress,
  zapier,
  standardWebhooks,
  generic,
] as const;

export type SourceName = (typeof sources)[number]['name'];

/** The source with a name; throws config `webhook.unknown-source`. */
export const sourceNamed = (wanted: string): Source => {
  const source = sources.find(({ name }) => name === wanted);
  if (source) return source;
  throw misconfigured(
    'webhook.unknown-source',
    `This release has no webhook source "${wanted}": correct "from" in feeds.yml, then build and deploy again.`,
  );
};

/** Notes that `check` shows about valid webhook settings that may not be intended, each with the webhook's ID. */
export const webhookWarnings = ({ webhooks }: Config): string[] =>
  webhooks.flatMap(({ id, from, options }) =>
    (sourceNamed(from).warnings?.(options) ?? []).map((warning) => `${id} ${warning}`),
  );

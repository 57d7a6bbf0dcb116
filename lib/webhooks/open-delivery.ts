import { readPayload } from '../core/http-request.ts';
import type { OpenDelivery, Source, SourceName } from '../core/webhook.ts';
import { contentful } from './contentful.ts';
import { directus } from './directus.ts';
import { generic } from './generic.ts';
import { ghost } from './ghost.ts';
import { github } from './github.ts';
import { sanity } from './sanity.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { ignored } from './story.ts';
import { storyblok } from './storyblok.ts';
import { strapi } from './strapi.ts';
import { webflow } from './webflow.ts';
import { wordpress } from './wordpress.ts';
import { zapier } from './zapier.ts';

const sources: Record<SourceName, Source> = {
  'standard-webhooks': standardWebhooks,
  ghost,
  wordpress,
  contentful,
  sanity,
  strapi,
  webflow,
  github,
  generic,
  storyblok,
  directus,
  zapier,
};

/**
 * First the proof, over the bytes; then, and only then, what they say. A story without a link is ignored where
 * there is a feed: between a feed and its webhook the link alone tells that two are one.
 */
export const openDelivery: OpenDelivery = ({ from, options, hasFeed }, request, secrets, now) => {
  const source = sources[from];
  source.verify(request, secrets, options, now);

  const mapped = source.map({ headers: request.headers, payload: readPayload(request, source) }, options);
  if (mapped.kind === 'published' && hasFeed && mapped.entry.link === null) return ignored('no-link');
  return mapped;
};

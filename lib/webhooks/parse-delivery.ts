import { permanent } from '../core/errors.ts';
import { readPayload, refuseMoreThan, usualBodyBytes } from '../core/webhooks/http-request.ts';
import type { ParseDelivery, Source, SourceName, WebhookRequest } from '../core/webhooks/webhook.ts';
import { contentful } from './contentful.ts';
import { directus } from './directus.ts';
import { generic } from './generic.ts';
import { ghost } from './ghost.ts';
import { github } from './github.ts';
import { hygraph } from './hygraph.ts';
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
  hygraph,
  strapi,
  webflow,
  github,
  generic,
  storyblok,
  directus,
  zapier,
};

/** As many as are admitted well before a sender stops waiting. */
const mostStories = 25;

/**
 * First the size, then the proof, over the bytes; then, and only then, what they say. A story without a link is ignored where
 * there is a feed: between a feed and its webhook the link alone tells that two are one.
 */
export const parseDelivery: ParseDelivery = ({ from, options, hasFeed }, request, secrets, now) => {
  const source = sources[from];
  refuseMoreThan(source.mostBytes ?? usualBodyBytes, request.bytes.length);
  source.verify(request, secrets, options, now);

  const { headers } = request;
  const mapped = payloadsOf(source, request).map((payload) => source.map({ headers, payload }, options));
  if (mapped.length === 0) return [ignored('empty')];
  return mapped.map((one) =>
    one.kind === 'published' && hasFeed && one.entry.link === null ? ignored('no-link') : one,
  );
};

const payloadsOf = (source: Source, request: WebhookRequest): unknown[] => {
  const payload = readPayload(request, source);
  if (payload === null) return []; // what the content system was asked to send is nothing
  const payloads = source.stories?.(payload) ?? [payload];
  if (payloads.length <= mostStories) return payloads;
  throw permanent(
    'webhook.too-many',
    `The delivery holds ${payloads.length} stories, and at most ${mostStories} are taken at once; send it in parts.`,
  );
};

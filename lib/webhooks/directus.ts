import { mapWith } from './generic.ts';
import { at } from './payload.ts';
import { bearerRule } from './signature.ts';
import type { Source } from './source.ts';

/**
 * Directus, with a flow whose last step sends the whole item, or a list of items if several were changed at once.
 * docs/webhooks/directus.md describes the flow step by step. Besides our own field names, those of its templates are
 * read. https://directus.io/docs/guides/automate/flows
 */
export const directus: Source<'directus'> = {
  name: 'directus',
  title: 'Directus',
  trigger: 'a flow sends an item',
  takes: ['verify', 'when', 'map', 'link', 'base'],
  needs: [],
  lacks: [],
  signature: bearerRule,
  split: (payload) => {
    const items = at(payload, 'item');
    return Array.isArray(items) ? items.map((item) => ({ ...Object(payload), item })) : [payload];
  },
  map: mapWith({
    when: "item.status == 'published'",
    map: {
      id: 'item.id',
      title: 'item.title',
      link: 'item.link',
      slug: 'item.slug',
      summary: 'item.summary',
      content: 'item.content || item.body',
      author: 'item.author',
      image: 'item.image.id || item.image',
      video: 'item.video.id || item.video',
      categories: 'item.tags',
      published: 'item.date_published',
      updated: 'item.date_updated',
      media_ids: 'item.dash_media_ids',
    },
  }),
};

import { mapWith } from './generic.ts';
import { bearerRule } from './signature.ts';
import type { Source } from './source.ts';

/**
 * Zapier's "Webhooks by Zapier", and the HTTP steps of Make and n8n: the payload has our field names and a header has the
 * secret, as docs/webhooks/zapier.md describes.
 * https://help.zapier.com/hc/en-us/articles/8496326446989
 */
export const zapier: Source<'zapier'> = {
  name: 'zapier',
  title: 'Zapier, Make and n8n',
  trigger: 'your flow sends one',
  takes: ['verify', 'when', 'map', 'link', 'base'],
  needs: [],
  lacks: [],
  signature: bearerRule,
  split: (payload) => [payload].flat(),
  map: mapWith({
    when: null,
    map: {
      id: 'id',
      title: 'title',
      link: 'link',
      summary: 'summary',
      content: 'content',
      author: 'author',
      image: 'image',
      video: 'video',
      categories: 'categories',
      published: 'published',
      updated: 'updated',
      media_ids: 'media_ids',
    },
  }),
};

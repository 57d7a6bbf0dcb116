import { preset } from './generic.ts';
import { bearerRule } from './signature.ts';

/**
 * Zapier's "Webhooks by Zapier", and Make's and n8n's HTTP steps just as well: a person names the fields, so they
 * bear our names, and puts the secret into a header. docs/webhooks/zapier.md says how.
 * https://help.zapier.com/hc/en-us/articles/8496326446989
 */
export const zapier = preset({
  verify: bearerRule,
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
});

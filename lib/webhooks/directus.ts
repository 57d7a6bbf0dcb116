import { preset } from './generic.ts';
import { bearerRule } from './signature.ts';

/**
 * Directus, by a flow with the operation "Webhook / Request URL", whose headers and body a person writes:
 * docs/webhooks/directus.md says which.
 * https://directus.io/docs/guides/automate/flows
 */
export const directus = preset({
  verify: bearerRule,
  when: "item.status == 'published'",
  map: {
    id: 'item.id',
    title: 'item.title',
    link: 'item.link',
    summary: 'item.summary',
    content: 'item.content',
    author: 'item.author',
    image: 'item.image',
    categories: 'item.tags',
    published: 'item.date_published',
    updated: 'item.date_updated',
    media_ids: 'item.dash_media_ids',
  },
});

import type { FieldMap, FieldName } from '../core/webhooks/source-settings.ts';
import { ignored, isWantedType, publishedFromFields } from './mapping.ts';
import { at, plain } from './payload.ts';
import type { Source } from './source.ts';

/** The fields of Webflow's own collection "Blog Posts". */
const blogPost: FieldMap = {
  title: 'name',
  summary: 'post-summary',
  content: 'post-body',
  image: 'main-image',
};

/**
 * Webflow, trigger `collection_item_published`, which fires on every publication of an item. Only a webhook created by
 * an app (OAuth) is signed, with the app's client secret.
 * https://developers.webflow.com/data/docs/working-with-webhooks
 */
export const webflow: Source<'webflow'> = {
  name: 'webflow',
  title: 'Webflow',
  trigger: 'an item of a collection is published',
  takes: ['content_types', 'fields', 'link', 'base'],
  needs: ['content_types'],
  lacks: ['link', 'media_ids'],
  signature: {
    kind: 'hmac',
    algorithm: 'sha256',
    header: 'x-webflow-signature',
    encoding: 'hex',
    prefix: '',
    signed: '{timestamp}:{body}',
    timestampHeader: 'x-webflow-timestamp',
    unit: 'ms',
    idHeader: null,
  },
  map: ({ payload }, options) => {
    const event = at(payload, 'triggerType');
    const item = at(payload, 'payload');
    if (event === 'collection_item_deleted') return ignored('deleted');
    if (event === 'collection_item_unpublished') return ignored('unpublished');
    if (event !== 'collection_item_published') return ignored('other-event');
    if (!isWantedType(at(item, 'collectionId'), options)) return ignored('other-type');
    if (at(item, 'isArchived') === true) return ignored('archived');
    if (at(item, 'isDraft') === true) return ignored('draft');
    const read = (name: FieldName) => fieldOf(item, { ...blogPost, ...options.fields }, name);
    const values = Object(at(item, 'fieldData'));
    return publishedFromFields({ id: plain(at(item, 'id')), values, read }, options);
  },
};

const fieldOf = (item: unknown, fields: FieldMap, name: FieldName): unknown => {
  const value = at(item, 'fieldData', fields[name] ?? name);
  if (name === 'published') return value ?? at(item, 'lastPublished');
  return name === 'updated' ? (value ?? at(item, 'lastUpdated')) : value;
};

import type { SourceOptions } from '../core/webhooks/source-settings.ts';
import type { Mapped } from '../core/webhooks/webhook.ts';
import { ignored, published } from './mapping.ts';
import { at, fromHtml, isoDate, mediaUrl, names, plain, webUrl } from './payload.ts';
import type { Source } from './source.ts';

const wanted = ['post_create', 'post_update'];
const removed = ['post_delete', 'post_trash'];
const neverDated = '0000-00-00 00:00:00';

/**
 * WordPress with the plugin "WP Webhooks", triggers "Post created" and "Post updated", which also fire for drafts,
 * revisions and pages. The time is not signed, so a delivery can be replayed; it is then recognized by its ID.
 * https://wordpress.org/plugins/wp-webhooks/
 */
export const wordpress: Source<'wordpress'> = {
  name: 'wordpress',
  title: 'WordPress',
  trigger: 'a post is published',
  takes: ['content_types', 'base'],
  needs: [],
  lacks: ['media_ids'],
  signature: {
    kind: 'hmac',
    algorithm: 'sha256',
    header: 'x-wp-webhook-signature',
    encoding: 'base64',
    prefix: '',
    signed: '{body}',
    timestampHeader: null,
    unit: 's',
    idHeader: null,
  },
  headers: { 'x-wp-webhook-name': 'post_update' },
  map: ({ headers, payload }, options) => {
    const post = at(payload, 'post');
    const trigger = headers['x-wp-webhook-name'];
    if (trigger !== undefined && removed.includes(trigger)) return ignored('deleted');
    if (trigger !== undefined && !wanted.includes(trigger)) return ignored('other-event');
    if (post === undefined) return ignored('other-event');
    const types = options.contentTypes.length > 0 ? options.contentTypes : ['post'];
    if (!types.includes(String(at(post, 'post_type')))) return ignored('other-type');
    return mapPost(payload, trigger === 'post_create', options);
  },
};

const mapPost = (payload: unknown, created: boolean, options: SourceOptions): Mapped => {
  const post = at(payload, 'post');
  const status = at(post, 'post_status');
  const before = at(payload, 'post_before');
  const statusBefore = at(before, 'post_status');
  if (status === 'trash') return ignored('deleted');
  if (status !== 'publish') return ignored(statusBefore === 'publish' ? 'unpublished' : 'draft');
  if (plain(at(post, 'post_password')) !== null) return ignored('protected');
  if (statusBefore === 'publish') return ignored('update');
  const first = created || statusBefore === 'future' || at(before, 'post_date_gmt') === neverDated;
  return mapPublished(payload, first, options);
};

const mapPublished = (payload: unknown, first: boolean, { base }: SourceOptions): Mapped => {
  const post = at(payload, 'post');
  const link = webUrl(at(payload, 'post_permalink'));
  if (link === null) return ignored('no-link');
  const image = mediaUrl(at(payload, 'post_thumbnail'), base); // the boolean false when there is none
  return published(
    {
      id: plain(at(post, 'guid')) ?? plain(at(post, 'ID')), // the feed has the same guid
      link,
      title: fromHtml(at(post, 'post_title')),
      summary: fromHtml(at(post, 'post_excerpt')),
      content: fromHtml(at(post, 'post_content')),
      categories: ['category', 'post_tag'].flatMap((taxonomy) =>
        termsOf(at(payload, 'taxonomies', taxonomy)),
      ),
      published: isoDate(at(post, 'post_date_gmt')),
      updated: isoDate(at(post, 'post_modified_gmt')),
      image,
    },
    first,
  );
};

const termsOf = (terms: unknown): string[] =>
  names(typeof terms === 'object' && terms !== null ? Object.values(terms) : []);

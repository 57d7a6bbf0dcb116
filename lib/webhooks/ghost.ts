import { createHmac } from 'node:crypto';
import type { Entry } from '../core/entries/entry.ts';
import { largestBodyBytes } from '../core/webhooks/http-request.ts';
import type { SourceOptions } from '../core/webhooks/source-settings.ts';
import type { IgnoredReason, Mapped } from '../core/webhooks/webhook.ts';
import { ignored, published } from './mapping.ts';
import { at, fromHtml, isoDate, mediaUrl, names, plain, webUrl } from './payload.ts';
import { matchHeader, usableSecrets, verifyHmac } from './signature.ts';
import type { SignatureScheme, Source } from './source.ts';

const header = 'x-ghost-signature';

/**
 * The signature covers body and time. Versions that sign only the body are refused, because their deliveries could be
 * replayed.
 */
const signature: SignatureScheme = {
  verify: (request, secrets, _options, now) => {
    const keys = usableSecrets(secrets);
    const [claim = '', timestamp = ''] = matchHeader(
      request,
      header,
      /^sha256=([\da-f]{64}), t=(\d{12,14})$/,
    );
    const signed = [request.bytes, timestamp];
    verifyHmac(
      { algorithm: 'sha256', encoding: 'hex', signed, claims: [claim], at: Number(timestamp) },
      keys,
      now,
    );
  },
  sign: ({ body, secret, at: time }) => {
    const hmac = createHmac('sha256', secret).update(body).update(String(time));
    return { [header]: `sha256=${hmac.digest('hex')}, t=${time}` };
  },
};

/**
 * Ghost. Before Ghost 6, payloads do not name the event; it is derived from the changed fields.
 * https://docs.ghost.org/webhooks
 */
export const ghost: Source<'ghost'> = {
  name: 'ghost',
  title: 'Ghost',
  trigger: 'a post is published',
  takes: ['base'],
  needs: [],
  lacks: ['media_ids'],
  signature,
  maxBytes: largestBodyBytes, // a post comes with up to 25 revisions, each the whole text
  map: ({ payload }, options) => {
    const post = at(payload, 'post');
    const event = plain(at(payload, 'event'));
    if (post === undefined) return ignored('other-type'); // a page, a member, a tag
    if (event !== null && event !== 'post.published') return ignored(otherEvents[event] ?? 'other-event');
    return mapPost(post, event !== null, options);
  },
};

const otherEvents: Readonly<Record<string, IgnoredReason>> = {
  'post.edited': 'update',
  'post.published.edited': 'update',
  'post.unpublished': 'unpublished',
  'post.deleted': 'deleted',
  'post.scheduled': 'draft',
  'post.unscheduled': 'draft',
  'post.rescheduled': 'draft',
};

const mapPost = (post: unknown, isPublication: boolean, options: SourceOptions): Mapped => {
  const [current, previous] = [at(post, 'current'), at(post, 'previous')];
  const status = at(current, 'status');
  const before = at(previous, 'status');
  if (at(current, 'id') === undefined) return ignored('deleted');
  if (status !== 'published' && before === 'published') return ignored('unpublished');
  if (status === 'sent' || at(current, 'email_only') === true) return ignored('no-page');
  if (status !== 'published') return ignored('draft');
  // a post that was created and published in one step has no previous values
  const made = Object.keys(Object(previous)).length === 0;
  if (!made && !isPublication && before !== 'draft' && before !== 'scheduled') return ignored('update');
  // `published_at` changes with the first publication only: with a later one it is not among what changed
  const isFirst = before === 'scheduled' || at(previous, 'published_at') === null || (made && isPublication);
  return mapPublished(current, isFirst, options);
};

const mapPublished = (post: unknown, first: boolean, options: SourceOptions): Mapped => {
  const link = webUrl(at(post, 'url'));
  // Ghost's URL service lags behind: a new post may still be at /404/
  if (link === null || new URL(link).pathname.endsWith('/404/')) return ignored('no-page');
  return published({ id: plain(at(post, 'id')), link, ...textsOf(post), ...backOffOf(post, options) }, first);
};

/**
 * For a members-only post only the public fields, because everything else, including the generated excerpt, comes from
 * its body.
 */
const textsOf = (post: unknown): Partial<Entry> => {
  const known = { title: plain(at(post, 'title')), summary: plain(at(post, 'custom_excerpt')) };
  if ((at(post, 'visibility') ?? 'public') !== 'public') return known;
  return {
    ...known,
    summary: known.summary ?? plain(at(post, 'excerpt')) ?? plain(at(post, 'meta_description')),
    content: fromHtml(at(post, 'html')) ?? plain(at(post, 'plaintext')),
  };
};

const backOffOf = (post: unknown, { base }: SourceOptions): Partial<Entry> => ({
  author: plain(at(post, 'primary_author', 'name')) ?? plain(at(post, 'authors', 0, 'name')),
  categories: names(at(post, 'tags')).filter((tag) => !tag.startsWith('#')), // # marks Ghost's internal tags
  published: isoDate(at(post, 'published_at')),
  updated: isoDate(at(post, 'updated_at')),
  image: mediaUrl(at(post, 'feature_image'), base) ?? mediaUrl(at(post, 'og_image'), base),
});

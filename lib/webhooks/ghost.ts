import type { Entry } from '../core/entry.ts';
import type { Mapped, Source } from '../core/webhook.ts';
import { at, fromHtml, isoDate, names, plain, webUrl } from './payload.ts';
import { matchHeader, prove, usableSecrets } from './signature.ts';
import { ignored, published } from './story.ts';

const header = 'x-ghost-signature';

/**
 * Ghost. The time is signed together with the body; versions that sign the body alone are refused, because what
 * they send could be repeated for ever. Payloads name no event: it shows from what changed.
 * https://docs.ghost.org/webhooks
 */
export const ghost: Source = {
  verify: (request, secrets, _options, now) => {
    const keys = usableSecrets(secrets);
    const [claim = '', timestamp = ''] = matchHeader(
      request,
      header,
      /^sha256=([\da-f]{64}), t=(\d{12,14})$/,
    );
    const signed = [request.bytes, timestamp];
    prove(
      { algorithm: 'sha256', encoding: 'hex', signed, claims: [claim], at: Number(timestamp) },
      keys,
      now,
    );
  },
  map: ({ payload }) => {
    const post = at(payload, 'post');
    if (post === undefined) return ignored('other-type'); // a page, a member, a tag
    return mapPost(at(post, 'current'), at(post, 'previous'));
  },
};

const mapPost = (current: unknown, previous: unknown): Mapped => {
  const status = at(current, 'status');
  const before = at(previous, 'status');
  if (at(current, 'id') === undefined) return ignored('deleted');
  if (status !== 'published' && before === 'published') return ignored('unpublished');
  if (status === 'sent' || at(current, 'email_only') === true) return ignored('no-page');
  if (status !== 'published') return ignored('draft');
  // nothing changed in a post that was made and published in one step
  const made = Object.keys(Object(previous)).length === 0;
  if (!made && before !== 'draft' && before !== 'scheduled') return ignored('update');
  return mapPublished(current, before === 'scheduled' || at(previous, 'published_at') === null);
};

const mapPublished = (post: unknown, first: boolean): Mapped => {
  const link = webUrl(at(post, 'url'));
  // its own service of addresses lags behind: a post it does not know yet is at /404/
  if (link === null || new URL(link).pathname.endsWith('/404/')) return ignored('no-page');
  return published({ id: plain(at(post, 'id')), link, ...textsOf(post), ...restOf(post) }, first);
};

const textsOf = (post: unknown): Partial<Entry> => ({
  title: plain(at(post, 'title')),
  summary:
    plain(at(post, 'custom_excerpt')) ?? plain(at(post, 'excerpt')) ?? plain(at(post, 'meta_description')),
  content: fromHtml(at(post, 'html')) ?? plain(at(post, 'plaintext')),
});

const restOf = (post: unknown): Partial<Entry> => ({
  author: plain(at(post, 'primary_author', 'name')) ?? plain(at(post, 'authors', 0, 'name')),
  categories: names(at(post, 'tags')).filter((tag) => !tag.startsWith('#')), // # marks Ghost's internal tags
  published: isoDate(at(post, 'published_at')),
  updated: isoDate(at(post, 'updated_at')),
  image: webUrl(at(post, 'feature_image')) ?? webUrl(at(post, 'og_image')),
});

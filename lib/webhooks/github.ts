import { ignored, published } from './mapping.ts';
import { at, isoDate, plain, webUrl } from './payload.ts';
import type { Source } from './source.ts';

/**
 * GitHub releases. A release is sent as `published` and again as `released`; a pre-release that is promoted later only
 * as `released`. Both are accepted, and the second is recognized by its ID.
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#release
 */
export const github: Source<'github'> = {
  name: 'github',
  title: 'GitHub',
  trigger: 'a release is published',
  takes: [],
  needs: [],
  lacks: ['media_ids'],
  signature: {
    kind: 'hmac',
    algorithm: 'sha256',
    header: 'x-hub-signature-256',
    encoding: 'hex',
    prefix: 'sha256=',
    signed: '{body}',
    timestampHeader: null,
    unit: 's',
    idHeader: null,
  },
  headers: { 'x-github-event': 'release' },
  takesForms: true,
  map: ({ headers, payload }) => {
    const release = at(payload, 'release');
    const action = at(payload, 'action');
    if (headers['x-github-event'] === 'ping') return ignored('ping');
    if (release === undefined) return ignored('other-event');
    if (action === 'deleted') return ignored('deleted');
    if (action === 'unpublished') return ignored('unpublished');
    if (action === 'edited') return ignored('update');
    if (at(release, 'draft') === true) return ignored('draft');
    if (at(release, 'prerelease') === true) return ignored('prerelease');
    if (action !== 'published' && action !== 'released') return ignored('other-event');
    return published(
      {
        id: plain(at(release, 'node_id')) ?? plain(at(release, 'id')),
        link: webUrl(at(release, 'html_url')),
        title: plain(at(release, 'name')) ?? plain(at(release, 'tag_name')),
        content: plain(at(release, 'body')),
        author: plain(at(release, 'author', 'login')),
        published: isoDate(at(release, 'published_at')),
        updated: isoDate(at(release, 'updated_at')),
      },
      true,
    );
  },
};

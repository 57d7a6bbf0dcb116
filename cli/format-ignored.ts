import type { IgnoredReason } from '../lib/core/webhooks/webhook.ts';

/** Why an authentic delivery makes no draft, and which setting decides that. */
export const ignoredTexts: Readonly<Record<IgnoredReason, string>> = {
  ping: 'a connection check of the content system',
  test: 'a test of the content system',
  empty: 'the payload is empty',
  'other-event': 'the event is not a publication',
  'other-type': 'its content type is not wanted: see `content_types`',
  'other-environment': 'it is from another environment: see `environment`',
  'other-locale': 'it is in another locale: see `locale`',
  draft: 'it is not published yet',
  prerelease: 'it is a pre-release',
  protected: 'it has a password',
  unpublished: 'it was unpublished',
  archived: 'it is archived',
  deleted: 'it is deleted',
  update: 'it is an update, and only a first publication becomes a draft',
  'not-wanted': '`when` is false for it',
  paused: 'the webhook is paused, so the entry comes from its feed',
  'no-page': 'it has no page on the site',
  'no-link': 'it has no usable link by which its feed could recognize it: see `link` and `map`',
  'no-identity': 'it has neither ID nor link: see `map`, `fields` and `link`',
  'no-text': 'it has no title, summary or content: see `map` and `fields`',
};

import type { IgnoredReason } from '../lib/core/webhooks/webhook.ts';

/** Why an authentic delivery makes no draft, and where that is decided, for who tries a mapping. */
export const ignoredWords: Readonly<Record<IgnoredReason, string>> = {
  ping: 'the system only asks whether anybody is there',
  test: 'it is a test of the system',
  empty: 'there is nothing in it',
  'other-event': 'it tells of something else than a publication',
  'other-type': 'it is of a type that is not wanted: see `content_types`',
  'other-environment': 'it is of another environment: see `environment`',
  'other-locale': 'it is in another language: see `locale`',
  draft: 'it is not published yet',
  prerelease: 'it is a pre-release',
  protected: 'it has a password',
  unpublished: 'it is published no more',
  archived: 'it is archived',
  deleted: 'it is deleted',
  update: 'it was published before: only a first publication becomes a draft',
  'not-wanted': '`when` is false for it',
  paused: 'the webhook is paused, and leaves the story to its feed',
  'no-page': 'it has no page on the site',
  'no-link': 'no usable link was found, by which its feed could recognise it: see `link` and `map`',
  'no-identity': 'neither id nor link was found: see `map`, `fields` and `link`',
  'no-text': 'neither title, summary nor content was found: see `map` and `fields`',
};

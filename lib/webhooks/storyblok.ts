import { mapWith } from './generic.ts';
import { ignored } from './mapping.ts';
import { at, plain } from './payload.ts';
import type { Source } from './source.ts';

const mapStory = mapWith({
  when: "action == 'published' && story_id",
  map: {
    id: 'story_id',
    title: 'title',
    slug: 'full_slug',
    published: 'story.first_published_at',
  },
});

/**
 * Storyblok, trigger "Story published". Usually the payload has no fields of the story; its name is only in the
 * sentence `text`, before the slug. A payload with `story` has the name there.
 * https://www.storyblok.com/docs/concepts/webhooks
 */
export const storyblok: Source<'storyblok'> = {
  name: 'storyblok',
  title: 'Storyblok',
  trigger: 'a story is published',
  takes: ['verify', 'when', 'map', 'link', 'base'],
  needs: [],
  lacks: ['link', 'media_ids'],
  signature: {
    kind: 'hmac',
    algorithm: 'sha1',
    header: 'webhook-signature',
    encoding: 'hex',
    prefix: '',
    signed: '{body}',
    timestampHeader: null,
    unit: 's',
    idHeader: null,
  },
  map: ({ headers, payload }, options) => {
    const action = at(payload, 'action');
    if (action === 'unpublished') return ignored('unpublished');
    if (action === 'deleted') return ignored('deleted');
    return mapStory({ headers, payload: completed(payload) }, options);
  },
};

/** The payload with the values of its `story`, or of its sentence, in the usual places. */
const completed = (payload: unknown): object => ({
  ...Object(payload),
  story_id: at(payload, 'story_id') ?? at(payload, 'story', 'id'),
  full_slug: at(payload, 'full_slug') ?? at(payload, 'story', 'full_slug'),
  title: plain(at(payload, 'story', 'name')) ?? nameIn(plain(at(payload, 'text')) ?? ''),
});

/** From "… published the Story NAME (slug)"; names may contain brackets, slugs do not. */
const nameIn = (text: string): string | null => {
  const [sentence = ''] = text.split('\n', 1);
  const [, name = ''] = sentence.split(' published the Story ', 2);
  return plain(name.slice(0, Math.max(0, name.lastIndexOf(' ('))));
};

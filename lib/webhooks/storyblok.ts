import type { HmacRule, Source } from '../core/webhooks/webhook.ts';
import { preset } from './generic.ts';
import { at, plain } from './payload.ts';
import { ignored } from './story.ts';

export const storyblokRule: HmacRule = {
  kind: 'hmac',
  algorithm: 'sha1',
  header: 'webhook-signature',
  encoding: 'hex',
  prefix: '',
  signed: '{body}',
  timestampHeader: null,
  unit: 's',
  idHeader: null,
};

const base = preset({
  verify: storyblokRule,
  when: "action == 'published' && story_id",
  map: {
    id: 'story_id',
    title: 'title',
    slug: 'full_slug',
    published: 'story.first_published_at',
  },
});

/**
 * Storyblok, trigger "Story published". Usually it sends no fields of the story, and its name stands in the sentence
 * `text` alone, before the slug; where a `story` comes along, that has the name.
 * https://www.storyblok.com/docs/concepts/webhooks
 */
export const storyblok: Source = {
  verify: base.verify,
  map: ({ headers, payload }, options) => {
    const action = at(payload, 'action');
    if (action === 'unpublished') return ignored('unpublished');
    if (action === 'deleted') return ignored('deleted');
    return base.map({ headers, payload: completed(payload) }, options);
  },
};

/** The payload with what stands in its `story`, or in its sentence, at the usual places. */
const completed = (payload: unknown): object => ({
  ...Object(payload),
  story_id: at(payload, 'story_id') ?? at(payload, 'story', 'id'),
  full_slug: at(payload, 'full_slug') ?? at(payload, 'story', 'full_slug'),
  title: plain(at(payload, 'story', 'name')) ?? nameIn(plain(at(payload, 'text')) ?? ''),
});

/** From "… published the Story NAME (slug)"; names may hold brackets, slugs do not. */
const nameIn = (text: string): string | null => {
  const [sentence = ''] = text.split('\n', 1);
  const [, name = ''] = sentence.split(' published the Story ', 2);
  return plain(name.slice(0, Math.max(0, name.lastIndexOf(' ('))));
};

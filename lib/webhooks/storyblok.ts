import type { HmacRule, Source } from '../core/webhook.ts';
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
  map: { id: 'story_id', title: 'title' },
});

/**
 * Storyblok, trigger "Story published". It sends no fields of the story; its name stands in the sentence `text`,
 * before the slug, and nowhere else.
 * https://www.storyblok.com/docs/concepts/webhooks
 */
export const storyblok: Source = {
  verify: base.verify,
  map: ({ headers, payload }, options) => {
    const action = at(payload, 'action');
    if (action === 'unpublished') return ignored('unpublished');
    if (action === 'deleted') return ignored('deleted');
    return base.map({ headers, payload: { ...(payload as object), title: nameOf(payload) } }, options);
  },
};

const nameOf = (payload: unknown): string | null => {
  const text = plain(at(payload, 'text')) ?? '';
  const [, name] = text.split(' published the Story ', 2);
  const slug = plain(at(payload, 'full_slug'));
  const end = name === undefined || slug === null ? -1 : name.lastIndexOf(` (${slug})`);
  return end > 0 ? plain(name?.slice(0, end)) : null;
};

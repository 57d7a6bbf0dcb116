import { describe, expect, test } from 'vitest';
import type { SourceName, SourceOptions } from '../../lib/core/webhooks/webhook.ts';
import { hookWorld, requestFor } from '../support/hook-world.ts';
import { now, payloadOf, webhookFrom } from './delivery.ts';

const secret = 'a1'.repeat(32);
const old = '2019-03-01T09:00:00Z';

type Dated = [
  from: SourceName,
  outcome: 'held' | 'baselined',
  options: Partial<SourceOptions>,
  date: (payload: ReturnType<typeof payloadOf>) => void,
];

const link = 'https://www.example.com/{{ slug }}';
const byDate = { link, fields: { published: 'date' } };

/**
 * Where each system that can tell has the date of an old story: by itself, or in a field that its page has a person name.
 * Held is what is said to be published for the first time: date and claim disagree.
 */
const sources: Dated[] = [
  ['ghost', 'held', {}, ({ post }) => Object.assign(post.current, { published_at: old })],
  ['wordpress', 'held', {}, ({ post }) => Object.assign(post, { post_date_gmt: '2019-03-01 09:00:00' })],
  [
    'contentful',
    'held',
    { link, fields: { title: 'headline' } },
    ({ sys }) => Object.assign(sys, { firstPublishedAt: old }),
  ],
  [
    'contentful',
    'held',
    { link, fields: { title: 'headline', published: 'date' } },
    ({ fields }) => Object.assign(fields, { date: { 'en-US': old } }),
  ],
  ['sanity', 'held', { link }, (payload) => Object.assign(payload, { published: old })],
  [
    'sanity',
    'baselined',
    { link },
    (payload) => Object.assign(payload, { published: null, firstPublish: undefined, _createdAt: old }),
  ],
  ['hygraph', 'baselined', byDate, ({ data }) => Object.assign(data, { date: old })],
  ['strapi', 'baselined', byDate, ({ entry }) => Object.assign(entry, { date: old })],
  ['webflow', 'baselined', byDate, ({ payload }) => Object.assign(payload.fieldData, { date: old })],
  ['github', 'held', {}, ({ release }) => Object.assign(release, { published_at: old })],
  [
    'storyblok',
    'baselined',
    { link: 'https://www.example.com/{{ full_slug }}' },
    (payload) => Object.assign(payload, { story: { first_published_at: old } }),
  ],
  ['directus', 'baselined', { link }, ({ item }) => Object.assign(item, { date_published: old })],
  ['zapier', 'baselined', {}, (payload) => Object.assign(payload, { published: old })],
  [
    'generic',
    'baselined',
    {
      verify: { kind: 'header', header: 'x-key', prefix: '' },
      map: { id: 'post.id', title: 'post.title', published: 'post.published' },
    },
    ({ post }) => Object.assign(post, { published: old }),
  ],
  [
    'standard-webhooks',
    'baselined',
    { map: { id: 'data.id', title: 'data.title', published: 'timestamp' } },
    (payload) => Object.assign(payload, { timestamp: old }),
  ],
];

const received = async (from: SourceName, options: Partial<SourceOptions>, payload: unknown) => {
  const made = webhookFrom(from, options);
  const webhook = { ...made, mapping: { ...made.mapping, maxAgeMs: 30 * 86_400_000 } };
  const w = hookWorld([webhook], [], { clock: () => now, secret: async () => secret });
  w.state.now = now;
  const { outcome } = await w.receive(requestFor(webhook, JSON.stringify(payload), now, secret), webhook.id);
  return { outcome, why: w.rows()[0]?.history.at(-1)?.code };
};

describe('[27] a story of years ago that an import or a second publication sends', () => {
  test.each(sources)('is no news from %s: %s, with %j', async (from, outcome, options, date) => {
    const payload = payloadOf(from);
    const fresh = await received(from, options, payload);
    date(payload);

    expect(fresh).toEqual({ outcome: 'queued', why: 'entry.webhook' });
    expect(await received(from, options, payload)).toEqual({ outcome, why: 'entry.old-news' });
  });
});

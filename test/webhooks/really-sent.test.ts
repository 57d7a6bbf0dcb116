import { describe, expect, test } from 'vitest';
import type { SourceOptions } from '../../lib/core/webhooks/source-settings.ts';
import type { Mapped } from '../../lib/core/webhooks/webhook.ts';
import { parseDelivery } from '../../lib/webhooks/parse-delivery.ts';
import { signDelivery } from '../../lib/webhooks/sign-delivery.ts';
import type { SourceName } from '../../lib/webhooks/sources.ts';
import { now, requestOf, webhookFrom } from './delivery.ts';

/**
 * Deliveries in the format that Ghost 6.65, Strapi 5.54 and 4 and Directus 12.4 actually sent, in addition to
 * the publications in test/fixtures/webhooks: the same keys and headers, with other texts.
 */

const secret = 'a secret of the blog';
const options: Partial<Record<SourceName, Partial<SourceOptions>>> = {
  strapi: {
    contentTypes: ['article'],
    link: 'https://www.example.com/{{ slug }}',
    base: 'https://cms.example.com',
    fields: { image: 'cover', categories: 'category' },
  },
};

const opened = (from: SourceName, body: string, headers: Record<string, string>): Mapped | undefined => {
  const webhook = webhookFrom(from, options[from]);
  const bytes = new TextEncoder().encode(body);
  const signed = signDelivery(webhook, { body: bytes, secret, at: now, path: '/hooks/blog', id: '1' });
  return parseDelivery(
    webhook,
    requestOf(bytes, { headers: { ...headers, ...signed.headers } }),
    [secret],
    now,
  )[0];
};

const ghost = (payload: unknown) =>
  opened('ghost', JSON.stringify(payload), {
    'user-agent': 'Ghost(https://github.com/TryGhost/Ghost)',
    'content-type': 'application/json',
    'content-version': 'v6.65',
  });
const strapi = (payload: { event: string } & Record<string, unknown>) =>
  opened('strapi', JSON.stringify(payload), {
    'x-strapi-event': payload.event,
    'content-type': 'application/json',
    'user-agent': 'node',
    'sec-fetch-mode': 'cors',
  });
const directus = (body: string, contentType = 'application/json') =>
  opened('directus', body, {
    accept: 'application/json, text/plain, */*',
    'content-type': contentType,
    'user-agent': 'axios/1.18.1',
  });

const ignoredAs = (reason: string) => ({ kind: 'ignored', reason });
const times = { createdAt: '2026-11-20T07:00:00.000Z', updatedAt: '2026-11-20T08:29:00.000Z' };
const published = { ...times, publishedAt: '2026-11-20T08:30:00.000Z' };

describe('Ghost', () => {
  const post = {
    id: '65f1c0ffee0000000000a009',
    title: 'Glaze notes',
    status: 'published',
    visibility: 'public',
    html: '<p>Two coats.</p>',
    plaintext: 'Two coats.',
    published_at: '2026-11-20T08:30:00.000Z',
    slug: 'glaze-notes',
    custom_excerpt: null,
    tags: [],
    excerpt: 'Two coats.',
    url: 'https://blog.example.com/glaze-notes/',
  };
  const sent = (current: object, previous: object = {}) => ({
    event: 'post.published',
    post: { current, previous },
  });

  test('a post created and published in one step is a first publication', () => {
    expect(ghost(sent(post))).toMatchObject({ kind: 'published', firstPublished: true });
  });

  test('a post published again is not a first publication, because its date is not among the changes', () => {
    const previous = { status: 'draft', updated_at: '2026-11-20T08:00:00.000Z' };

    expect(ghost(sent(post, previous))).toMatchObject({ kind: 'published', firstPublished: false });
  });

  test('a post for paying members is mapped to its title only', () => {
    const mapped = ghost(sent({ ...post, visibility: 'paid' }));

    expect(mapped).toMatchObject({ entry: { title: 'Glaze notes', summary: null, content: null } });
    expect(JSON.stringify(mapped)).not.toContain('Two coats');
  });

  test.each([
    [
      'a deleted post without fields',
      { event: 'post.deleted', post: { current: {}, previous: { tags: [], authors: [] } } },
      'deleted',
    ],
    [
      'a page',
      {
        event: 'page.published',
        page: { current: { ...post, show_title_and_feature_image: true }, previous: {} },
      },
      'other-type',
    ],
    ['a site change', { event: 'site.changed' }, 'other-type'],
  ])('%s is ignored', (_, payload, reason) => {
    expect(ghost(payload)).toEqual(ignoredAs(reason));
  });
});

describe('Strapi', () => {
  const article = {
    event: 'entry.publish',
    createdAt: '2026-11-20T08:30:01.000Z',
    model: 'article',
    uid: 'api::article.article',
  };
  const entry = {
    documentId: 'z1y2x3w4v5u6t7s8r9q0ponm',
    title: 'Glaze notes',
    slug: 'glaze-notes',
    ...published,
  };
  const cover = {
    id: 2,
    name: 'kiln.png',
    formats: null,
    ext: '.png',
    mime: 'image/png',
    url: '/uploads/kiln_1.png',
    provider: 'local',
  };

  test('version 5 without localization sends no locale, and its entry is accepted', () => {
    const category = { id: 2, documentId: 'c1', name: 'Glaze', ...published };

    expect(strapi({ ...article, entry: { id: 12, ...entry, cover, category } })).toMatchObject({
      firstPublished: false,
      entry: {
        id: `article:${entry.documentId}`,
        categories: ['Glaze'],
        image: 'https://cms.example.com/uploads/kiln_1.png',
        published: published.publishedAt,
      },
    });
  });

  test('version 5 with localization is accepted in the default locale only', () => {
    expect(strapi({ ...article, entry: { id: 5, ...entry, locale: 'en' } })).toMatchObject({
      kind: 'published',
    });
    expect(strapi({ ...article, entry: { id: 6, ...entry, locale: 'de' } })).toEqual(
      ignoredAs('other-locale'),
    );
  });

  test('version 4 has an ID but no documentId', () => {
    const { documentId: _, ...old } = entry;

    expect(strapi({ ...article, entry: { id: 12, ...old, cover } })).toMatchObject({
      entry: { id: 'article:12' },
    });
  });

  test('without drafts sends an entry with its date when it is created', () => {
    expect(strapi({ ...article, event: 'entry.create', entry: { id: 1, ...entry } })).toMatchObject({
      kind: 'published',
      firstPublished: true,
    });
  });

  test.each([
    ['the “Trigger” button', { event: 'trigger-test', createdAt: '2026-11-20T08:30:01.000Z' }, 'test'],
    [
      'an upload',
      { event: 'media.create', createdAt: '2026-11-20T08:30:01.000Z', media: cover },
      'other-event',
    ],
    [
      'another type',
      { ...article, event: 'entry.create', model: 'note', uid: 'api::note.note', entry: { id: 1, ...entry } },
      'other-type',
    ],
  ])('%s is ignored', (_, payload, reason) => {
    expect(strapi(payload)).toEqual(ignoredAs(reason));
  });
});

describe('Directus', () => {
  /** The body of a flow that was typed value by value, in quotes. */
  const pasted = (title: string) =>
    `{ "item": { "id": "2", "status": "published", "title": "${title}", "link": "https://www.example.com/2", "summary": "null", "content": null, "image": "https://cms.example.com/assets/null", "tags": ["Glaze"], "date_published": "2026-11-20T08:30:00.000Z", "dash_media_ids": [] } }`;

  test('a body of single values is mapped without those pasted as null', () => {
    const mapped = directus(pasted('Glaze notes'));

    expect(mapped).toMatchObject({ entry: { id: '2', summary: null, image: null, categories: ['Glaze'] } });
    expect(mapped).not.toHaveProperty('mediaIds');
  });

  test('a body of single values with a quote or a line break is unreadable', () => {
    for (const title of ['The "blue" one', 'Two\nlines'])
      for (const type of ['application/json', 'application/x-www-form-urlencoded'])
        expect(() => directus(pasted(title), type)).toThrow(
          expect.objectContaining({ kind: 'permanent', code: 'webhook.unreadable' }),
        );
  });

  test('a body with the whole item keeps its texts unchanged', () => {
    const item = {
      id: 17,
      status: 'published',
      title: 'The "blue" one',
      link: 'https://www.example.com/17',
      summary: 'Two\nlines',
      body: null,
      tags: ['Glaze'],
      image: null,
    };

    expect(directus(`{ "item": ${JSON.stringify(item)} }`)).toMatchObject({
      entry: { id: '17', title: 'The "blue" one', summary: 'Two\nlines', content: null },
    });
  });
});

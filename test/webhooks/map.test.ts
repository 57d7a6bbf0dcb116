import { describe, expect, test } from 'vitest';
import type { Mapped, SourceName, SourceOptions } from '../../lib/core/webhooks/webhook.ts';
import { contentful } from '../../lib/webhooks/contentful.ts';
import { directus } from '../../lib/webhooks/directus.ts';
import { generic } from '../../lib/webhooks/generic.ts';
import { ghost } from '../../lib/webhooks/ghost.ts';
import { github } from '../../lib/webhooks/github.ts';
import { hygraph } from '../../lib/webhooks/hygraph.ts';
import { sanity } from '../../lib/webhooks/sanity.ts';
import { standardWebhooks } from '../../lib/webhooks/standard-webhooks.ts';
import { storyblok } from '../../lib/webhooks/storyblok.ts';
import { strapi } from '../../lib/webhooks/strapi.ts';
import { webflow } from '../../lib/webhooks/webflow.ts';
import { wordpress } from '../../lib/webhooks/wordpress.ts';
import { zapier } from '../../lib/webhooks/zapier.ts';
import { bareEntry, noOptions, payloadOf } from './delivery.ts';

const sources = {
  ghost,
  wordpress,
  contentful,
  sanity,
  hygraph,
  strapi,
  webflow,
  github,
  generic,
  'standard-webhooks': standardWebhooks,
  storyblok,
  directus,
  zapier,
};

const usual: Partial<Record<SourceName, Partial<SourceOptions>>> = {
  contentful: {
    contentTypes: ['article'],
    fields: { title: 'headline', summary: 'teaser', content: 'body', image: 'hero', categories: 'topics' },
    link: 'https://www.example.com/{{ slug }}',
  },
  sanity: { link: 'https://www.example.com/{{ slug }}' },
  hygraph: {
    contentTypes: ['Article'],
    fields: { summary: 'excerpt' },
    link: 'https://www.example.com/{{ slug }}',
  },
  strapi: {
    contentTypes: ['article'],
    fields: { summary: 'description', image: 'cover' },
    link: 'https://www.example.com/{{ slug }}',
    base: 'https://cms.example.com',
  },
  webflow: { contentTypes: ['65f1c0ffee0000000000c001'], link: 'https://www.example.com/blog/{{ slug }}' },
  generic: {
    when: "event == 'publish'",
    map: {
      id: 'post.id',
      title: 'post.title',
      link: 'post.url',
      summary: 'post.excerpt',
      categories: 'post.tags',
      published: 'post.published',
      video: 'post.video',
      media_ids: 'post.dash_media_ids',
    },
  },
  'standard-webhooks': {
    when: "type == 'article.published'",
    map: { id: 'data.id', title: 'data.title', link: 'data.url', published: 'timestamp' },
  },
  directus: { link: 'https://www.example.com/{{ slug }}' },
  storyblok: { link: 'https://www.example.com/{{ full_slug }}' },
};

const headersOf: Partial<Record<SourceName, Record<string, string>>> = {
  contentful: { 'x-contentful-topic': 'ContentManagement.Entry.publish' },
  github: { 'x-github-event': 'release' },
  wordpress: { 'x-wp-webhook-name': 'post_update' },
  sanity: { 'sanity-operation': 'create' },
};

/** A bent delivery: other values at dotted paths of the payload (undefined: none), or another payload. */
type Bent = {
  set?: Record<string, unknown>;
  payload?: unknown;
  headers?: Record<string, string>;
  options?: Partial<SourceOptions>;
};

const withSet = (payload: ReturnType<typeof payloadOf>, set: Record<string, unknown>) => {
  for (const [path, value] of Object.entries(set)) {
    const keys = path.split('.');
    const last = String(keys.pop());
    const parent = keys.reduce((node, key) => node[key], payload);
    parent[last] = value;
  }
  return JSON.parse(JSON.stringify(payload));
};

const read = (from: SourceName, { set = {}, payload, headers, options }: Bent = {}): Mapped =>
  sources[from].map(
    {
      headers: { ...headersOf[from], ...headers },
      payload: payload ?? withSet(payloadOf(from), set),
    },
    { ...noOptions, ...usual[from], ...options },
  );

const entryOf = (mapped: Mapped) => (mapped.kind === 'published' ? mapped.entry : mapped);
const ignoredAs = (reason: string) => ({ kind: 'ignored', reason });

describe('the first publication of a story, as each source tells of it', () => {
  test('ghost', () => {
    expect(read('ghost')).toEqual({
      kind: 'published',
      firstPublished: true,
      entry: {
        ...bareEntry,
        id: '65f1c0ffee0000000000a001',
        link: 'https://blog.example.com/cheese-crackers/',
        title: 'Cheese & Crackers < 5 €',
        summary: 'A board for two, in ten minutes.',
        content: 'Bread first.\n\nThen cheese.',
        author: 'Editor One',
        categories: ['Recipes'],
        published: '2026-11-20T08:30:00.000Z',
        updated: '2026-11-20T08:30:01.000Z',
        image: 'https://blog.example.com/content/images/cheese.jpg',
        images: ['https://blog.example.com/content/images/cheese.jpg'],
      },
    });
  });

  test('wordpress', () => {
    expect(read('wordpress')).toEqual({
      kind: 'published',
      firstPublished: true,
      entry: {
        ...bareEntry,
        id: 'https://www.example.com/?p=4711',
        link: 'https://www.example.com/2026/11/cheese-crackers/',
        title: 'Cheese & Crackers',
        summary: 'A board for two.',
        content: 'Bread & cheese.',
        categories: ['Recipes', 'Cheese'],
        published: '2026-11-20T08:30:00.000Z',
        updated: '2026-11-20T08:30:00.000Z',
        image: 'https://www.example.com/wp-content/uploads/cheese.jpg',
        images: ['https://www.example.com/wp-content/uploads/cheese.jpg'],
      },
    });
  });

  test('contentful', () => {
    expect(read('contentful')).toEqual({
      kind: 'published',
      firstPublished: true,
      entry: {
        ...bareEntry,
        id: '5KsDBWseXY6QegucYAoacS',
        link: 'https://www.example.com/cheese-crackers',
        title: 'Cheese & Crackers',
        summary: 'A board for two.',
        content: 'Bread first.\n\nThen cheese.',
        categories: ['Recipes', 'Cheese'],
        published: '2026-11-20T08:30:00.200Z',
        updated: '2026-11-20T08:30:00.200Z',
      },
    });
  });

  test('sanity', () => {
    expect(read('sanity')).toEqual({
      kind: 'published',
      firstPublished: true,
      entry: {
        ...bareEntry,
        id: 'b7f2c9f4-6f5e-4d5f-a3a0-3f3b7a1c2d4e',
        link: 'https://www.example.com/cheese-crackers',
        title: 'Cheese & Crackers',
        summary: 'A board for two.',
        content: 'Bread first. Then cheese.',
        author: 'Editor One',
        categories: ['Recipes'],
        published: '2026-11-20T08:30:00.000Z',
        updated: '2026-11-20T08:30:00.000Z',
        image: 'https://cdn.sanity.io/images/abc/production/cheese-1200x800.jpg',
        images: ['https://cdn.sanity.io/images/abc/production/cheese-1200x800.jpg'],
      },
    });
  });

  test('hygraph, which cannot tell that it is the first', () => {
    expect(read('hygraph')).toEqual({
      kind: 'published',
      firstPublished: false,
      entry: {
        ...bareEntry,
        id: 'cl8x1y2z3000001l4a1b2c3d4',
        link: 'https://www.example.com/cheese-crackers',
        title: 'Cheese & Crackers',
        summary: 'A board for two.',
        content: 'Bread first.\n\nThen cheese.',
        categories: ['Recipes'],
        published: '2026-11-20T08:30:00.100Z',
        updated: '2026-11-20T08:29:00.652Z',
      },
    });
  });

  test('strapi, which cannot tell that it is the first', () => {
    expect(read('strapi')).toEqual({
      kind: 'published',
      firstPublished: false,
      entry: {
        ...bareEntry,
        id: 'article:a1b2c3d4e5f6g7h8i9j0klm',
        link: 'https://www.example.com/cheese-crackers',
        title: 'Cheese & Crackers',
        summary: 'A board for two.',
        content: 'Bread first.\n\nThen cheese.',
        author: 'Editor One',
        categories: ['Recipes'],
        published: '2026-11-20T08:30:00.000Z',
        updated: '2026-11-20T08:30:00.000Z',
        image: 'https://cms.example.com/uploads/hero_5f3a9c21e0.png',
        images: ['https://cms.example.com/uploads/hero_5f3a9c21e0.png'],
      },
    });
  });

  test('webflow, which cannot tell that it is the first', () => {
    expect(read('webflow')).toEqual({
      kind: 'published',
      firstPublished: false,
      entry: {
        ...bareEntry,
        id: '65f1c0ffee0000000000b001',
        link: 'https://www.example.com/blog/cheese-crackers',
        title: 'Cheese & Crackers',
        summary: 'A board for two.',
        content: 'Bread first.\n\nThen cheese.',
        published: '2026-11-20T08:30:00.000Z',
        updated: '2026-11-20T08:29:00.000Z',
        image: 'https://cdn.example.com/cheese.jpg',
        images: ['https://cdn.example.com/cheese.jpg'],
      },
    });
  });

  test('github', () => {
    expect(read('github')).toEqual({
      kind: 'published',
      firstPublished: true,
      entry: {
        ...bareEntry,
        id: 'RE_kwDOAAAA1001',
        link: 'https://github.com/example/tool/releases/tag/v2.0.0',
        title: 'Two <fast> & small',
        content: '## New\n\n- Half the size',
        author: 'maintainer-one',
        published: '2026-11-20T08:30:00.000Z',
      },
    });
  });

  test('generic, with its media', () => {
    expect(read('generic')).toEqual({
      kind: 'published',
      firstPublished: false,
      mediaIds: [621242772],
      entry: {
        ...bareEntry,
        id: '77',
        link: 'https://www.example.com/cheese-crackers',
        title: 'Cheese & Crackers',
        summary: 'A board for two.',
        categories: ['Recipes', 'Cheese'],
        published: '2026-11-20T08:30:00.000Z',
        video: { url: 'https://cdn.example.com/cheese.mp4', type: null, length: null, durationS: null },
      },
    });
  });

  test('standard-webhooks', () => {
    expect(read('standard-webhooks')).toEqual({
      kind: 'published',
      firstPublished: false,
      entry: {
        ...bareEntry,
        id: 'art_77',
        link: 'https://www.example.com/cheese-crackers',
        title: 'Cheese & Crackers',
        published: '2026-11-20T08:30:00.000Z',
      },
    });
  });

  test('storyblok, whose headline stands in a sentence only', () => {
    expect(read('storyblok')).toEqual({
      kind: 'published',
      firstPublished: false,
      entry: {
        ...bareEntry,
        id: '123',
        link: 'https://www.example.com/blog/cheese-crackers',
        title: 'Cheese (and) Crackers',
      },
    });
  });

  test('directus', () => {
    expect(read('directus')).toEqual({
      kind: 'published',
      firstPublished: false,
      entry: {
        ...bareEntry,
        id: '77',
        link: 'https://www.example.com/cheese-crackers',
        title: 'Cheese & "Crackers"',
        summary: 'A board for two.\nIn ten minutes.',
        categories: ['Recipes'],
        published: '2026-11-20T08:30:00.000Z',
      },
    });
  });

  test('zapier', () => {
    expect(read('zapier')).toEqual({
      kind: 'published',
      firstPublished: false,
      mediaIds: [621242772],
      entry: {
        ...bareEntry,
        id: '77',
        link: 'https://www.example.com/cheese-crackers',
        title: 'Cheese & Crackers',
        summary: 'A board for two.',
        categories: ['Recipes', 'Cheese'],
        published: '2026-11-20T08:30:00.000Z',
      },
    });
  });
});

type Case = [what: string, from: SourceName, bent: Bent, reason: string];

const contentfulTopic = (topic: string): Bent => ({
  headers: { 'x-contentful-topic': `ContentManagement.${topic}` },
});

const ignoredCases: Case[] = [
  [
    'an unpublished post',
    'ghost',
    {
      set: { 'post.current.status': 'draft', 'post.previous': { status: 'published' } },
    },
    'unpublished',
  ],
  ['a draft', 'ghost', { set: { 'post.current.status': 'draft' } }, 'draft'],
  ['a scheduled post', 'ghost', { set: { 'post.current.status': 'scheduled' } }, 'draft'],
  ...(
    [
      ['post.edited', 'update'],
      ['post.published.edited', 'update'],
      ['post.unpublished', 'unpublished'],
      ['post.deleted', 'deleted'],
      ['post.scheduled', 'draft'],
      ['post.added', 'other-event'],
      ['post.tag.attached', 'other-event'],
    ] as const
  ).map(([event, reason]): Case => [`the event ${event}`, 'ghost', { set: { event } }, reason]),
  ['a change of the site', 'ghost', { payload: { event: 'site.changed' } }, 'other-type'],
  [
    'an event that is not named, and changed nothing of the status',
    'ghost',
    { set: { event: undefined, 'post.previous': { title: 'Old' } } },
    'update',
  ],
  ['a deleted post', 'ghost', { set: { 'post.current': {} } }, 'deleted'],
  ['a post sent by e-mail only', 'ghost', { set: { 'post.current.status': 'sent' } }, 'no-page'],
  [
    'a post whose address is not known yet',
    'ghost',
    { set: { 'post.current.url': 'https://blog.example.com/404/' } },
    'no-page',
  ],
  [
    'a page',
    'ghost',
    { payload: { page: { current: { id: '1', status: 'published' }, previous: {} } } },
    'other-type',
  ],

  ['an edit of a published post', 'wordpress', { set: { 'post_before.post_status': 'publish' } }, 'update'],
  ['an automatic draft', 'wordpress', { set: { 'post.post_status': 'auto-draft' } }, 'draft'],
  ['a private post', 'wordpress', { set: { 'post.post_status': 'private' } }, 'draft'],
  [
    'an unpublished post',
    'wordpress',
    {
      set: { 'post.post_status': 'draft', 'post_before.post_status': 'publish' },
    },
    'unpublished',
  ],
  ['a post in the bin', 'wordpress', { set: { 'post.post_status': 'trash' } }, 'deleted'],
  ['a deletion', 'wordpress', { headers: { 'x-wp-webhook-name': 'post_delete' } }, 'deleted'],
  ['a new user', 'wordpress', { headers: { 'x-wp-webhook-name': 'create_user' } }, 'other-event'],
  ['the test of the plugin', 'wordpress', { payload: { test: true } }, 'other-event'],
  ['a page', 'wordpress', { set: { 'post.post_type': 'page' } }, 'other-type'],
  ['a revision', 'wordpress', { set: { 'post.post_type': 'revision' } }, 'other-type'],
  ['a post behind a password', 'wordpress', { set: { 'post.post_password': 'open' } }, 'protected'],
  ['a post without a link', 'wordpress', { set: { post_permalink: false } }, 'no-link'],

  ['a second publication', 'contentful', { set: { 'sys.revision': 2 } }, 'update'],
  ['a saved draft', 'contentful', contentfulTopic('Entry.auto_save'), 'draft'],
  ['an unpublished entry', 'contentful', contentfulTopic('Entry.unpublish'), 'unpublished'],
  ['an archived entry', 'contentful', contentfulTopic('Entry.archive'), 'archived'],
  ['a deletion', 'contentful', contentfulTopic('Entry.delete'), 'deleted'],
  ['what is deleted already', 'contentful', { set: { 'sys.type': 'DeletedEntry' } }, 'deleted'],
  ['an asset', 'contentful', contentfulTopic('Asset.publish'), 'other-event'],
  [
    'another environment',
    'contentful',
    { set: { 'sys.environment.sys.id': 'staging' } },
    'other-environment',
  ],
  ['another content type', 'contentful', { set: { 'sys.contentType.sys.id': 'author' } }, 'other-type'],
  ['an entry without a slug', 'contentful', { set: { 'fields.slug': {} } }, 'no-link'],

  ['a second publication', 'sanity', { set: { firstPublish: false } }, 'update'],
  ['a draft', 'sanity', { set: { _id: 'drafts.b7f2c9f4' } }, 'draft'],
  ['a version of a release', 'sanity', { set: { _id: 'versions.r1.b7f2c9f4' } }, 'draft'],
  ['a deletion', 'sanity', { headers: { 'sanity-operation': 'delete' } }, 'deleted'],
  ['a projected deletion', 'sanity', { set: { operation: 'delete' } }, 'deleted'],
  ['another type', 'sanity', { options: { contentTypes: ['recipe'] } }, 'other-type'],

  ['a draft', 'hygraph', { set: { operation: 'update' } }, 'draft'],
  ['an unpublished entry', 'hygraph', { set: { operation: 'unpublish' } }, 'unpublished'],
  ['a deletion', 'hygraph', { set: { operation: 'delete' } }, 'deleted'],
  ['a step of a workflow', 'hygraph', { set: { operation: 'transitionStep' } }, 'other-event'],
  ['another model', 'hygraph', { set: { 'data.__typename': 'Author' } }, 'other-type'],
  ['another language', 'hygraph', { options: { locale: 'fr' } }, 'other-locale'],
  [
    'another environment',
    'hygraph',
    { headers: { 'gcms-signature': `sign=${'A'.repeat(43)}=, env=staging, t=1795163400000` } },
    'other-environment',
  ],

  ['the button "Trigger"', 'strapi', { payload: { event: 'trigger-test' } }, 'test'],
  ['an unpublished entry', 'strapi', { set: { event: 'entry.unpublish' } }, 'unpublished'],
  ['a deletion', 'strapi', { set: { event: 'entry.delete' } }, 'deleted'],
  ['an edit', 'strapi', { set: { event: 'entry.update' } }, 'update'],
  [
    'an edit of a draft',
    'strapi',
    {
      set: { event: 'entry.update', 'entry.publishedAt': null },
    },
    'draft',
  ],
  [
    'a new draft',
    'strapi',
    {
      set: { event: 'entry.create', 'entry.publishedAt': null },
    },
    'draft',
  ],
  ['an upload', 'strapi', { set: { event: 'media.create' } }, 'other-event'],
  ['another type', 'strapi', { set: { model: 'author' } }, 'other-type'],
  ['another locale', 'strapi', { set: { 'entry.locale': 'en' }, options: { locale: 'de' } }, 'other-locale'],

  ['an unpublished item', 'webflow', { set: { triggerType: 'collection_item_unpublished' } }, 'unpublished'],
  ['a deletion', 'webflow', { set: { triggerType: 'collection_item_deleted' } }, 'deleted'],
  ['a form', 'webflow', { set: { triggerType: 'form_submission' } }, 'other-event'],
  ['a draft', 'webflow', { set: { 'payload.isDraft': true } }, 'draft'],
  ['an archived item', 'webflow', { set: { 'payload.isArchived': true } }, 'archived'],
  ['another collection', 'webflow', { set: { 'payload.collectionId': 'x' } }, 'other-type'],

  ['the first ping', 'github', { headers: { 'x-github-event': 'ping' } }, 'ping'],
  ['a push', 'github', { payload: { ref: 'refs/heads/main' } }, 'other-event'],
  ['an edit', 'github', { set: { action: 'edited' } }, 'update'],
  ['a draft', 'github', { set: { 'release.draft': true } }, 'draft'],
  ['a pre-release', 'github', { set: { 'release.prerelease': true } }, 'prerelease'],
  ['an unpublished release', 'github', { set: { action: 'unpublished' } }, 'unpublished'],
  ['a deletion', 'github', { set: { action: 'deleted' } }, 'deleted'],
  ['a new draft', 'github', { set: { action: 'created' } }, 'other-event'],

  ['another event', 'generic', { set: { event: 'delete' } }, 'not-wanted'],
  ['an event of another shape', 'generic', { set: { event: { name: 'publish' } } }, 'not-wanted'],
  [
    'a second publication, where the payload tells',
    'generic',
    {
      options: { map: { id: 'post.id', first_published: 'post.first' } },
      set: { 'post.first': false },
    },
    'update',
  ],
  ['a relative link', 'generic', { set: { 'post.url': '/cheese' } }, 'no-link'],
  ['a link to a script', 'generic', { set: { 'post.url': 'javascript:alert(1)' } }, 'no-link'],
  ['what nothing identifies', 'generic', { options: { map: { title: 'post.title' } } }, 'no-identity'],
  ['what has no text', 'generic', { options: { map: { id: 'post.id' } } }, 'no-text'],
  [
    'what Prismic sends: ids, and nothing that a caption could be made of',
    'generic',
    {
      payload: {
        type: 'api-update',
        masterRef: 'Z1aBcDEfGhIjKlMn',
        documents: ['Z1bCdEFgHiJkLmNo'],
        domain: 'example',
        apiUrl: 'https://example.prismic.io/api/v2',
        secret: null,
      },
      options: { when: "type == 'api-update'", map: { id: 'documents[0]' } },
    },
    'no-text',
  ],
  ['another event', 'standard-webhooks', { set: { type: 'article.deleted' } }, 'not-wanted'],

  ['an unpublished story', 'storyblok', { set: { action: 'unpublished' } }, 'unpublished'],
  ['a deletion', 'storyblok', { set: { action: 'deleted' } }, 'deleted'],
  ['a moved story', 'storyblok', { set: { action: 'moved' } }, 'not-wanted'],
  ['a sentence in other words', 'storyblok', { set: { text: 'Published!' } }, 'no-text'],
  ['a draft', 'directus', { set: { 'item.status': 'draft' } }, 'not-wanted'],
  ['an empty step', 'zapier', { payload: { id: '', title: '' } }, 'no-identity'],
];

describe('what makes no draft', () => {
  test.each(ignoredCases)('%s, from %s', (_what, from, bent, reason) => {
    expect(read(from, bent)).toEqual(ignoredAs(reason));
  });
});

describe('first publications, told from others', () => {
  test.each<[string, SourceName, Bent, boolean]>([
    ['a scheduled post goes out', 'ghost', { set: { 'post.previous': { status: 'scheduled' } } }, true],
    ['a post comes back', 'ghost', { set: { 'post.previous': { status: 'draft' } } }, false],
    ['a post is made and published at once', 'ghost', { set: { 'post.previous': {} } }, true],
    [
      'a post comes back, and what did not change is not sent',
      'ghost',
      { set: { 'post.previous': { status: 'draft', updated_at: '2026-11-20T08:00:00.000Z' } } },
      false,
    ],
    [
      'a post is made and published at once, or not changed at all, and no event says which',
      'ghost',
      { set: { event: undefined, 'post.previous': {} } },
      false,
    ],
    [
      'a scheduled post goes out',
      'wordpress',
      { set: { post_before: { post_status: 'future', post_date_gmt: '2026-11-20 08:30:00' } } },
      true,
    ],
    [
      'a post comes back',
      'wordpress',
      { set: { post_before: { post_status: 'draft', post_date_gmt: '2026-11-01 08:30:00' } } },
      false,
    ],
    [
      'a post is made and published at once',
      'wordpress',
      { headers: { 'x-wp-webhook-name': 'post_create' }, set: { post_before: undefined } },
      true,
    ],
    ['nothing counts publications', 'contentful', { set: { 'sys.revision': undefined } }, false],
    ['the projection does not say', 'sanity', { set: { firstPublish: undefined } }, false],
    [
      'an entry is made where there are no drafts',
      'strapi',
      {
        set: { event: 'entry.create', 'entry.publishedAt': undefined },
      },
      true,
    ],
    ['a pre-release is promoted', 'github', { set: { action: 'released' } }, true],
    [
      'the payload tells',
      'generic',
      {
        options: { map: { id: 'post.id', title: 'post.title', first_published: 'post.first' } },
        set: { 'post.first': true },
      },
      true,
    ],
  ])('%s (%s)', (_what, from, bent, first) => {
    expect(read(from, bent)).toMatchObject({ kind: 'published', firstPublished: first });
  });
});

describe('oddities', () => {
  test('a thumbnail of WordPress that is the boolean false is no image', () => {
    const mapped = read('wordpress', { set: { post_thumbnail: false } });

    expect(entryOf(mapped)).toMatchObject({ image: null, images: [] });
  });

  test('an excerpt of Ghost that nobody wrote is the one it makes itself', () => {
    const set = { 'post.current.custom_excerpt': null, 'post.current.excerpt': 'Bread first. Then cheese.' };
    const mapped = read('ghost', { set });

    expect(entryOf(mapped)).toMatchObject({ summary: 'Bread first. Then cheese.' });
  });

  test.each(['members', 'paid', 'tiers'])('nothing of the body of a post for %s is read', (visibility) => {
    const excerpt = { 'post.current.excerpt': 'Bread first. Then cheese.' };
    const told = read('ghost', { set: { 'post.current.visibility': visibility } });
    const silent = read('ghost', {
      set: { ...excerpt, 'post.current.visibility': visibility, 'post.current.custom_excerpt': null },
    });

    expect(entryOf(told)).toMatchObject({ summary: 'A board for two, in ten minutes.', content: null });
    expect(entryOf(silent)).toMatchObject({
      title: 'Cheese & Crackers < 5 €',
      summary: null,
      content: null,
    });
    expect(JSON.stringify(silent)).not.toContain('Bread');
  });

  test('another locale of Contentful has its own title and link', () => {
    const mapped = read('contentful', { options: { locale: 'de-DE' } });

    expect(entryOf(mapped)).toMatchObject({
      title: 'Käse und Kräcker',
      link: 'https://www.example.com/kaese-und-kraecker',
      summary: null,
    });
  });

  test.each<[string | null, unknown, string | null]>([
    [null, '/uploads/cheese.jpg', null],
    ['https://cms.example.com', '/uploads/cheese.jpg', 'https://cms.example.com/uploads/cheese.jpg'],
    ['https://cms.example.com/assets/', '0b1c', 'https://cms.example.com/assets/0b1c'],
    ['https://cms.example.com', 'https://cdn.example.com/a.jpg', 'https://cdn.example.com/a.jpg'],
    ['https://cms.example.com', '//cdn.example.com/a.jpg', 'https://cdn.example.com/a.jpg'],
    ['https://cms.example.com', [{ url: '/a.jpg' }, { url: '/b.jpg' }], 'https://cms.example.com/a.jpg'],
    ['https://cms.example.com/assets/', 'null', null],
    ['https://cms.example.com', 'data:image/png;base64,AA==', null],
  ])('with the base %j the picture %j is %j, whatever the source', (base, told, image) => {
    const options = { base };

    expect(entryOf(read('strapi', { options, set: { 'entry.cover': told } }))).toMatchObject({ image });
    expect(entryOf(read('zapier', { options, set: { image: told } }))).toMatchObject({ image });
    expect(entryOf(read('ghost', { options, set: { 'post.current.feature_image': told } }))).toMatchObject({
      image,
    });
  });

  test.each<[string | undefined, string | null, string | null]>([
    [undefined, null, 'article:12'],
    [undefined, 'de', 'article:12:de'],
    ['en', null, 'article:12'],
    ['en', 'en', 'article:12:en'],
    ['de', 'de', 'article:12:de'],
    ['de', null, null],
    ['en', 'de', null],
  ])('an entry of Strapi in the locale %j, where %j is wanted, is %j', (locale, wanted, id) => {
    const mapped = read('strapi', {
      set: { 'entry.documentId': undefined, 'entry.locale': locale },
      options: { locale: wanted },
    });

    if (id === null) expect(mapped).toEqual(ignoredAs('other-locale'));
    else expect(entryOf(mapped)).toMatchObject({ id });
  });

  test('Markdown of Strapi is text', () => {
    const mapped = read('strapi', { set: { 'entry.content': '## First\n\n**Bread**, then [cheese](/c).' } });

    expect(entryOf(mapped)).toMatchObject({ content: 'First\n\nBread, then cheese.' });
  });

  test.each<[unknown, string[]]>([
    [{ id: 2, name: 'Recipes' }, ['Recipes']],
    [{ id: 2, title: 'Recipes' }, ['Recipes']],
    [
      [{ name: 'Recipes' }, { name: 'News' }],
      ['Recipes', 'News'],
    ],
    [['Recipes', 'null', ''], ['Recipes']],
    [null, []],
  ])('the categories %j are %j', (told, categories) => {
    const mapped = read('strapi', { set: { 'entry.categories': told } });

    expect(entryOf(mapped)).toMatchObject({ categories });
  });

  test('the tags of Contentful are categories, where the entry has none of its own', () => {
    const tag = (id: string) => ({ sys: { type: 'Link', linkType: 'Tag', id } });
    const set = { 'metadata.tags': [tag('recipes'), tag('cheese')] };

    expect(entryOf(read('contentful', { set }))).toMatchObject({ categories: ['Recipes', 'Cheese'] });
    expect(entryOf(read('contentful', { set: { ...set, 'fields.topics': undefined } }))).toMatchObject({
      categories: ['recipes', 'cheese'],
    });
  });

  test('another language of Hygraph has its own texts', () => {
    expect(entryOf(read('hygraph', { options: { locale: 'de' } }))).toMatchObject({
      id: 'cl8x1y2z3000001l4a1b2c3d4',
      title: 'Käse und Kräcker',
      summary: 'Ein Brett für zwei.',
      content: null,
    });
  });

  test('Contentful says when an entry was first published', () => {
    const set = {
      'sys.firstPublishedAt': '2019-03-01T09:00:00Z',
      'sys.publishedAt': '2026-11-20T08:30:00Z',
    };

    expect(entryOf(read('contentful', { set }))).toMatchObject({ published: '2019-03-01T09:00:00.000Z' });
  });

  test.each([
    [true, '2026-11-20T08:30:00.000Z'],
    [undefined, '2026-11-20T07:00:00.000Z'],
  ])('a document of Sanity without a date, first published %j, is of %j', (firstPublish, published) => {
    const mapped = read('sanity', { set: { published: null, firstPublish } });

    expect(entryOf(mapped)).toMatchObject({ published });
  });

  test.each([
    ['Cheese (and) Crackers (blog/cheese)', 'blog/cheese', 'Cheese (and) Crackers'],
    ['Cheese (and) Crackers (blog/cheese/)', 'blog/cheese', 'Cheese (and) Crackers'],
    ['Cheese (old-slug)', 'blog/cheese', 'Cheese'],
    ['Cheese (blog/2026/cheese)\nhttps://app.storyblok.com/#/me (x)', 'blog/2026/cheese', 'Cheese'],
  ])('the name in the sentence of Storyblok “%s” is read up to the slug', (end, full_slug, title) => {
    const text = `The user editor@example.com published the Story ${end}`;
    const mapped = read('storyblok', { set: { text, full_slug } });

    expect(entryOf(mapped)).toMatchObject({ title });
  });

  test('a story that comes along with Storyblok’s sentence is read', () => {
    const story = { id: 9, name: 'Cheese', full_slug: 'blog/cheese', first_published_at: '2026-11-20' };
    const mapped = read('storyblok', { payload: { text: 'Published.', action: 'published', story } });

    expect(entryOf(mapped)).toMatchObject({
      id: '9',
      title: 'Cheese',
      link: 'https://www.example.com/blog/cheese',
      published: '2026-11-20T00:00:00.000Z',
    });
  });

  test.each(['null', 'undefined', ' null\n'])(
    'a text that is exactly %j is nothing, from any source',
    (no) => {
      const bent = {
        set: { summary: no, author: no, image: no, published: no, media_ids: no, categories: no },
      };

      expect(entryOf(read('zapier', bent))).toEqual({
        ...bareEntry,
        id: '77',
        link: 'https://www.example.com/cheese-crackers',
        title: 'Cheese & Crackers',
      });
      expect(read('zapier', bent)).not.toHaveProperty('mediaIds');
    },
  );

  test.each(['null', 'undefined', 'null/', 'a=null', 'a/undefined?b=null'])(
    'an address that ends in %s is nothing',
    (end) => {
      const address = `https://www.example.com/${end.includes('=') && !end.includes('?') ? '?' : ''}${end}`;

      expect(entryOf(read('zapier', { set: { image: address } }))).toMatchObject({ image: null });
      expect(read('zapier', { set: { link: address } })).toEqual(ignoredAs('no-link'));
    },
  );

  test('words that only hold one for nothing stay', () => {
    const mapped = read('zapier', { set: { title: 'Null', summary: 'null and void' } });

    expect(entryOf(mapped)).toMatchObject({ title: 'Null', summary: 'null and void' });
  });

  test('a pasted null in what a link is made of makes no link', () => {
    expect(read('directus', { set: { 'item.slug': 'null' } })).toEqual(ignoredAs('no-link'));
  });

  test('an untitled release of GitHub is called by its tag', () => {
    const mapped = read('github', { set: { 'release.name': '' } });

    expect(entryOf(mapped)).toMatchObject({ title: 'v2.0.0' });
  });

  test('what a preset says of payloads gives way, field by field, to what a person says', () => {
    const mapped = read('directus', {
      set: { 'item.headline': 'Another' },
      options: { map: { title: 'item.headline' }, when: 'item' },
    });

    expect(entryOf(mapped)).toMatchObject({ id: '77', title: 'Another' });
  });

  test('a link template over the payload knows our names and theirs', () => {
    const mapped = read('generic', {
      options: { link: 'https://m.example.com/{{ post.slug }}?id={{ id }}' },
    });

    expect(entryOf(mapped)).toMatchObject({ link: 'https://m.example.com/cheese-crackers?id=77' });
  });

  test('a link template with a hole in it makes no link, rather than the link of another page', () => {
    for (const slug of [null, '', undefined]) {
      const mapped = read('sanity', { set: { slug: slug } });

      expect(mapped).toEqual(ignoredAs('no-link'));
    }
  });

  test.each<[unknown, number[] | undefined]>([
    [621242772, [621242772]],
    ['621242772', [621242772]],
    ['1, 2', [1, 2]],
    [
      [1, '2'],
      [1, 2],
    ],
    [0, [0]],
    [null, undefined],
    ['', undefined],
    [[], undefined],
  ])('media ids %j are %j', (told, mediaIds) => {
    const mapped = read('generic', { set: { 'post.dash_media_ids': told } });

    expect(mapped).toHaveProperty('kind', 'published');
    expect(mapped.kind === 'published' && mapped.mediaIds).toEqual(mediaIds);
  });

  test.each([[-1], [1.5], ['abc'], [{ id: 1 }], [[1, -2]], [true], [2 ** 53], ['-1']])(
    'media ids %j are refused, because a draft without its video is not what was asked for',
    (told) => {
      const reading = () => read('generic', { set: { 'post.dash_media_ids': told } });

      expect(reading).toThrow(expect.objectContaining({ kind: 'permanent', code: 'webhook.media-ids' }));
    },
  );

  test.each([
    ['2026-11-20T09:30:00+01:00', '2026-11-20T08:30:00.000Z'],
    ['2026-11-20T08:30:00', '2026-11-20T08:30:00.000Z'],
    ['2026-11-20 08:30:00', '2026-11-20T08:30:00.000Z'],
    ['2026-11-20', '2026-11-20T00:00:00.000Z'],
    ['Fri, 20 Nov 2026 08:30:00 GMT', '2026-11-20T08:30:00.000Z'],
    [1795163400, '2026-11-20T08:30:00.000Z'],
    [1795163400000, '2026-11-20T08:30:00.000Z'],
    ['1795163400', '2026-11-20T08:30:00.000Z'],
    ['0000-00-00 00:00:00', null],
    ['11-20-2026', null],
    ['20 November', null],
    [1e300, null],
    [null, null],
    [{}, null],
  ])('the date %j is %j, whatever zone the machine is in', (told, published) => {
    const mapped = read('generic', { set: { 'post.published': told } });

    expect(entryOf(mapped)).toMatchObject({ published });
  });

  test('a JMESPath with an unknown function is our mistake', () => {
    const reading = () => read('generic', { options: { when: 'event && shout(event)' } });

    expect(reading).toThrow(expect.objectContaining({ kind: 'config', code: 'webhook.expression' }));
  });

  test('a JMESPath that does not fit the type it meets finds nothing', () => {
    const mapped = read('generic', {
      options: { map: { id: 'post.id', title: 'post.title', author: 'length(post.id)' } },
    });

    expect(entryOf(mapped)).toMatchObject({ author: null });
  });
});

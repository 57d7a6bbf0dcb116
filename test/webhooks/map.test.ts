import { describe, expect, test } from 'vitest';
import type { Mapped } from '../../lib/core/webhooks/webhook.ts';
import { type SourceName, sourceNamed, sources } from '../../lib/webhooks/sources.ts';
import { bareEntry, noOptions, payloadOf } from './delivery.ts';
import { cases } from './signers.ts';
import type { Bent } from './source-cases.ts';

const withSet = (payload: ReturnType<typeof payloadOf>, set: Record<string, unknown>) => {
  for (const [path, value] of Object.entries(set)) {
    const keys = path.split('.');
    const last = String(keys.pop());
    const parent = keys.reduce((node, key) => node[key], payload);
    parent[last] = value;
  }
  return JSON.parse(JSON.stringify(payload));
};

const read = (from: SourceName, { set = {}, payload, headers, options }: Bent = {}): Mapped => {
  const source = sourceNamed(from);
  return source.map(
    {
      headers: { ...source.headers, ...headers },
      payload: payload ?? withSet(payloadOf(from), set),
    },
    { ...noOptions, ...cases[from].options, ...options },
  );
};

const entryOf = (mapped: Mapped) => (mapped.kind === 'published' ? mapped.entry : mapped);
const ignoredAs = (reason: string) => ({ kind: 'ignored', reason });

describe.each(sources)('$name', ({ name }) => {
  const { published, ignored, firstPublished } = cases[name];

  test('maps a publication to an entry', () => {
    expect(read(name)).toEqual(published);
  });

  test('has test deliveries that it ignores', () => {
    expect(ignored.length).toBeGreaterThan(0);
  });

  test.each(ignored)('ignores %s', (_what, bent, reason) => {
    expect(read(name, bent)).toEqual(ignoredAs(reason));
  });

  test.each(firstPublished)('detects a first publication when %s', (_what, bent, first) => {
    expect(read(name, bent)).toMatchObject({ kind: 'published', firstPublished: first });
  });
});

describe('special cases', () => {
  test('a WordPress thumbnail of false yields no image', () => {
    const mapped = read('wordpress', { set: { post_thumbnail: false } });

    expect(entryOf(mapped)).toMatchObject({ image: null, images: [] });
  });

  test('a generated Ghost excerpt is used if there is no custom one', () => {
    const set = { 'post.current.custom_excerpt': null, 'post.current.excerpt': 'Bread first. Then cheese.' };
    const mapped = read('ghost', { set });

    expect(entryOf(mapped)).toMatchObject({ summary: 'Bread first. Then cheese.' });
  });

  test.each(['members', 'paid', 'tiers'])('no body text of a post for %s is used', (visibility) => {
    const excerpt = { 'post.current.excerpt': 'Bread first. Then cheese.' };
    const custom = read('ghost', { set: { 'post.current.visibility': visibility } });
    const generated = read('ghost', {
      set: { ...excerpt, 'post.current.visibility': visibility, 'post.current.custom_excerpt': null },
    });

    expect(entryOf(custom)).toMatchObject({ summary: 'A board for two, in ten minutes.', content: null });
    expect(entryOf(generated)).toMatchObject({
      title: 'Cheese & Crackers < 5 €',
      summary: null,
      content: null,
    });
    expect(JSON.stringify(generated)).not.toContain('Bread');
  });

  test('another Contentful locale has its own title and link', () => {
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
  ])('with base %j the picture %j resolves to %j, for every source', (base, given, image) => {
    const options = { base };

    expect(entryOf(read('strapi', { options, set: { 'entry.cover': given } }))).toMatchObject({ image });
    expect(entryOf(read('zapier', { options, set: { image: given } }))).toMatchObject({ image });
    expect(entryOf(read('ghost', { options, set: { 'post.current.feature_image': given } }))).toMatchObject({
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
  ])('a Strapi entry in locale %j, where %j is configured, has the ID %j', (locale, wanted, id) => {
    const mapped = read('strapi', {
      set: { 'entry.documentId': undefined, 'entry.locale': locale },
      options: { locale: wanted },
    });

    if (id === null) expect(mapped).toEqual(ignoredAs('other-locale'));
    else expect(entryOf(mapped)).toMatchObject({ id });
  });

  test('Strapi Markdown becomes text', () => {
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
  ])('the categories %j are mapped to %j', (given, categories) => {
    const mapped = read('strapi', { set: { 'entry.categories': given } });

    expect(entryOf(mapped)).toMatchObject({ categories });
  });

  test('Contentful tags are used as categories if the entry has none', () => {
    const tag = (id: string) => ({ sys: { type: 'Link', linkType: 'Tag', id } });
    const set = { 'metadata.tags': [tag('recipes'), tag('cheese')] };

    expect(entryOf(read('contentful', { set }))).toMatchObject({ categories: ['Recipes', 'Cheese'] });
    expect(entryOf(read('contentful', { set: { ...set, 'fields.topics': undefined } }))).toMatchObject({
      categories: ['recipes', 'cheese'],
    });
  });

  test('another Hygraph locale has its own texts', () => {
    expect(entryOf(read('hygraph', { options: { locale: 'de' } }))).toMatchObject({
      id: 'cl8x1y2z3000001l4a1b2c3d4',
      title: 'Käse und Kräcker',
      summary: 'Ein Brett für zwei.',
      content: null,
    });
  });

  test("Contentful's firstPublishedAt is the publication date", () => {
    const set = {
      'sys.firstPublishedAt': '2019-03-01T09:00:00Z',
      'sys.publishedAt': '2026-11-20T08:30:00Z',
    };

    expect(entryOf(read('contentful', { set }))).toMatchObject({ published: '2019-03-01T09:00:00.000Z' });
  });

  test.each([
    [true, '2026-11-20T08:30:00.000Z'],
    [undefined, '2026-11-20T07:00:00.000Z'],
  ])('a Sanity document without a date, firstPublish %j, is dated %j', (firstPublish, published) => {
    const mapped = read('sanity', { set: { published: null, firstPublish } });

    expect(entryOf(mapped)).toMatchObject({ published });
  });

  test.each([
    ['Cheese (and) Crackers (blog/cheese)', 'blog/cheese', 'Cheese (and) Crackers'],
    ['Cheese (and) Crackers (blog/cheese/)', 'blog/cheese', 'Cheese (and) Crackers'],
    ['Cheese (old-slug)', 'blog/cheese', 'Cheese'],
    ['Cheese (blog/2026/cheese)\nhttps://app.storyblok.com/#/me (x)', 'blog/2026/cheese', 'Cheese'],
  ])('the title in the Storyblok text “%s” ends before the slug', (end, full_slug, title) => {
    const text = `The user editor@example.com published the Story ${end}`;
    const mapped = read('storyblok', { set: { text, full_slug } });

    expect(entryOf(mapped)).toMatchObject({ title });
  });

  test('a story included in a Storyblok delivery is used', () => {
    const story = { id: 9, name: 'Cheese', full_slug: 'blog/cheese', first_published_at: '2026-11-20' };
    const mapped = read('storyblok', { payload: { text: 'Published.', action: 'published', story } });

    expect(entryOf(mapped)).toMatchObject({
      id: '9',
      title: 'Cheese',
      link: 'https://www.example.com/blog/cheese',
      published: '2026-11-20T00:00:00.000Z',
    });
  });

  test.each(['null', 'undefined', ' null\n'])('a text of exactly %j is ignored, for every source', (no) => {
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
  });

  test.each(['null', 'undefined', 'null/', 'a=null', 'a/undefined?b=null'])(
    'an address that ends in %s is ignored',
    (end) => {
      const address = `https://www.example.com/${end.includes('=') && !end.includes('?') ? '?' : ''}${end}`;

      expect(entryOf(read('zapier', { set: { image: address } }))).toMatchObject({ image: null });
      expect(read('zapier', { set: { link: address } })).toEqual(ignoredAs('no-link'));
    },
  );

  test('a text that only contains the word null is kept', () => {
    const mapped = read('zapier', { set: { title: 'Null', summary: 'null and void' } });

    expect(entryOf(mapped)).toMatchObject({ title: 'Null', summary: 'null and void' });
  });

  test("a pasted null in a link template's field yields no link", () => {
    expect(read('directus', { set: { 'item.slug': 'null' } })).toEqual(ignoredAs('no-link'));
  });

  test('a GitHub release without a name is titled by its tag', () => {
    const mapped = read('github', { set: { 'release.name': '' } });

    expect(entryOf(mapped)).toMatchObject({ title: 'v2.0.0' });
  });

  test('the map and when settings override a preset field by field', () => {
    const mapped = read('directus', {
      set: { 'item.headline': 'Another' },
      options: { map: { title: 'item.headline' }, when: 'item' },
    });

    expect(entryOf(mapped)).toMatchObject({ id: '77', title: 'Another' });
  });

  test("a link template may use our field names and the payload's", () => {
    const mapped = read('generic', {
      options: { link: 'https://m.example.com/{{ post.slug }}?id={{ id }}' },
    });

    expect(entryOf(mapped)).toMatchObject({ link: 'https://m.example.com/cheese-crackers?id=77' });
  });

  test('a link template with a missing value yields no link instead of a wrong one', () => {
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
  ])('media IDs %j are read as %j', (given, mediaIds) => {
    const mapped = read('generic', { set: { 'post.dash_media_ids': given } });

    expect(mapped).toHaveProperty('kind', 'published');
    expect(mapped.kind === 'published' && mapped.mediaIds).toEqual(mediaIds);
  });

  test.each([[-1], [1.5], ['abc'], [{ id: 1 }], [[1, -2]], [true], [2 ** 53], ['-1']])(
    'media IDs %j are rejected, because a draft would lack its video',
    (given) => {
      const reading = () => read('generic', { set: { 'post.dash_media_ids': given } });

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
  ])('the date %j is %j in any machine time zone', (given, published) => {
    const mapped = read('generic', { set: { 'post.published': given } });

    expect(entryOf(mapped)).toMatchObject({ published });
  });

  test('JMESPath with an unknown function is a config error', () => {
    const reading = () => read('generic', { options: { when: 'event && shout(event)' } });

    expect(reading).toThrow(expect.objectContaining({ kind: 'config', code: 'webhook.expression' }));
  });

  test('JMESPath on an unexpected type yields nothing', () => {
    const mapped = read('generic', {
      options: { map: { id: 'post.id', title: 'post.title', author: 'length(post.id)' } },
    });

    expect(entryOf(mapped)).toMatchObject({ author: null });
  });
});

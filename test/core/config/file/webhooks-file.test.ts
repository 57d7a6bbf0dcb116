import { describe, expect, test } from 'vitest';
import { readConfig } from '../../../../lib/config.ts';
import { defaultCaption } from '../../../../lib/core/captions/caption.ts';
import { looksSecret } from '../../../../lib/core/config/secret-name.ts';
import { faultsOf, file, generic, webhook } from './read-webhooks-file.ts';

const read = (yaml: string) => readConfig(yaml, 'feeds.yml').webhooks;

describe('a valid file is read into', () => {
  test('a webhook with a feed, whose mapping its own settings override', () => {
    const [hook] = read(
      webhook(`
from: ghost
secret_name: ghost
feed: newsroom
post: { disable_duet: true }`),
    );

    expect(hook).toMatchObject({
      id: 'hook',
      from: 'ghost',
      secretNames: ['ghost'],
      hasFeed: true,
      mapping: {
        id: 'newsroom',
        url: 'https://www.example.com/feed.xml',
        brandId: 144,
        caption: '{{ title }}!',
        publish: 'draft',
        whenUncertain: 'auto',
        post: { campaign_ids: [12], disable_duet: true },
      },
      options: { verify: null, when: null, map: {}, fields: {}, link: null, contentTypes: [] },
    });
  });

  test('a webhook without a feed, with its own mapping over the defaults', () => {
    const [hook] = read(webhook(`${generic}\ntimezone: Europe/Berlin`));

    expect(hook).toMatchObject({
      hasFeed: false,
      staleAfterMs: 6 * 3_600_000,
      mapping: {
        id: 'hook',
        url: '',
        timezone: 'Europe/Berlin',
        brandId: 144,
        caption: defaultCaption,
        publish: 'draft',
        paused: false,
        post: {},
      },
    });
  });

  test('a brand under post, as in the API', () => {
    const [hook] = read(webhook(`${generic}\npost: { brand_id: 7, disable_duet: true }`));

    expect(hook?.mapping).toMatchObject({ brandId: 7, post: { disable_duet: true } });
    expect(hook?.mapping.post).not.toHaveProperty('brand_id');
  });

  test('a public post that is parked when its outcome is unknown, by default', () => {
    const publish = `${generic.replace('title: title', 'title: title, media_ids: media')}\npublish: now\nstale_after: 2h`;

    expect(read(webhook(publish))).toMatchObject([
      { staleAfterMs: 7_200_000, mapping: { publish: 'now', whenUncertain: 'park' } },
    ]);
    expect(read(webhook(`${publish}\nwhen_uncertain: retry`))).toMatchObject([
      { mapping: { whenUncertain: 'retry' } },
    ]);
  });

  test('options for a content system', () => {
    const [hook] = read(
      webhook(`
from: contentful
secret_name: [contentful, contentful-next]
environment: staging
content_types: [article, news]
locale: de-DE
base: https://cms.example.com
fields: { title: headline, summary: teaser, slug: slug }
link: "https://www.example.com/{{ slug }}"
path: /v1/hooks/hook`),
    );

    expect(hook?.secretNames).toEqual(['contentful', 'contentful-next']);
    expect(hook?.options).toEqual({
      verify: null,
      when: null,
      map: {},
      fields: { title: 'headline', summary: 'teaser', slug: 'slug' },
      link: 'https://www.example.com/{{ slug }}',
      contentTypes: ['article', 'news'],
      environment: 'staging',
      locale: 'de-DE',
      base: 'https://cms.example.com',
      path: '/v1/hooks/hook',
    });
  });

  test.each([
    [
      '{ hmac: sha512, header: X-Signature, encoding: base64, prefix: "v0=", signed: "{id}.{timestamp}.{body}", timestamp_header: X-Time, unit: ms, id_header: X-Id }',
      {
        kind: 'hmac',
        algorithm: 'sha512',
        header: 'x-signature',
        encoding: 'base64',
        prefix: 'v0=',
        signed: '{id}.{timestamp}.{body}',
        timestampHeader: 'x-time',
        unit: 'ms',
        idHeader: 'x-id',
      },
    ],
    [
      '{ hmac: sha1, header: x-signature }',
      {
        kind: 'hmac',
        algorithm: 'sha1',
        header: 'x-signature',
        encoding: 'hex',
        prefix: '',
        signed: '{body}',
        timestampHeader: null,
        unit: 's',
        idHeader: null,
      },
    ],
    [
      '{ static_header: Authorization, prefix: "Bearer " }',
      { kind: 'header', header: 'authorization', prefix: 'Bearer ' },
    ],
    ['{ basic: cms }', { kind: 'basic', user: 'cms' }],
    ['{ query: token }', { kind: 'query', parameter: 'token' }],
  ])('verify: %s', (verify, rule) => {
    const [hook] = read(webhook(generic.replace(/verify:.*/, `verify: ${verify}`)));

    expect(hook?.options.verify).toEqual(rule);
  });
});

describe('a secret in place of its name', () => {
  test.each([
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    '5f2b8a1c9e7d4f3a6b0c8d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6b7c8d9e0f1a',
    'q7Rk2VtXz9LmNp4Bw8Yc',
    '3c90c3cc-0d44-4b50-8888-8dd25736052a',
    'dGhpcyBpcyBub3QgYSBuYW1lIQ==',
    'Bearer abc',
    'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
  ])('%s is rejected and not repeated', (secret) => {
    const faults = faultsOf(webhook(`from: ghost\nsecret_name: "${secret}"`));

    expect(faults).toEqual([expect.stringMatching(/^webhooks.hook.secret_name looks like a secret itself/)]);
    expect(faults.join()).not.toContain(secret);
  });

  test('is also rejected as one of two', () => {
    const faults = faultsOf(
      webhook('from: ghost\nsecret_name: [ghost, whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw]'),
    );

    expect(faults).toEqual([expect.stringMatching(/looks like a secret itself/)]);
  });

  test.each([
    'ghost',
    'ghost-2026',
    'contentful-production-2026',
    'wordpress_blog_main_secret',
    'MyCompanyBlogGhost2026Prod',
    'standard.webhooks.secret.for.the.newsroom',
    'BLOG_GHOST_SECRET',
  ])('%s is accepted as a name', (name) => {
    expect(looksSecret(name)).toBe(false);
    expect(faultsOf(webhook(`from: ghost\nsecret_name: ${name}`))).toEqual([]);
  });
});

test('the example in the documentation is valid', () => {
  const yaml = file(`
blog-ghost:
  from: ghost
  secret_name: ghost
  feed: newsroom
site-contentful:
  from: contentful
  secret_name: contentful
  environment: master
  content_types: [article]
  locale: en-US
  fields: { title: headline, summary: teaser, slug: slug }
  link: "https://www.example.com/{{ slug }}"
blog-custom:
  from: generic
  secret_name: custom
  verify: { hmac: sha256, header: x-signature, encoding: hex, prefix: "sha256=", signed: "{timestamp}.{body}", timestamp_header: x-timestamp, unit: s }
  when: "event == 'publish'"
  map: { id: "post.id", title: "post.title", link: "post.url", summary: "post.excerpt", media_ids: "post.dash_media_ids" }
  publish: schedule
  post: { brand_id: 144, timestamp: "{{ published }}" }
`);

  expect(read(yaml).map(({ id, from }) => `${id} ${from}`)).toEqual([
    'blog-ghost ghost',
    'site-contentful contentful',
    'blog-custom generic',
  ]);
});

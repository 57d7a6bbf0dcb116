import { describe, expect, test } from 'vitest';
import { type ConfigFault, readConfig } from '../../../../lib/config.ts';
import { defaultCaption } from '../../../../lib/core/captions/caption.ts';
import { looksSecret } from '../../../../lib/core/config/secret-name.ts';
import { AppError } from '../../../../lib/core/errors.ts';

const feeds = `
defaults:
  brand_id: 144
feeds:
  newsroom:
    url: https://www.example.com/feed.xml
    caption: "{{ title }}!"
    post: { campaign_ids: [12] }
webhooks:
`;

/** feeds.yml with one feed and these lines under `webhooks:`. */
const file = (lines: string) => feeds + lines.replace(/^/gm, '  ');
const webhook = (lines: string) => file(`hook:\n${lines.trim().replace(/^/gm, '  ')}`);

const faultsOf = (yaml: string): string[] => {
  try {
    readConfig(yaml, 'feeds.yml');
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return (error.details.faults as ConfigFault[]).map(({ path, message }) => `${path} ${message}`);
  }
};

const read = (yaml: string) => readConfig(yaml, 'feeds.yml').webhooks;

const generic = `
from: generic
secret_name: cms
map: { id: id, title: title, link: url }
verify: { hmac: sha256, header: X-Signature }
`;

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

const contentful = `
from: contentful
secret_name: contentful
content_types: [article]
link: "https://www.example.com/{{ slug }}"
`;

describe('an invalid file is rejected for', () => {
  test.each<[string, string, string | RegExp]>([
    ['no source', 'secret_name: a', /^webhooks.hook.from is missing/],
    ['an unknown source', 'from: goast\nsecret_name: a', /^webhooks.hook.from must be .*ghost.* not "goast"/],
    ['no secret', 'from: ghost', /^webhooks.hook.secret_name is missing/],
    [
      'an unknown setting',
      'from: ghost\nsecret_name: a\nsecretname: b',
      /^webhooks.hook.secretname is not a setting/,
    ],
    [
      'an unknown feed',
      'from: ghost\nsecret_name: a\nfeed: newsrom',
      'webhooks.hook.feed is no feed of this file: did you mean newsroom?',
    ],
    [
      'a setting of another source',
      'from: ghost\nsecret_name: a\nlocale: en',
      'webhooks.hook.locale does not apply to ghost: remove it, or use base',
    ],
    [
      'a setting of another kind of mapping',
      `${contentful}\nmap: { title: a }`,
      /^webhooks.hook.map does not apply to contentful: remove it, or use content_types/,
    ],
    [
      'no content types',
      'from: strapi\nsecret_name: a\nlink: "https://x.example/{{ slug }}"',
      'webhooks.hook has no content_types, which strapi needs: without it every author and menu entry would become a draft',
    ],
    [
      'no content type in the list',
      contentful.replace('[article]', '[]'),
      /^webhooks.hook.content_types must be a list/,
    ],
    [
      'a generic source without verify',
      'from: generic\nsecret_name: a\nmap: { id: id }',
      /^webhooks.hook has no verify/,
    ],
    [
      'a generic source without a map',
      'from: generic\nsecret_name: a\nverify: { query: t }',
      /^webhooks.hook has no map/,
    ],
    [
      'an unknown algorithm',
      generic.replace('sha256', 'md5'),
      /^webhooks.hook.verify.hmac must be sha1, sha256/,
    ],
    [
      'an unknown encoding',
      generic.replace('X-Signature', 'X-S, encoding: utf8'),
      /verify.encoding must be hex, base64 or base64url/,
    ],
    [
      'no header',
      generic.replace(', header: X-Signature', ''),
      'webhooks.hook.verify has no header: name the one that holds the signature',
    ],
    [
      'an invalid header name',
      generic.replace('X-Signature', '"x sig:"'),
      /verify.header must be the name of a header/,
    ],
    [
      'a template without the body',
      generic.replace('X-Signature', 'X-S, signed: "{timestamp}", timestamp_header: X-T'),
      'webhooks.hook.verify.signed must hold {body} once: what does not sign the body proves nothing about it',
    ],
    [
      'a template with an unknown name',
      generic.replace('X-Signature', 'X-S, signed: "{body}{nonce}"'),
      /verify.signed names \{nonce\}/,
    ],
    [
      'a time without its header',
      generic.replace('X-Signature', 'X-S, signed: "{timestamp}.{body}"'),
      /verify must have both \{timestamp\} in signed and timestamp_header/,
    ],
    [
      'a time that is not signed',
      generic.replace('X-Signature', 'X-S, timestamp_header: X-T'),
      /verify must have both \{timestamp\}/,
    ],
    [
      'two forms of verify',
      generic.replace('X-Signature', 'X-S, query: token'),
      /verify must have one of hmac, static_header, basic, query/,
    ],
    [
      'no form of verify',
      generic.replace(/verify:.*/, 'verify: { header: x-api-key }'),
      /verify must have one of/,
    ],
    [
      'a setting of another form',
      generic.replace(/verify:.*/, 'verify: { query: t, unit: s }'),
      /verify.unit does not belong to query/,
    ],
    [
      'strapi with a signature',
      'from: strapi\nsecret_name: a\ncontent_types: [a]\nverify: { hmac: sha256, header: x }',
      /verify must be a static_header: strapi can send nothing else/,
    ],
    [
      'incomplete JMESPath',
      `${generic}\nwhen: "event =="`,
      /^webhooks.hook.when is not a JMESPath expression: parse error at column/,
    ],
    [
      'JMESPath with a bad character',
      generic.replace('id: id', 'id: "a..b"'),
      /^webhooks.hook.map.id is not a JMESPath expression/,
    ],
    [
      'JMESPath with an unknown function',
      `${generic}\nwhen: "shout(event)"`,
      /^webhooks.hook.when is not a JMESPath expression: Unknown function/,
    ],
    [
      'JMESPath that is the name of a built-in',
      `${generic}\nwhen: "constructor"`,
      /^webhooks.hook.when is not a JMESPath expression/,
    ],
    [
      'an unknown field',
      generic.replace('title: title', 'titel: title'),
      /^webhooks.hook.map.titel is not a setting: did you mean title/,
    ],
    ['incomplete Liquid', contentful.replace('}}', ''), /^webhooks.hook.link is not a Liquid template/],
    [
      'an unknown filter',
      contentful.replace('slug }}', 'slug | shout }}'),
      /^webhooks.hook.link is not a Liquid template: undefined filter/,
    ],
    [
      'a link without a variable',
      contentful.replace('{{ slug }}', ''),
      /^webhooks.hook.link names no variable/,
    ],
    [
      'an include in a link',
      contentful.replace('{{ slug }}', "{% include 'package.json' %}{{ slug }}"),
      /^webhooks.hook.link is not a Liquid template/,
    ],
    [
      'a caption with an unknown variable',
      `${generic}\ncaption: "{{ headline }}"`,
      /^webhooks.hook.caption names "headline"/,
    ],
    [
      'a field the API does not have',
      `${generic}\npost: { colour: red }`,
      /^webhooks.hook.post.colour is not a setting/,
    ],
    [
      'an unknown time zone',
      `${generic}\ntimezone: Mars/Base`,
      /^webhooks.hook.timezone must be the name of a time zone/,
    ],
    [
      'a brand beside a feed',
      'from: ghost\nsecret_name: a\nfeed: newsroom\nbrand_id: 7',
      'webhooks.hook.brand_id is taken from the feed: remove it, or remove feed',
    ],
    [
      'a caption beside a feed',
      'from: ghost\nsecret_name: a\nfeed: newsroom\ncaption: "{{ title }}"',
      /^webhooks.hook.caption is taken from the feed/,
    ],
    [
      'a brand in post beside a feed',
      'from: ghost\nsecret_name: a\nfeed: newsroom\npost: { brand_id: 7 }',
      /^webhooks.hook.post.brand_id is taken from the feed/,
    ],
    ['two brands', `${generic}\nbrand_id: 1\npost: { brand_id: 2 }`, /^webhooks.hook has two brands/],
    [
      'a feed without links',
      `${contentful.replace(/link:.*/, '')}\nfeed: newsroom`,
      /^webhooks.hook has a feed but no link/,
    ],
    [
      'a map without id or link',
      generic.replace('id: id, title: title, link: url', 'title: title'),
      /^webhooks.hook.map must have id or link/,
    ],
    [
      'publishing without a video',
      'from: ghost\nsecret_name: a\npublish: now',
      /^webhooks.hook.publish needs a video/,
    ],
    [
      'a schedule without a time',
      `${generic.replace('title: title', 'title: title, media_ids: m')}\npublish: schedule`,
      /^webhooks.hook.publish needs a time/,
    ],
    [
      'stale_after on drafts',
      `${generic}\nstale_after: 1h`,
      /^webhooks.hook.stale_after applies to public posts only/,
    ],
    [
      'an invalid duration',
      `${generic}\npublish: now\nstale_after: soon`,
      /^webhooks.hook.stale_after must be a duration/,
    ],
    [
      'an unknown policy',
      `${generic}\nwhen_uncertain: look_up`,
      /^webhooks.hook.when_uncertain must be auto, retry or park/,
    ],
    [
      'three secrets',
      'from: ghost\nsecret_name: [a, b, c]',
      /^webhooks.hook.secret_name must be one name, or a list of two/,
    ],
    [
      'the same secret twice',
      'from: ghost\nsecret_name: [a, a]',
      /^webhooks.hook.secret_name must be one name/,
    ],
    ['a list instead of a map', '- ghost', /^webhooks.hook must be a map of settings/],
  ])('%s', (_what, lines, expected) => {
    const faults = faultsOf(webhook(lines));

    expect(faults).toContainEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  test('a webhook with the ID of another feed', () => {
    const faults = faultsOf(file('newsroom:\n  from: ghost\n  secret_name: a'));

    expect(faults).toEqual([expect.stringMatching(/^webhooks.newsroom has the id of a feed/)]);
  });

  test('a webhook without feed and brand', () => {
    const yaml = 'webhooks:\n  hook: { from: ghost, secret_name: a }\n';

    expect(faultsOf(yaml)).toEqual(['webhooks.hook has neither feed nor brand_id: give it one of them']);
  });

  test('an ID that cannot be part of an address', () => {
    expect(faultsOf(file('"Ghost Blog":\n  from: ghost\n  secret_name: a'))).toEqual([
      expect.stringMatching(/is not an ID for a webhook/),
    ]);
  });

  test('several faults at once', () => {
    const faults = faultsOf(webhook(`from: ghost\nsecret_name: a\nfeed: nowhere\npublish: now\nlocale: en`));

    expect(faults).toHaveLength(3);
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

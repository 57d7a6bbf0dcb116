import { describe, expect, test } from 'vitest';
import { contentful, faultsOf, file, generic, webhook } from './read-webhooks-file.ts';

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
      'webhooks.hook has no content_types, which strapi needs: otherwise every author and menu entry would become a draft',
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
      'webhooks.hook.verify.signed must contain {body} once: otherwise the signature does not cover the body',
    ],
    [
      'a template with an unknown name',
      generic.replace('X-Signature', 'X-S, signed: "{body}{nonce}"'),
      /verify.signed contains \{nonce\}/,
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
      /verify must be a static_header, because strapi can send nothing else: change it/,
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
      /^webhooks.hook.caption uses "headline"/,
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

    expect(faults).toEqual([expect.stringMatching(/^webhooks.newsroom has the same ID as a feed/)]);
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

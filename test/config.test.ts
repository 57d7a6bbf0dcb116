import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type ConfigFault, readConfig } from '../lib/config.ts';
import { defaultCaption } from '../lib/core/captions/caption.ts';
import { noEditorial } from '../lib/core/editorial/editorial.ts';
import { AppError } from '../lib/core/errors.ts';

const faultsOf = (text: string | Uint8Array): ConfigFault[] => {
  try {
    readConfig(text, 'feeds.yml');
  } catch (error) {
    if (error instanceof AppError && error.code === 'config.invalid')
      return error.details.faults as ConfigFault[];
    throw error;
  }
  return [];
};

/** The errors as printed, without the file's name. */
const faultLines = (text: string | Uint8Array): string[] =>
  faultsOf(text).map(({ line, column, path, message }) =>
    `${line}:${column} ${path} ${message}`.replace('  ', ' '),
  );

/** A valid file, except for the lines added to its only feed. */
const feedWith = (...lines: string[]) =>
  [
    'feeds:',
    '  newsroom:',
    '    url: https://www.example.com/feed.xml',
    '    brand_id: 144',
    ...lines.map((line) => `    ${line}`),
  ].join('\n');

const minimal = feedWith();

describe('a valid file', () => {
  test('needs only an address and a brand', () => {
    expect(readConfig(minimal, 'feeds.yml')).toEqual({
      timezone: 'UTC',
      dash: { lookUp: true, ratePerMinute: 1_000 },
      feeds: [
        {
          id: 'newsroom',
          url: 'https://www.example.com/feed.xml',
          allowPrivate: false,
          timezone: 'UTC',
          rhythm: { adaptive: { meanMs: 3_600_000, minMs: 600_000, maxMs: 86_400_000 } },
          backfill: 0,
          maxAgeMs: 30 * 86_400_000,
          publish: 'draft',
          whenUncertain: 'auto',
          paused: false,
          dedupe: 'brand',
          brandId: 144,
          caption: defaultCaption,
          post: {},
          editorial: noEditorial,
        },
      ],
      webhooks: [],
    });
  });

  test('may set everything', () => {
    const text = `
timezone: Europe/Berlin
dash: { look_up: false, rate_per_minute: 60 }
feeds:
  a-1:
    url: http://192.168.0.1/feed?x=1
    allow_private: true
    timezone: Asia/Tokyo
    cron: "*/5 9-17 * * 1-5"
    backfill: 3
    publish: draft
    when_uncertain: retry
    paused: true
    dedupe: feed
    brand_id: 0
    caption: "{{ title }}"
    post:
      media_ids: [1]
      timestamp: "{{ published }}"
      disable_comment: true
      disable_duet: true
      disable_stitch: true
      thumbnail_offset: 0
      branded_content_type: promoted
      music_info: { id: "x" }
      approval_policy: APPROVAL_REQUIRED
      approval_requests: [{ requested_by_user_id: 1, review_user_id: 2 }]
      board_ids: [1]
      callback_socket_id: "x"
      campaign_ids: [12]
      content_tag_ids: [1]
      duplicate_to_brand_ids: [2]
      post_group_id: 3c90c3cc-0d44-4b50-8888-8dd25736052a
      sort_index: 1.5
      thumbnail_url: null
      title: null
`;

    expect(readConfig(text, 'feeds.yml')).toMatchObject({
      timezone: 'Europe/Berlin',
      dash: { lookUp: false, ratePerMinute: 60 },
      feeds: [
        {
          id: 'a-1',
          timezone: 'Asia/Tokyo',
          rhythm: { cron: '*/5 9-17 * * 1-5', timezone: 'Asia/Tokyo' },
          whenUncertain: 'retry',
          brandId: 0,
          post: { title: null, thumbnail_url: null, sort_index: 1.5 },
        },
      ],
    });
  });

  test.each([
    ['no feeds', 'feeds:\n'],
    ['an empty map of feeds', 'feeds: {}'],
    ['empty sections', 'dash:\ndefaults:\nfeeds:\n'],
    ['a byte order mark', '\uFEFFfeeds: {}'],
    ['Windows line ends', 'timezone: UTC\r\nfeeds: {}\r\n'],
  ])('may have %s', (_what, text) => {
    expect(readConfig(text, 'feeds.yml').feeds).toEqual([]);
  });

  test('may be given as bytes', () => {
    expect(readConfig(new TextEncoder().encode(minimal), 'feeds.yml')).toEqual(
      readConfig(minimal, 'feeds.yml'),
    );
  });
});

describe('defaults', () => {
  const resolve = (defaults: string, feed: string) =>
    readConfig(`defaults: ${defaults}\nfeeds: { a: ${feed} }`, 'feeds.yml').feeds[0];

  test.each([
    [
      'apply when the feed does not set a value',
      '{ brand_id: 1, paused: true }',
      '{ url: "https://e.com" }',
      { brandId: 1, paused: true },
    ],
    [
      'are overridden by the feed',
      '{ brand_id: 1, paused: true }',
      '{ url: "https://e.com", brand_id: 2, paused: false }',
      { brandId: 2, paused: false },
    ],
    [
      'merge post field by field',
      '{ brand_id: 1, post: { disable_duet: true, title: a } }',
      '{ url: "https://e.com", post: { title: b } }',
      { post: { disable_duet: true, title: 'b' } },
    ],
    [
      'may set the brand under post',
      '{ post: { brand_id: 1 } }',
      '{ url: "https://e.com" }',
      { brandId: 1, post: {} },
    ],
    [
      'with a brand under post are overridden by brand_id',
      '{ post: { brand_id: 1 } }',
      '{ url: "https://e.com", brand_id: 2 }',
      { brandId: 2, post: {} },
    ],
    [
      'with brand_id are overridden by a brand under post',
      '{ brand_id: 1 }',
      '{ url: "https://e.com", post: { brand_id: 2 } }',
      { brandId: 2, post: {} },
    ],
    [
      'with every are overridden by cron',
      '{ brand_id: 1, every: 15m }',
      '{ url: "https://e.com", cron: "0 9 * * *" }',
      { rhythm: { cron: '0 9 * * *', timezone: 'UTC' } },
    ],
    [
      'with cron are overridden by every',
      '{ brand_id: 1, cron: "0 9 * * *" }',
      '{ url: "https://e.com", every: 2d }',
      { rhythm: { everyMs: 172_800_000 } },
    ],
  ])('%s', (_what, defaults, feed, resolved) => {
    expect(resolve(defaults, feed)).toMatchObject(resolved);
  });
});

describe('YAML', () => {
  test('supports anchors, merge keys and top-level x-… as in Compose', () => {
    const text = `
x-common: &common
  brand_id: 1
  every: 15m
  post: &post { disable_duet: true }
x-other: &other { every: 30m, backfill: 5 }
feeds:
  a:
    <<: *common
    url: https://e.com/a
  b:
    url: https://e.com/b
    <<: [*common, *other]
    post: { <<: *post, title: x }
  c:
    <<: *other
    url: https://e.com/c
    every: 2h
    brand_id: 2
`;

    const { feeds } = readConfig(text, 'feeds.yml');

    expect(feeds).toMatchObject([
      { id: 'a', brandId: 1, rhythm: { everyMs: 900_000 }, backfill: 0, post: { disable_duet: true } },
      {
        id: 'b',
        brandId: 1,
        rhythm: { everyMs: 900_000 },
        backfill: 5,
        post: { disable_duet: true, title: 'x' },
      },
      { id: 'c', brandId: 2, rhythm: { everyMs: 7_200_000 }, backfill: 5 },
    ]);
  });

  test('allows x-… at the top level only', () => {
    expect(faultLines(feedWith('x-note: hello'))).toEqual([
      expect.stringMatching(/^5:5 feeds\.newsroom\.x-note is not a setting/),
    ]);
  });

  test('keeps numeric IDs as written', () => {
    const text =
      'defaults: { brand_id: 1 }\nfeeds:\n  007: { url: "https://e.com" }\n  1e3: { url: "https://e.com" }';

    expect(
      readConfig(text, 'feeds.yml')
        .feeds.map(({ id }) => id)
        .toSorted(),
    ).toEqual(['007', '1e3']);
  });

  test('allows thousands of feeds to share an anchor', () => {
    const feeds = Array.from(
      { length: 1_000 },
      (_, i) => `  f${i}: { <<: *common, url: "https://e.com/${i}" }`,
    );
    const text = ['x-common: &common { brand_id: 1, caption: "{{ title }}" }', 'feeds:', ...feeds].join('\n');

    expect(readConfig(text, 'feeds.yml').feeds).toHaveLength(1_000);
  });
});

describe('invalid YAML', () => {
  test.each([
    [
      'an empty file',
      '',
      '1:1 the file is empty: give it at least feeds: and below it an id, a colon and the url of a feed',
    ],
    [
      'only comments',
      '# nothing\n',
      '1:1 the file is empty: give it at least feeds: and below it an id, a colon and the url of a feed',
    ],
    [
      'a list',
      '- a\n- b',
      '1:1 must be a map of settings, not a list of 2: write a name, a colon and a value a line',
    ],
    [
      'a word',
      'feeds',
      '1:1 must be a map of settings, not a string of 5 characters: write a name, a colon and a value a line',
    ],
    ['a tab', 'feeds:\n\ta: 1', '2:1 this line is indented with a tab: use spaces'],
    [
      'two documents',
      'feeds: {}\n---\nfeeds: {}',
      '2:1 a second document begins here (---): keep one document per file',
    ],
    [
      'a duplicate name',
      'feeds: {}\ntimezone: UTC\nfeeds: {}',
      '3:1 this name appears twice: keep one of them',
    ],
    ['a missing anchor', 'x-a: *nope\nfeeds: {}', '1:6 there is no anchor &nope above this alias'],
    ['a later anchor', 'x-a: *b\nx-b: &b 1\nfeeds: {}', '1:6 there is no anchor &b above this alias'],
    [
      'a merge of a string',
      'x-a: &a text\n<<: *a\nfeeds: {}',
      '2:5 a merge key << takes a map, or a list of maps',
    ],
    [
      'a tag',
      'feeds: !!python/object {}',
      '1:8 this is not YAML: Unresolved tag: tag:yaml.org,2002:python/object: remove the tag',
    ],
    [
      'a line with too little indentation',
      'feeds:\n  a: {}\n b: {}',
      expect.stringMatching(/^3:1 this is not YAML: All .* same column: compare how this line/),
    ],
    ['an open bracket', 'feeds: [a', expect.stringMatching(/^1:10 this is not YAML: /)],
    ['an open quote', 'feeds: "a\nb', expect.stringMatching(/^2:2 this is not YAML: Missing closing "quote/)],
    [
      'a nested map on one line',
      'feeds: a: b',
      expect.stringMatching(/^1:8 this is not YAML: Nested mappings/),
    ],
    [
      'an indented first line',
      '  a: 1\n\ntimezone: UTC\nfeeds: {}',
      expect.stringMatching(/^3:1 this is not YAML: /),
    ],
    [
      'a recursive alias',
      'x-a: &a { b: *a }\nfeeds: {}',
      '1:9 this is nested more than 50 deep, or is an alias of itself',
    ],
    [
      'a recursive merge',
      'x-a: &a { <<: *a }\nfeeds: {}',
      '1:9 this is nested more than 50 deep, or is an alias of itself',
    ],
    [
      'a name reserved by JavaScript',
      'feeds: { constructor: {} }',
      '1:10 this name cannot be used: choose another',
    ],
    [
      'a name that is a list',
      'feeds: { ? [a] : 1 }',
      '1:12 a name must be a word: write it without brackets',
    ],
    [
      'Latin-1',
      Buffer.from('feeds:\n  # caf\xe9\n', 'latin1'),
      '2:8 the file is not UTF-8 text: save it as UTF-8',
    ],
    [
      'deeply nested maps',
      `${'{a: '.repeat(5_000)}${'}'.repeat(5_000)}`,
      expect.stringMatching(/^1:\d+ this is nested more than 50 deep$/),
    ],
    ['UTF-16', Buffer.from('feeds: {}', 'utf16le'), '1:2 the file is not UTF-8 text: save it as UTF-8'],
  ])('%s', (_what, text, fault) => {
    expect(faultLines(text)).toEqual([fault]);
  });

  test.each([
    ['brackets', '['.repeat(20_000)],
    [
      'aliases',
      [
        'x-a: &a [1,1,1,1,1,1,1,1,1,1]',
        ...'bcdefghi'.split('').map((name, i) => `x-${name}: &${name} [${`*${'abcdefgh'[i]},`.repeat(10)}]`),
        'feeds: {}',
      ].join('\n'),
    ],
    [
      'merges',
      [
        'x-a: &a { k: 1 }',
        ...'bcdefghi'
          .split('')
          .map((name, i) => `x-${name}: &${name} { <<: [${`*${'abcdefgh'[i]},`.repeat(10)}] }`),
        'feeds: {}',
      ].join('\n'),
    ],
  ])('endlessly expanding %s are refused quickly', (_what, text) => {
    const began = performance.now();

    expect(faultLines(text).length).toBeGreaterThan(0);

    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe('each invalid setting is reported with position, rule, value and remedy', () => {
  const every = 'must be a duration from one minute to a year, not';
  const cron = 'must be a cron expression of five fields, not';
  const url = 'must be the address of a feed, not a string of';

  test.each([
    ['every: 5 minutes', `5:12 feeds.newsroom.every ${every} "5 minutes": write for example 15m, 1h or 2d`],
    ['every: 30s', `5:12 feeds.newsroom.every ${every} "30s": write for example 15m, 1h or 2d`],
    ['every: 15', `5:12 feeds.newsroom.every ${every} 15: write for example 15m, 1h or 2d`],
    ['every: 400d', `5:12 feeds.newsroom.every ${every} "400d": write for example 15m, 1h or 2d`],
    ['every:', `5:11 feeds.newsroom.every ${every} null: write for example 15m, 1h or 2d`],
    ['cron: "0 9 * *"', `5:11 feeds.newsroom.cron ${cron} "0 9 * *": write five fields, not 4: minute, hour`],
    ['cron: "0 0 9 * * 1"', `5:11 feeds.newsroom.cron ${cron} "0 0 9 * * 1": write five fields, not 6`],
    [
      'cron: "61 * * * *"',
      `5:11 feeds.newsroom.cron ${cron} "61 * * * *": its minute (field 1) is "61", but must be 0-59`,
    ],
    [
      'cron: "0 25 * * MOO"',
      `5:11 feeds.newsroom.cron ${cron} "0 25 * * MOO": its hour (field 2) is "25", but must be 0-23; its weekday (field 5) is "MOO", but must be`,
    ],
    ['cron: "0 0 30 2 *"', `5:11 feeds.newsroom.cron ${cron} "0 0 30 2 *": this day never occurs`],
    [
      'cron: "@yearly2"',
      `5:11 feeds.newsroom.cron ${cron} a string of 8 characters: write five fields, not 1`,
    ],
    [
      'timezone: Berlin',
      '5:15 feeds.newsroom.timezone must be the name of a time zone, not "Berlin": did you mean Europe/Berlin?',
    ],
    [
      'timezone: "+02:00"',
      '5:15 feeds.newsroom.timezone must be the name of a time zone, not "+02:00": use a name such as Europe/Berlin',
    ],
    [
      'backfill: -1',
      '5:15 feeds.newsroom.backfill must be a whole number from 0 to 1000, not -1: write a number in that range',
    ],
    [
      'backfill: "5"',
      '5:15 feeds.newsroom.backfill must be a whole number from 0 to 1000, not "5": write it without quotes',
    ],
    [
      'only: { keywords: [] }',
      '5:23 feeds.newsroom.only.keywords must be a list of at least one, not a list of 0: name at least one, or remove the setting',
    ],
    [
      'slots: []\n    at: next_slot',
      '5:12 feeds.newsroom.slots must be a list of at least one time, not a list of 0: write one',
    ],
    ['backfill: 1.5', '5:15 feeds.newsroom.backfill must be a whole number from 0 to 1000, not 1.5'],
    ['backfill: all', '5:15 feeds.newsroom.backfill must be a whole number from 0 to 1000, not "all"'],
    [
      'publish: schedule',
      '5:14 feeds.newsroom.publish must be draft, not "schedule": public posts need a video, which feeds do not have; use a webhook instead',
    ],
    ['publish: now', '5:14 feeds.newsroom.publish must be draft, not "now"'],
    [
      'when_uncertain: maybe',
      '5:21 feeds.newsroom.when_uncertain must be auto, retry or park, not "maybe": write it exactly so',
    ],
    [
      'when_uncertain: look_up',
      '5:21 feeds.newsroom.when_uncertain must be auto, retry or park, not "look_up"',
    ],
    ['paused: "yes"', '5:13 feeds.newsroom.paused must be true or false, not "yes": write one of the two'],
    [
      'paused: "true"',
      '5:13 feeds.newsroom.paused must be true or false, not "true": write it without quotes',
    ],
    ['post: { disable_duet: 1 }', 'disable_duet must be true or false, not 1: write one of the two'],
    ['post: { sort_index: "3" }', 'sort_index must be a number, not "3": write it without quotes'],
    ['paused: yes', '5:13 feeds.newsroom.paused must be true or false, not "yes"'],
    ['dedupe: none', '5:13 feeds.newsroom.dedupe must be brand or feed, not "none"'],
    ['caption: 5', '5:14 feeds.newsroom.caption must be a template in Liquid, not 5: put it in quotes'],
    [
      'caption: "{{ titel }}"',
      '5:14 feeds.newsroom.caption names "titel", which no entry has: did you mean title?',
    ],
    [
      'caption: "{{ title"',
      '5:14 feeds.newsroom.caption is not a Liquid template: output "{{ title" not closed (its line 1, column 1)',
    ],
    ['evry: 1h', '5:5 feeds.newsroom.evry is not a setting: did you mean every?'],
    ['brandId: 1', '5:5 feeds.newsroom.brandId is not a setting: did you mean brand_id?'],
    ['token: abc', '5:5 feeds.newsroom.token is not a setting: remove it; there are url, allow_private,'],
    ['post: []', '5:11 feeds.newsroom.post must be a map of fields of the API, not a list of 0'],
    [
      'post: { text: x }',
      '5:19 feeds.newsroom.post.text is what the caption renders to: write the template as caption, beside post',
    ],
    ['post: { status: DRAFT }', '5:21 feeds.newsroom.post.status is decided by publish: remove it'],
    [
      'post: { auto_publish: false }',
      '5:27 feeds.newsroom.post.auto_publish is decided by publish: remove it',
    ],
    [
      'post: { creation_source: RSS_FEED }',
      '5:30 feeds.newsroom.post.creation_source is always RSS_FEED: remove it',
    ],
    [
      'post: { disable_duett: true }',
      '5:13 feeds.newsroom.post.disable_duett is not a setting: did you mean disable_duet?',
    ],
    [
      'post: { campaign_ids: 12 }',
      '5:27 feeds.newsroom.post.campaign_ids must be a list of ids, not 12: write it in brackets, for example [12]',
    ],
    ['post: { campaign_ids: [1, -2] }', '5:31 feeds.newsroom.post.campaign_ids.1 must be 0 or more, not -2'],
    [
      'post: { campaign_ids: ["{{ title }}"] }',
      '5:28 feeds.newsroom.post.campaign_ids.0 must be a number, not a string of 11 characters',
    ],
    ['post: { disable_duet: "{{ title }}" }', '5:27 feeds.newsroom.post.disable_duet must be true or false'],
    [
      'post: { title: "{{ titel }}" }',
      '5:20 feeds.newsroom.post.title names "titel", which no entry has: did you mean title?',
    ],
    [
      'post: { music_info: { a: [ "{{ x }}" ] } }',
      '5:32 feeds.newsroom.post.music_info.a.0 names "x", which no entry has',
    ],
    [
      'post: { timestamp: tomorrow }',
      '5:24 feeds.newsroom.post.timestamp must be a date-time of RFC 3339, not "tomorrow"',
    ],
    [
      'post: { branded_content_type: promo }',
      '5:35 feeds.newsroom.post.branded_content_type must be one of promoted, paid_partnership',
    ],
    [
      'post: { brand_id: 5 }',
      '2:3 feeds.newsroom has two brands, in brand_id and in post.brand_id: keep one of them',
    ],
    ['url: https://e.com', '5:5 this name appears twice: keep one of them'],
  ])('%s', (line, fault) => {
    expect(faultLines(feedWith(line))).toEqual([expect.stringContaining(fault)]);
  });

  test.each([
    [
      'ftp://e.com/feed',
      `3:10 feeds.a.url ${url} 16 characters: write it in full and without spaces, beginning with https://`,
    ],
    ['/feed.xml', `3:10 feeds.a.url ${url} 9 characters`],
    ['https://', `3:10 feeds.a.url ${url} 8 characters`],
    ['https:///feed', `3:10 feeds.a.url ${url} 13 characters`],
    ['https://e.com/a b', `3:10 feeds.a.url ${url} 17 characters`],
    ['https://exa mple.com', `3:10 feeds.a.url ${url} 20 characters`],
    [
      `https://e.com/${'x'.repeat(2_048)}`,
      `3:10 feeds.a.url ${url} 2062 characters: use one of at most 2,048 characters`,
    ],
    [
      'https://user:geheim@e.com/feed',
      '3:10 feeds.a.url contains a user name or a password: remove it, and use headers or basic instead',
    ],
    ['https://user@e.com/feed', '3:10 feeds.a.url contains a user name or a password'],
  ])('url: %.40s', (written, fault) => {
    expect(faultLines(`feeds:\n  a:\n    url: ${written}\n    brand_id: 1`)).toEqual([
      expect.stringContaining(fault),
    ]);
  });

  test.each(['Blog', 'my blog', 'blog!', '-blog', 'é', 'x'.repeat(64), 'a/b', ''])('id %.20j', (id) => {
    const text = `feeds:\n  ${JSON.stringify(id)}: { url: "https://e.com", brand_id: 1 }`;

    expect(faultLines(text)).toEqual([
      `2:3 feeds.${id} is not an ID for a feed: use a-z, 0-9, - and _, at most 63, and begin with a letter or a digit`,
    ]);
  });

  test.each([
    ['feedss: {}', '1:1 feedss is not a setting: did you mean feeds?'],
    [
      'feeds: []',
      '1:8 feeds must be a map of feeds, not a list of 0: write an id, a colon, and below it the url',
    ],
    ['feeds: { a: }', '1:13 feeds.a must be a map of settings, not null'],
    ['feeds: { a: https://e.com }', '1:13 feeds.a must be a map of settings, not a string of 13 characters'],
    ['feeds: { a: { brand_id: 1 } }', '1:10 feeds.a.url is missing: give it a value'],
    [
      'feeds: { a: { url: "https://e.com" } }',
      '1:10 feeds.a has no brand_id: give it one, or give one to defaults',
    ],
    [
      'feeds: { a: { url: "https://e.com", brand_id: 1, every: 1h, cron: "0 9 * * *" } }',
      '1:10 feeds.a has both every and cron: keep one of them',
    ],
    ['defaults: { url: "https://e.com" }', '1:13 defaults.url is not a setting'],
    ['defaults: { every: 1h, cron: "0 9 * * *" }', '1:1 defaults has both every and cron: keep one of them'],
    [
      'defaults: { when_uncertain: look_up }',
      '1:29 defaults.when_uncertain must be auto, retry or park, not "look_up"',
    ],
    [
      'dash: { look_up: true }',
      '1:18 dash.look_up must be false, not true: leave it out where the list may be asked for',
    ],
    [
      'dash: { rate_per_minute: 0 }',
      '1:26 dash.rate_per_minute must be a whole number from 1 to 1000, not 0',
    ],
    [
      'dash: { rate_per_minute: 1001 }',
      '1:26 dash.rate_per_minute must be a whole number from 1 to 1000, not 1001',
    ],
    ['timezone: 5', '1:11 timezone must be the name of a time zone, not 5'],
  ])('%s', (text, fault) => {
    expect(faultLines(text)).toEqual([expect.stringContaining(fault)]);
  });
});

describe('several errors', () => {
  test('are reported at once, in file order, each at its position', () => {
    const text = `timezone: Berlin
feeds:
  newsroom:
    urll: https://www.example.com/feed.xml
    every: 30s
    every: 1h
    post:
      campaign_ids: 12
      title: "{{ titel }}"
  Blog:
    url: https://example.com
    when_uncertain: look_up
`;

    const error = catching(() => readConfig(text, 'my/feeds.yml'));

    expect(error).toMatchObject({ kind: 'config', code: 'config.invalid' });
    expect(error.message.split('\n').map((line) => line.slice(0, 60))).toEqual([
      'my/feeds.yml has 10 errors:',
      '  my/feeds.yml:1:11 timezone must be the name of a time zone',
      '  my/feeds.yml:3:3 feeds.newsroom.url is missing: give it a ',
      '  my/feeds.yml:3:3 feeds.newsroom has no brand_id: give it o',
      '  my/feeds.yml:4:5 feeds.newsroom.urll is not a setting: did',
      '  my/feeds.yml:6:5 this name appears twice: keep one of them',
      '  my/feeds.yml:8:21 feeds.newsroom.post.campaign_ids must be',
      '  my/feeds.yml:9:14 feeds.newsroom.post.title names "titel",',
      '  my/feeds.yml:10:3 feeds.Blog is not an ID for a feed: use ',
      '  my/feeds.yml:10:3 feeds.Blog has no brand_id: give it one,',
      '  my/feeds.yml:12:21 feeds.Blog.when_uncertain must be auto,',
    ]);
  });

  test('from one anchor are reported once, at the anchor', () => {
    const text = `x-common: &common
  every: 30s
feeds:
  a: { <<: *common, url: "https://e.com", brand_id: 1 }
  b: { <<: *common, url: "https://e.com", brand_id: 1 }
  c: { <<: *common, url: "https://e.com", brand_id: 1 }
`;

    expect(faultLines(text)).toEqual([
      expect.stringMatching(/^2:10 feeds\.a\.every \(and 2 more\) must be a duration/),
    ]);
  });

  test('in an aliased value are reported where the value is', () => {
    const text =
      'x-id: &id [wrong]\nfeeds:\n  a: { url: "https://e.com", brand_id: 1, post: { board_ids: *id } }';

    expect(faultLines(text)).toEqual([
      expect.stringMatching(/^1:12 feeds\.a\.post\.board_ids\.0 must be a number/),
    ]);
  });

  test('repeat no value that may be a secret in the wrong place', () => {
    const secret = 'sk-12345';
    const text = `feeds: { a: { url: "https://u:${secret}@e.com", every: ${secret}, brand_id: ${secret}, token: ${secret}, post: { title: 5, timestamp: ${secret} } } }`;

    const error = catching(() => readConfig(text, 'feeds.yml'));

    expect(error.message).toContain('6 errors');
    expect(JSON.stringify([error.message, error.details])).not.toContain(secret);
  });
});

const catching = (run: () => unknown): AppError => {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('the feeds.yml of this repository', () => {
  const sample = readFileSync(new URL('../feeds.yml', import.meta.url), 'utf8');

  test('is valid without a feed', () => {
    expect(readConfig(sample, 'feeds.yml').feeds).toEqual([]);
  });

  /** As its header describes: a line with only # stays a comment. */
  test('is valid when "# " is removed', () => {
    const uncommented = sample.replace(/^# (?!yaml-)/gm, '');

    const { feeds, webhooks, alerts } = readConfig(uncommented, 'feeds.yml');

    expect(feeds).toEqual([
      {
        ...readConfig(minimal, 'feeds.yml').feeds[0],
        timezone: 'Europe/Berlin',
        editorial: expect.objectContaining({
          limits: { perDay: 5, perHour: 2, quiet: { from: 1_320, to: 420 } },
        }),
        post: { campaign_ids: [12], disable_duet: true, thumbnail_url: '{{ image }}' },
      },
    ]);
    expect(webhooks).toMatchObject([{ id: 'blog-ghost', hasFeed: true }]);
    expect(alerts?.channels).toEqual([{ kind: 'email' }, { kind: 'slack', secret: 'team-slack' }]);
  });
});

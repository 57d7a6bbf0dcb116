import { describe, expect, test } from 'vitest';
import { faultLines, feedWith } from './support/config-faults.ts';

describe('each invalid setting is reported with position, rule, value and remedy', () => {
  const every = 'must be a duration from one minute to a year, not';
  const cron = 'must be a cron expression of five fields, not';
  const url = 'must be the address of a feed, not a string of';

  test.each([
    ['every: 5 minutes', `5:12 feeds.newsroom.every ${every} "5 minutes": write, for example, 15m, 1h or 2d`],
    ['every: 30s', `5:12 feeds.newsroom.every ${every} "30s": write, for example, 15m, 1h or 2d`],
    ['every: 15', `5:12 feeds.newsroom.every ${every} 15: write, for example, 15m, 1h or 2d`],
    ['every: 400d', `5:12 feeds.newsroom.every ${every} "400d": write, for example, 15m, 1h or 2d`],
    ['every:', `5:11 feeds.newsroom.every ${every} null: write, for example, 15m, 1h or 2d`],
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
    [
      'review: sometimes',
      '5:13 feeds.newsroom.review must be true, false or { first: 10 }, not "sometimes": write one of them',
    ],
    ['enrich: { timeout: 20s }', '5:5 feeds.newsroom.enrich needs either lambda or url: name one hook'],
    [
      'enrich: { lambda: "arn:aws:lambda:eu-central-1:111122223333:function:*" }',
      'feeds.newsroom.enrich.lambda must be the ARN of a Lambda function, not',
    ],
    [
      'enrich: { url: "https://hook.example.com/" }',
      '5:5 feeds.newsroom.enrich has no secret_name: name the secret that signs the requests',
    ],
    [
      'enrich: { url: "http://hook.example.com/", secret_name: hook }',
      '5:5 feeds.newsroom.enrich has a url without encryption: begin with https://',
    ],
    [
      'enrich: { url: "https://ada:pass@hook.example.com/", secret_name: hook }',
      'feeds.newsroom.enrich.url contains a user name or a password: remove it',
    ],
    [
      'enrich: { lambda: "arn:aws:lambda:eu-central-1:111122223333:function:f", timeout: 90s }',
      'feeds.newsroom.enrich.timeout must be a duration from 1s to 60s, not "90s": write, for example, 20s',
    ],
    [
      'enrich: { lambda: "arn:aws:lambda:eu-central-1:111122223333:function:f", secret_name: hook }',
      'feeds.newsroom.enrich has settings that only a url uses: remove secret_name and allow_private',
    ],
    ['review: { first: 0 }', '5:22 feeds.newsroom.review.first must be a whole number from 1 to 100, not 0'],
    [
      'review: { last: 3 }',
      'feeds.newsroom.review must be true, false or { first: 10 }, not an object: write one of them',
    ],
    ['post: { disable_duet: 1 }', 'disable_duet must be true or false, not 1: write one of the two'],
    ['post: { sort_index: "3" }', 'sort_index must be a number, not "3": write it without quotes'],
    ['paused: yes', '5:13 feeds.newsroom.paused must be true or false, not "yes"'],
    ['dedupe: none', '5:13 feeds.newsroom.dedupe must be brand or feed, not "none"'],
    ['caption: 5', '5:14 feeds.newsroom.caption must be a template in Liquid, not 5: put it in quotes'],
    [
      'caption: "{{ titel }}"',
      '5:14 feeds.newsroom.caption uses "titel", which no entry has: did you mean title?',
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
      '5:20 feeds.newsroom.post.title uses "titel", which no entry has: did you mean title?',
    ],
    [
      'post: { music_info: { a: [ "{{ x }}" ] } }',
      '5:32 feeds.newsroom.post.music_info.a.0 uses "x", which no entry has',
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
      '1:18 dash.look_up must be false, not true: remove it if the list may be requested',
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

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../lib/config.ts';
import { defaultCaption } from '../lib/core/captions/caption.ts';
import { noEditorial } from '../lib/core/editorial/editorial.ts';
import { feedWith } from './support/config-faults.ts';

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
          rhythm: { adaptive: { meanMs: 900_000, minMs: 600_000, maxMs: 86_400_000 } },
          backfill: 0,
          maxAgeMs: 30 * 86_400_000,
          publish: 'draft',
          whenUncertain: 'auto',
          review: false,
          onEdit: 'alert',
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
      'may ask for a review',
      '{ brand_id: 1, review: { first: 3 } }',
      '{ url: "https://e.com" }',
      { review: { first: 3 } },
    ],
    [
      'may ask for a review that a feed does without',
      '{ brand_id: 1, review: true }',
      '{ url: "https://e.com", review: false }',
      { review: false },
    ],
    [
      'may name a hook, with a limit and what happens without an answer',
      '{ brand_id: 1, enrich: { url: "https://hook.example.com/", secret_name: [a, b], timeout: 45s, on_failure: send } }',
      '{ url: "https://e.com" }',
      {
        enrich: {
          target: {
            kind: 'url',
            url: 'https://hook.example.com/',
            secretNames: ['a', 'b'],
            allowPrivate: false,
          },
          timeoutMs: 45_000,
          onFailure: 'send',
        },
      },
    ],
    [
      'may name a hook that a feed replaces as a whole',
      '{ brand_id: 1, enrich: { url: "https://hook.example.com/", secret_name: a, on_failure: send } }',
      '{ url: "https://e.com", enrich: { lambda: "arn:aws:lambda:eu-central-1:111122223333:function:f:live" } }',
      {
        enrich: {
          target: { kind: 'lambda', arn: 'arn:aws:lambda:eu-central-1:111122223333:function:f:live' },
          timeoutMs: 20_000,
          onFailure: 'hold',
        },
      },
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

import { describe, expect, test } from 'vitest';
import { type ConfigFault, readConfig } from '../../../../lib/config.ts';
import type { FeedConfig } from '../../../../lib/core/config/config.ts';
import { noEditorial } from '../../../../lib/core/editorial/editorial.ts';
import { AppError } from '../../../../lib/core/errors.ts';

const file = (feed: string[], rest: string[] = []) =>
  [
    'feeds:',
    '  newsroom:',
    '    url: https://www.example.com/feed.xml',
    '    brand_id: 144',
    ...feed.map((line) => `    ${line}`),
    ...rest,
  ].join('\n');

const faultsOf = (text: string): string[] => {
  try {
    readConfig(text, 'feeds.yml');
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return (error.details.faults as ConfigFault[]).map(
      ({ line, column, path, message }) => `${line}:${column} ${path} ${message}`,
    );
  }
};

const feedOf = (text: string) => readConfig(text, 'feeds.yml').feeds[0] as FeedConfig;

describe('the editorial settings', () => {
  test('are all read', () => {
    const { editorial } = feedOf(
      file([
        'only: { keywords: [launch, drop], categories: [Products], newer_than: 30d }',
        'skip: { categories: [Internal], keywords: [sponsored], authors: [Newsdesk] }',
        'limits: { per_day: 5, per_hour: 2, quiet: "22:00-07:00" }',
        'at: next_slot',
        'slots: ["17:30", 09:00, "9:00"]',
        'utm: { source: tiktok, medium: social, campaign: "{{ feed }}" }',
      ]),
    );

    expect(editorial).toEqual({
      rules: {
        only: { keywords: ['launch', 'drop'], categories: ['Products'], newerThanMs: 30 * 86_400_000 },
        skip: { keywords: ['sponsored'], categories: ['Internal'], authors: ['Newsdesk'] },
      },
      limits: { perDay: 5, perHour: 2, quiet: { from: 22 * 60, to: 7 * 60 } },
      at: { kind: 'slot', slots: [9 * 60, 17 * 60 + 30] },
      utm: { source: 'tiktok', medium: 'social', campaign: '{{ feed }}' },
    });
  });

  test.each([
    ['+2h', { kind: 'after', ms: 7_200_000 }],
    ['"{{ published }}"', { kind: 'template', template: '{{ published }}' }],
  ])('accept at: %s', (written, at) => {
    expect(feedOf(file([`at: ${written}`])).editorial.at).toEqual(at);
  });

  test('in a feed replace the defaults, each as a whole', () => {
    const config = readConfig(
      file(
        ['only: { categories: [Products] }'],
        ['defaults:', '  only: { keywords: [launch] }', '  limits: { per_day: 5 }'],
      ),
      'feeds.yml',
    );

    const [feed] = config.feeds;
    expect(feed?.editorial.rules.only).toMatchObject({ keywords: [], categories: ['Products'] });
    expect(feed?.editorial.limits.perDay).toBe(5);
  });

  test("apply to a webhook: its own or its feed's", () => {
    const { webhooks } = readConfig(
      file(
        ['limits: { per_day: 5 }'],
        [
          'webhooks:',
          '  with-feed: { from: ghost, secret_name: ghost, feed: newsroom }',
          '  alone: { from: ghost, secret_name: ghost, brand_id: 144, limits: { per_day: 2 } }',
          '  plain: { from: ghost, secret_name: ghost, brand_id: 144 }',
        ],
      ),
      'feeds.yml',
    );

    expect(webhooks.map(({ mapping }) => mapping.editorial.limits.perDay)).toEqual([5, 2, null]);
    expect(webhooks[2]?.mapping.editorial).toEqual(noEditorial);
  });

  test.each([
    ['only: { keywords: launch }', /^5:\d+ feeds.newsroom.only.keywords must be a list/],
    ['only: { keywords: [] }', /name at least one/],
    ['only: { keywords: [2024] }', /5:\d+ feeds.newsroom.only.keywords.0 must be a text, not 2024/],
    ['only: { author: [x] }', /5:\d+ feeds.newsroom.only.author is not a setting/],
    ['only: { newer_than: 30 }', /newer_than must be a duration/],
    ['skip: { categoris: [x] }', /is not a setting: did you mean categories\?/],
    ['limits: { per_day: 0 }', /per_day must be a whole number from 1 to 500/],
    ['limits: { quiet: "22-7" }', /5:\d+ feeds.newsroom.limits.quiet must be two times of the day/],
    ['limits: { quiet: "22:00-22:00" }', /quiet must be two times/],
    ['limits: { quiet: "22:00-07:00-09:00" }', /quiet must be two times/],
    ['limits: { quiet: "24:00-07:00" }', /quiet must be two times/],
    ['at: tomorrow', /5:\d+ feeds.newsroom.at must be next_slot, a while from \+5m/],
    ['at: +1m', /at must be next_slot/],
    ['at: "{{ publishd }}"', /5:\d+ feeds.newsroom.at uses "publishd", .* did you mean published\?/],
    ['at: next_slot', /5:\d+ feeds.newsroom.at is next_slot, but there are no slots/],
    ['slots: ["09:00"]', /5:\d+ feeds.newsroom.slots are only used by at: next_slot/],
    ['utm: { source: "{{ sorce }}" }', /utm.source uses "sorce"/],
    ['utm: { sorce: x }', /utm.sorce is not a setting: did you mean source\?/],
  ])('are rejected when wrong: %s', (line, message) => {
    expect(faultsOf(file([line]))).toEqual([expect.stringMatching(message)]);
  });

  test.each([['9h'], ['"25:00"'], ['"09:60"']])('reject the slot %s', (slot) => {
    expect(faultsOf(file(['at: next_slot', `slots: [${slot}]`]))).toEqual([
      expect.stringMatching(/^6:\d+ feeds.newsroom.slots.0 must be a time of the day/),
    ]);
  });

  test('reject at beside post.timestamp', () => {
    const text = file(['at: +2h', 'post: { timestamp: "{{ published }}" }']);

    expect(faultsOf(text)).toEqual([
      expect.stringMatching(/^5:9 feeds.newsroom.at sets the time, and so does post.timestamp/),
    ]);
  });

  test('reject next_slot without slots in the defaults', () => {
    const text = file([], ['defaults:', '  at: next_slot']);

    expect(faultsOf(text)).toEqual([
      expect.stringMatching(/feeds.newsroom is next_slot, but there are no slots/),
    ]);
  });

  test('are rejected on a webhook that has a feed', () => {
    const text = file(
      [],
      ['webhooks:', '  blog: { from: ghost, secret_name: ghost, feed: newsroom, limits: { per_day: 1 } }'],
    );

    expect(faultsOf(text)).toEqual([expect.stringMatching(/webhooks.blog.limits is taken from the feed/)]);
  });
});

describe('stages', () => {
  test.each([
    ['staging: { deliver: nothing }', /stages.staging.deliver must be dash or none/],
    ['staging: { delivers: none }', /stages.staging.delivers is not a setting: did you mean deliver\?/],
    ['my stage: { deliver: none }', /stages.my stage is not a stage name/],
    ['staging: { brand_id: "9" }', /stages.staging.brand_id must be a whole number/],
  ])('are rejected when wrong: %s', (line, message) => {
    expect(faultsOf(file([], ['stages:', `  ${line}`]))).toEqual([expect.stringMatching(message)]);
  });
});

describe('alerts', () => {
  test('name their channels by inbound secret keys', () => {
    const { alerts } = readConfig(
      file([], ['alerts: { drafts: true, email: true, slack: team-slack }']),
      'feeds.yml',
    );

    expect(alerts).toEqual({
      review: { dailyAt: 540 },
      drafts: true,
      allowPrivate: false,
      channels: [{ kind: 'email' }, { kind: 'slack', secret: 'team-slack' }],
    });
  });

  test.each([
    ['none', null],
    ['immediate', 'immediate'],
    ['daily 17:30', { dailyAt: 1_050 }],
  ])('report entries to review: %s', (review, expected) => {
    const { alerts } = readConfig(file([], [`alerts: { email: true, review: ${review} }`]), 'feeds.yml');

    expect(alerts?.review).toEqual(expected);
  });

  test.each([
    ['alerts: { drafts: true }', /7:1|5:1 alerts have no channel/],
    [
      'alerts: { slack: "https://hooks.slack.com/services/T0/B0/x" }',
      /alerts.slack must be the name of a secret/,
    ],
    [
      'alerts: { email: true, review: weekly }',
      /alerts.review must be none, immediate, or daily with a time/,
    ],
    ['alerts: { email: true, review: daily 25:00 }', /alerts.review must be none, immediate, or daily/],
    ['alerts: { slack: xoxb-123456 }', /alerts.slack looks like a secret itself/],
    ['alerts: { mail: true }', /alerts.mail is not a setting: did you mean email\?/],
  ])('are rejected when wrong: %s', (line, message) => {
    expect(faultsOf(file([], [line]))).toContainEqual(expect.stringMatching(message));
  });
});

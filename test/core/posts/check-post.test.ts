import { describe, expect, it } from 'vitest';
import type { Publish } from '../../../lib/core/config/config.ts';
import { checkPost, publishModes } from '../../../lib/core/posts/check-post.ts';

const now = Date.parse('2026-03-01T00:00:00Z');
const later = '2026-03-10T15:00:00Z';

const posts: Record<Publish, Record<string, unknown>> = {
  draft: { brand_id: 144, status: 'DRAFT', auto_publish: false, creation_source: 'RSS_FEED', text: 'Hello' },
  schedule: {
    brand_id: 144,
    status: 'SCHEDULED',
    auto_publish: true,
    creation_source: 'RSS_FEED',
    media_ids: [7],
    timestamp: later,
  },
  now: {
    brand_id: 144,
    status: 'AUTOPUBLISHING',
    auto_publish: true,
    creation_source: 'RSS_FEED',
    media_ids: [7],
  },
};

const problems = (input: unknown, mode: Publish) => {
  const checked = checkPost(input, { mode, now });
  return checked.ok ? [] : checked.problems;
};

describe('checkPost', () => {
  it('accepts the documented example request with creation_source added', () => {
    const example = {
      auto_publish: true,
      brand_id: 144,
      status: 'SCHEDULED',
      text: 'Behind the scenes of our launch',
      media_ids: [621242772],
      timestamp: '2026-03-10T15:00:00Z',
      disable_comment: false,
      disable_duet: false,
      disable_stitch: false,
    };
    const post = { ...example, creation_source: 'RSS_FEED' };

    expect(checkPost(post, { mode: 'schedule', now })).toEqual({ ok: true, post });
  });

  it('accepts the documented curl example with placeholders and missing fields filled in', () => {
    const post = {
      brand_id: 1,
      auto_publish: true,
      text: '<string>',
      media_ids: [1],
      timestamp: '2023-11-07T05:31:56Z',
      disable_comment: false,
      disable_duet: false,
      disable_stitch: false,
      thumbnail_offset: 1,
      approval_requests: [{ requested_by_user_id: 123, review_user_id: 123 }],
      board_ids: [1],
      callback_socket_id: '<string>',
      campaign_ids: [1],
      content_tag_ids: [1],
      duplicate_to_brand_ids: [1],
      post_group_id: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
      sort_index: 123,
      thumbnail_url: 'https://example.com/image.jpg',
      title: null,
      status: 'SCHEDULED',
      branded_content_type: null,
      music_info: null,
      approval_policy: 'APPROVAL_NOT_REQUIRED',
      creation_source: 'RSS_FEED',
    };

    expect(checkPost(post, { mode: 'schedule', now: Date.parse('2023-11-07T05:31:55Z') })).toEqual({
      ok: true,
      post,
    });
  });
});

describe('a publish mode', () => {
  it.each(['draft', 'schedule', 'now'] as const)('accepts a complete post to %s', (mode) => {
    expect(checkPost(posts[mode], { mode, now })).toEqual({ ok: true, post: posts[mode] });
  });

  it('accepts a draft with media and a timestamp, even one in the past', () => {
    const post = { ...posts.draft, media_ids: [7], timestamp: '2020-01-01T00:00:00Z' };

    expect(checkPost(post, { mode: 'draft', now })).toEqual({ ok: true, post });
  });

  it('accepts a timestamp for a post published now', () => {
    expect(problems({ ...posts.now, timestamp: null }, 'now')).toEqual([]);
  });

  const wanted = { draft: 'publish: draft', schedule: 'publish: schedule', now: 'publish: now' };
  const breaks: { mode: Publish; change: Record<string, unknown>; field: string; message: string }[] = [
    { mode: 'draft', change: { status: 'SCHEDULED' }, field: 'status', message: 'status must be DRAFT' },
    {
      mode: 'draft',
      change: { auto_publish: true },
      field: 'auto_publish',
      message: 'auto_publish must be false',
    },
    { mode: 'schedule', change: { status: 'DRAFT' }, field: 'status', message: 'status must be SCHEDULED' },
    {
      mode: 'schedule',
      change: { auto_publish: false },
      field: 'auto_publish',
      message: 'auto_publish must be true',
    },
    {
      mode: 'schedule',
      change: { media_ids: undefined },
      field: 'media_ids',
      message: 'media_ids must contain a video',
    },
    {
      mode: 'schedule',
      change: { media_ids: [] },
      field: 'media_ids',
      message: 'media_ids must contain a video',
    },
    {
      mode: 'schedule',
      change: { timestamp: undefined },
      field: 'timestamp',
      message: 'timestamp is needed',
    },
    { mode: 'schedule', change: { timestamp: null }, field: 'timestamp', message: 'timestamp is needed' },
    {
      mode: 'schedule',
      change: { timestamp: '2026-03-01T00:00:00Z' },
      field: 'timestamp',
      message: 'timestamp must be in the future',
    },
    {
      mode: 'schedule',
      change: { timestamp: '2026-03-01T00:30:00+01:00' },
      field: 'timestamp',
      message: 'timestamp must be in the future',
    },
    {
      mode: 'now',
      change: { status: 'SCHEDULED' },
      field: 'status',
      message: 'status must be AUTOPUBLISHING',
    },
    {
      mode: 'now',
      change: { auto_publish: false },
      field: 'auto_publish',
      message: 'auto_publish must be true',
    },
    {
      mode: 'now',
      change: { media_ids: undefined },
      field: 'media_ids',
      message: 'media_ids must contain a video',
    },
    { mode: 'now', change: { status: 'POSTED' }, field: 'status', message: 'status must be AUTOPUBLISHING' },
  ];

  it.each(breaks)('$mode rejects $change only because $message', ({ mode, change, field, message }) => {
    const broken = Object.fromEntries(
      Object.entries({ ...posts[mode], ...change }).filter(([, value]) => value !== undefined),
    );

    const found = problems(broken, mode);

    expect(found).toEqual([{ field, message: expect.stringContaining(message) }]);
    expect(found[0]?.message).toContain(wanted[mode]);
    expect(found[0]?.message).toMatch(/[;,:] .*(send|give|set|choose|change)/);
  });

  it('accepts a timestamp one millisecond ahead', () => {
    expect(problems({ ...posts.schedule, timestamp: '2026-03-01T00:00:00.001Z' }, 'schedule')).toEqual([]);
  });

  it('defines the required status and auto_publish', () => {
    expect(publishModes).toEqual({
      draft: { status: 'DRAFT', auto_publish: false },
      schedule: { status: 'SCHEDULED', auto_publish: true },
      now: { status: 'AUTOPUBLISHING', auto_publish: true },
    });
  });
});

describe('several faults at once', () => {
  it('are all reported, including unknown fields', () => {
    const post = {
      ...posts.now,
      media_ids: [],
      text: 5,
      caption: 'x',
      rss_guid: 'y',
      campaign_ids: [1, -2, 'z'],
    };

    expect(
      problems(post, 'now')
        .map(({ field }) => field)
        .toSorted(),
    ).toEqual(['campaign_ids.1', 'campaign_ids.2', 'caption', 'media_ids', 'rss_guid', 'text']);
  });

  it('are reported once per field', () => {
    expect(
      problems({ ...posts.schedule, timestamp: 'soon', media_ids: 'x' }, 'schedule').map(
        ({ field }) => field,
      ),
    ).toEqual(['media_ids', 'timestamp']);
  });

  it.each([null, undefined, 5, 'x', [], [posts.draft]])('%j is reported as not an object', (input) => {
    expect(problems(input, 'draft')).toEqual([
      { field: '', message: expect.stringContaining('the post must be an object') },
    ]);
  });
});

it('each single violation has its own distinct message', () => {
  const fields: Record<string, unknown[]> = {
    brand_id: ['1', -1, 1.5],
    auto_publish: ['true'],
    status: ['x'],
    text: [5, 'a'.repeat(2_201)],
    media_ids: [5, [1, 2], ['1'], [-1], [1.5]],
    timestamp: [5, 'soon', '2026-02-30T00:00:00Z'],
    disable_comment: [0],
    disable_duet: [0],
    disable_stitch: [0],
    thumbnail_offset: ['1', -1, 1.5],
    branded_content_type: ['x'],
    music_info: [[]],
    approval_policy: ['x'],
    approval_requests: [5, [5], [{ review_user_id: 'x' }], [{ requested_by_user_id: 'x' }], [{ x: 1 }]],
    board_ids: [5, [-1], [1.5], ['1']],
    callback_socket_id: [5],
    campaign_ids: [5, [-1], [1.5], ['1']],
    content_tag_ids: [5, [-1], [1.5], ['1']],
    creation_source: ['x'],
    duplicate_to_brand_ids: [5, [-1], [1.5], ['1'], Array.from({ length: 56 }, () => 1)],
    post_group_id: [5, 'x'],
    sort_index: ['1'],
    thumbnail_url: [5, 'x', 'https://['],
    title: [5],
    unknown_field: [1],
  };

  const found = Object.entries(fields).flatMap(([field, values]) =>
    values.map((value) => problems({ ...posts.draft, [field]: value }, 'draft')),
  );

  expect(found.filter(({ length }) => length !== 1)).toEqual([]);
  const messages = found.flat().map(({ message }) => message);
  expect(new Set(messages).size).toBe(messages.length);
});

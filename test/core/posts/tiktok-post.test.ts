import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  ownFields,
  type PostField,
  postFields,
  statuses,
  stringFields,
  TikTokPost,
} from '../../../lib/core/posts/tiktok-post.ts';

const uuid = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const ids = (count: number) => Array.from({ length: count }, (_, id) => id);
const notIds = [5, 'a', null, {}, ['1'], [1.5], [-1], [null], [2 ** 53]];
const notFlags = [0, 1, 'true', null, []];
const notStrings = [5, true, [], {}];

type Row = { good: unknown[]; bad: unknown[] };

/** Every body field in the API documentation, with valid and invalid values. */
const table: Record<PostField, Row> = {
  brand_id: { good: [0, 1, 144, Number.MAX_SAFE_INTEGER], bad: [-1, 1.5, '144', null, Number.NaN, 2 ** 53] },
  auto_publish: { good: [true, false], bad: notFlags },
  status: { good: [...statuses], bad: ['draft', '', null, 5, 'PUBLISHED'] },
  text: {
    good: ['', 'Hello', 'a'.repeat(2_200), '😀'.repeat(1_100)],
    bad: ['a'.repeat(2_201), '😀'.repeat(1_101), null, ...notStrings],
  },
  media_ids: { good: [[], [0], [621242772]], bad: [[1, 2], ...notIds] },
  timestamp: {
    good: [
      '2026-03-10T15:00:00Z',
      '2026-03-10T15:00:00.123Z',
      '2026-03-10T15:00:00+05:30',
      '2028-02-29T23:59:59-23:59',
      '1999-12-31T00:00:00Z',
      null,
    ],
    bad: [
      '',
      'tomorrow',
      '2026-03-10',
      '2026-03-10T15:00Z',
      '2026-03-10T15:00:00',
      '2026-03-10 15:00:00Z',
      '2026-02-29T00:00:00Z',
      '2026-04-31T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-00-01T00:00:00Z',
      '2026-01-00T00:00:00Z',
      '2026-01-01T24:00:00Z',
      '2026-01-01T00:60:00Z',
      '2026-01-01T00:00:60Z',
      '2026-01-01T00:00:00+24:00',
      '2026-01-01T00:00:00+0100',
      ...notStrings,
    ],
  },
  disable_comment: { good: [true, false], bad: notFlags },
  disable_duet: { good: [true, false], bad: notFlags },
  disable_stitch: { good: [true, false], bad: notFlags },
  thumbnail_offset: { good: [0, 1_000, null], bad: [-1, 0.5, '5', true, []] },
  branded_content_type: { good: ['promoted', 'paid_partnership', null], bad: ['PROMOTED', '', 'organic', 5] },
  music_info: { good: [{}, { id: 'x', nested: { a: [1] } }, null], bad: [[], 'x', 5, true] },
  approval_policy: {
    good: ['APPROVAL_REQUIRED', 'APPROVAL_NOT_REQUIRED'],
    bad: ['required', '', null, true],
  },
  approval_requests: {
    good: [
      [],
      [{ requested_by_user_id: 123, review_user_id: 123 }],
      [{ review_user_id: 1 }, { review_user_id: 2 }],
    ],
    bad: [
      {},
      null,
      'x',
      [5],
      [null],
      [[]],
      [{ review_user_id: '1' }],
      [{ review_user_id: 1.5 }],
      [{ reviewer: 1 }],
    ],
  },
  board_ids: { good: [[], [0], ids(200)], bad: notIds },
  callback_socket_id: { good: ['', 'socket-1'], bad: [null, ...notStrings] },
  campaign_ids: { good: [[], [12, 13]], bad: notIds },
  content_tag_ids: { good: [[], [1, 1]], bad: notIds },
  creation_source: { good: ['RSS_FEED'], bad: ['rss_feed', 'API', '', null] },
  duplicate_to_brand_ids: { good: [[], ids(55)], bad: [ids(56), ...notIds] },
  post_group_id: {
    good: [uuid, uuid.toUpperCase()],
    bad: [uuid.slice(1), `{${uuid}}`, uuid.replaceAll('-', ''), '', null, 5],
  },
  sort_index: { good: [0, -3, 1.5, 123], bad: ['1', null, Number.NaN, Number.POSITIVE_INFINITY, []] },
  thumbnail_url: {
    good: ['https://example.com/a.jpg', 'http://example.com:8080/?a=b#c', 'HTTPS://EXAMPLE.COM/ä', null],
    bad: [
      '',
      'example.com/a.jpg',
      '/a.jpg',
      'ftp://example.com/a.jpg',
      'javascript:alert(1)',
      'data:image/png;base64,x',
      'https://',
      'https://exa mple.com',
      'https://example.com/\n',
      'https://example.com/\u0001',
      'https://[',
      ...notStrings,
    ],
  },
  title: { good: ['', 'A title', null], bad: notStrings },
};

const cases = (kind: keyof Row) =>
  Object.entries(table).flatMap(([field, row]) =>
    row[kind].map((value) => ({ field: field as PostField, value })),
  );

const draft = { brand_id: 144, status: 'DRAFT', auto_publish: false, creation_source: 'RSS_FEED' };

describe('an API field', () => {
  it.each(cases('good'))('$field accepts $value', ({ field, value }) => {
    const whole = { ...draft, [field]: value };

    const result = v.safeParse(TikTokPost, whole);

    expect(result).toMatchObject({ success: true, output: whole });
    expect(v.safeParse(postFields[field], value).success).toBe(true);
  });

  it.each(cases('bad'))('$field rejects $value with its name', ({ field, value }) => {
    const whole = { ...draft, [field]: value };

    const { issues = [] } = v.safeParse(TikTokPost, whole);

    expect(issues.length).toBeGreaterThan(0);
    for (const { message } of issues)
      expect(message).toMatch(new RegExp(`^(each of )?${field}.* must be .*: |not a field`));
    expect(v.safeParse(postFields[field], value).success).toBe(false);
  });
});

describe('a post', () => {
  it.each(['brand_id', 'status', 'auto_publish', 'creation_source'])('requires %s', (field) => {
    const { [field]: _, ...rest } = draft as Record<string, unknown>;

    const { issues = [] } = v.safeParse(TikTokPost, rest);

    expect(issues.map(({ message }) => message)).toEqual([`${field} is missing: give it a value`]);
  });

  it.each(Object.keys(table).filter((field) => !(field in draft)))('does not require %s', (field) => {
    expect(v.safeParse(TikTokPost, draft).success, field).toBe(true);
  });

  it.each(['caption', 'rss_guid', 'Brand_id', '__proto__', 'constructor'])(
    'rejects the unknown field %s',
    (field) => {
      const whole = JSON.parse(`{ ${JSON.stringify(draft).slice(1, -1)}, ${JSON.stringify(field)}: {} }`);

      expect(v.safeParse(TikTokPost, whole).success).toBe(false);
    },
  );
});

describe('the field names for feeds.yml', () => {
  it('list the fields that a feed sets by itself', () => {
    expect([...ownFields]).toEqual(['brand_id', 'text', 'status', 'auto_publish', 'creation_source']);
  });

  it('list as strings exactly the fields that accept only a string', () => {
    const takeStrings = Object.entries(table)
      .filter(([field]) => !['status', 'creation_source'].includes(field))
      .filter(([, { good }]) => good.every((value) => typeof value === 'string' || value === null))
      .map(([field]) => field);

    expect([...stringFields].toSorted()).toEqual(takeStrings.toSorted());
  });
});

import { describe, expect, test } from 'vitest';
import type { FeedConfig } from '../../../lib/core/config/config.ts';
import type { Entry } from '../../../lib/core/entries/entry.ts';
import { renderPost } from '../../../lib/core/posts/render-post.ts';
import type { TikTokPost } from '../../../lib/core/posts/tiktok-post.ts';
import { entryOf, feedOf, story } from '../../support/entries.ts';

const rendered = (feed: Partial<FeedConfig>, entry: Entry = story(1)): TikTokPost => {
  const result = renderPost(feedOf(feed), entry);
  if (!result.ok) throw new Error(`${result.code}: ${result.detail}`);
  return result.post;
};

test('a post is a draft for the brand with source RSS_FEED', () => {
  expect(renderPost(feedOf(), story(1))).toEqual({
    ok: true,
    post: {
      brand_id: 144,
      status: 'DRAFT',
      auto_publish: false,
      creation_source: 'RSS_FEED',
      text: 'Story 1',
    },
  });
});

test('every field under post is sent: literals unchanged, texts rendered', () => {
  const post = {
    campaign_ids: [12],
    board_ids: [],
    disable_duet: true,
    sort_index: 1.5,
    title: '{{ title | upcase }}',
    timestamp: '{{ published }}',
    branded_content_type: null,
    music_info: { name: '{{ author }}', ids: [1, 2], nested: { of: '{{ title }}' } },
    approval_requests: [{ requested_by_user_id: 1, review_user_id: 2 }],
  };

  expect(rendered({ post }, story(1, { published: '2026-03-10T15:00:00.000Z' }))).toMatchObject({
    ...post,
    title: 'STORY 1',
    timestamp: '2026-03-10T15:00:00.000Z',
    music_info: { ids: [1, 2], nested: { of: 'Story 1' } },
  });
});

test('fields that render empty are left out', () => {
  const post = {
    title: '{{ author }}',
    timestamp: '{{ published }}',
    music_info: { name: ' {{ author }} ' },
  };

  const undated = story(1, { published: null });

  expect(rendered({ post }, undated)).toEqual({ ...rendered({}), music_info: {} });
});

test("the document's title can be used in a caption", () => {
  const result = renderPost(feedOf({ caption: '{{ feed }}: {{ title }}' }), story(1), { feedTitle: 'News' });

  expect(result).toMatchObject({ ok: true, post: { text: 'News: Story 1' } });
});

describe('the thumbnail', () => {
  test.each([
    ["is the entry's image", {}, 'https://e.com/a.jpg', 'https://e.com/a.jpg'],
    [
      "is the feed's setting",
      { thumbnail_url: 'https://e.com/logo.png' },
      'https://e.com/a.jpg',
      'https://e.com/logo.png',
    ],
    ['can be turned off by the feed', { thumbnail_url: null }, 'https://e.com/a.jpg', null],
    ['is left out without an image', {}, null, undefined],
    ['is left out when it is not a web address', {}, 'data:image/png;base64,AAAA', undefined],
    ['is left out when it has a space', {}, 'https://e.com/a b.jpg', undefined],
    ['is left out when it is too long', {}, `https://e.com/${'x'.repeat(100_000)}`, undefined],
  ])('%s', (_what, post, image, thumbnail) => {
    expect(rendered({ post }, story(1, { image })).thumbnail_url).toBe(thumbnail);
  });
});

describe('an entry without a valid post', () => {
  test.each([
    ['no text', '{{ title }}', entryOf()],
    ['white space and invisible characters', ' {{ title }} ', entryOf({ title: '\u00a0\u200b\u2060' })],
    ['a condition that is false', '{% if video %}{{ title }}{% endif %}', story(1)],
  ])('has a caption of %s', (_what, caption, entry) => {
    expect(renderPost(feedOf({ caption }), entry)).toMatchObject({ ok: false, code: 'caption.empty' });
  });

  test("is reported with the entry's fields and the remedy", () => {
    const result = renderPost(feedOf({ caption: '{{ author }}' }), story(1));

    expect(result).toMatchObject({
      detail: 'the caption template renders nothing for this entry (it has: title, summary)',
    });
  });

  test('has a template that exceeds its limits', () => {
    const caption = '{% for i in (1..1000000000) %}{{ title }}{% endfor %}';

    expect(renderPost(feedOf({ caption }), story(1))).toMatchObject({
      ok: false,
      code: 'caption.failed',
      detail: expect.stringContaining('memory alloc limit exceeded'),
    });
  });

  test('has a field that the API would reject, reported by name', () => {
    const post = { timestamp: '{{ title }}', post_group_id: '{{ title }}' };

    expect(renderPost(feedOf({ post }), story(1))).toMatchObject({
      ok: false,
      code: 'post.invalid',
      detail: expect.stringMatching(/^timestamp must be .*; post_group_id must be /),
    });
  });

  test('would be published without a video', () => {
    expect(renderPost(feedOf({ publish: 'schedule' }), story(1))).toMatchObject({
      ok: false,
      code: 'post.invalid',
    });
  });
});

test('a caption of hashtags only is not empty', () => {
  const entry = entryOf({ categories: ['news'] });

  expect(rendered({ caption: '{{ title }} {{ categories | hashtags: 5 }}' }, entry).text).toBe('#news');
});

test('a megabyte of title is shortened to fit any field', () => {
  const post = rendered(
    { caption: '{{ title }}', post: { title: '{{ title }}' } },
    story(1, { title: 'word '.repeat(200_000) }),
  );

  expect(post.text?.length).toBeLessThanOrEqual(2_200);
  expect(post.title?.length).toBeLessThanOrEqual(2_200);
});

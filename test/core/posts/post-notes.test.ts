import { describe, expect, test } from 'vitest';
import type { Video } from '../../../lib/core/entries/entry.ts';
import { postNotes } from '../../../lib/core/posts/post-notes.ts';
import type { TikTokPost } from '../../../lib/core/posts/tiktok-post.ts';
import { postOf } from '../../support/entries.ts';

const video = (given: Partial<Video> = {}): Video => ({
  url: 'https://www.example.com/a.mp4',
  type: 'video/mp4',
  length: 18_000_000,
  durationS: 21,
  ...given,
});

const note = (about: string, post: Partial<TikTokPost>, of: Video | null = null) =>
  postNotes({ ...postOf('Text'), ...post }, of).find((one) => one.about === about);

describe('the disclosure note', () => {
  test.each<[Partial<TikTokPost>, boolean, string]>([
    [{}, false, 'not declared. TikTok requires it'],
    [{ status: 'SCHEDULED' }, true, 'not declared, but the post goes public'],
    [{ status: 'AUTOPUBLISHING' }, true, 'set post.branded_content_type'],
    [{ status: 'SCHEDULED', branded_content_type: 'promoted' }, false, 'declared: promoted (your own brand)'],
    [{ branded_content_type: 'paid_partnership' }, false, 'declared: paid partnership'],
    [{ status: 'SCHEDULED', branded_content_type: null }, false, 'declared: promotes nothing'],
  ])('for %j has warning %s and text "%s"', (post, warns, text) => {
    expect(note('disclosure', post)).toEqual({
      about: 'disclosure',
      warns,
      text: expect.stringContaining(text),
    });
  });
});

describe('the video note', () => {
  test.each<[Partial<Video>, string]>([
    [{}, 'MP4, 21 s, 18.0 MB: no problems found'],
    [{ type: 'video/quicktime', length: null, durationS: null }, 'MOV: no problems found'],
    [{ type: null, url: 'https://www.example.com/a.webm?x=1' }, 'WebM, 21 s'],
    [{ type: 'application/octet-stream' }, 'MP4, 21 s'],
    [
      { type: null, url: 'https://www.example.com/watch', length: null, durationS: null },
      'no details in the feed',
    ],
    [{ durationS: 3 }, 'no problems found'],
    [{ durationS: 600, length: 4_000_000_000 }, 'no problems found'],
  ])('for %j has no warning', (given, text) => {
    expect(note('video', {}, video(given))).toMatchObject({
      warns: false,
      text: expect.stringContaining(text),
    });
  });

  test.each<[Partial<Video>, Partial<TikTokPost>, string]>([
    [{ type: 'video/x-matroska' }, {}, 'the format is video/x-matroska: TikTok allows MP4, MOV and WebM'],
    [{ type: 'application/x-mpegURL' }, {}, 'the format is application/x-mpegurl'],
    [{ type: null, url: 'https://www.example.com/a.avi' }, {}, 'the format is avi'],
    [{ durationS: 2 }, {}, 'it lasts 2 s: TikTok allows 3 s to 10 min'],
    [{ durationS: 601 }, {}, 'it lasts 601 s'],
    [{ length: 4_200_000_000 }, {}, 'it has 4.2 GB: TikTok allows 4 GB'],
    [{}, { thumbnail_offset: 21_001 }, 'thumbnail_offset is at 21.001 s, but the video ends at 21 s'],
    [
      { durationS: 2, type: 'video/ogg' },
      {},
      'the format is video/ogg: TikTok allows MP4, MOV and WebM; it lasts 2 s',
    ],
  ])('for %j with %j has a warning', (given, post, text) => {
    expect(note('video', post, video(given))).toMatchObject({
      warns: true,
      text: expect.stringContaining(text),
    });
  });

  test('is missing without a video, and has no offset warning if the duration is unknown', () => {
    expect(note('video', { thumbnail_offset: 9_000 })).toBeUndefined();
    expect(note('video', { thumbnail_offset: 9_000 }, video({ durationS: null }))).toMatchObject({
      warns: false,
    });
  });
});

test.each([
  ['Title\n\nSummary\n#rain', 'Title Summary #rain'],
  ['one line', undefined],
])('the caption %j as one paragraph is %j', (caption, text) => {
  expect(note('one paragraph', { text: caption })?.text).toBe(text);
});

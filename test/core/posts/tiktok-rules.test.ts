import { describe, expect, test } from 'vitest';
import { beforeFold, tiktokRules } from '../../../lib/core/posts/tiktok-rules.ts';
import { postOf } from '../../support/entries.ts';

const whole = ['https://www.example.com/a/long/path?x=1', 'https://www.example.com/'];

const check = (rule: string, text: string, changes: object = {}) => {
  const found = tiktokRules({ ...postOf(text), ...changes }, whole).find((one) => one.rule === rule);
  return { ok: found?.ok, text: found?.text };
};

test.each([
  ['x'.repeat(2_200), true, '2,200 of 2,200 characters'],
  ['x'.repeat(2_201), false, '2,201 of 2,200 characters'],
  ['👩‍🚀'.repeat(440), true, '2,200 of 2,200 characters'],
])('the text length is counted in UTF-16 units', (caption, ok, text) => {
  expect(check('length', caption)).toEqual({ ok, text });
});

describe('hashtags', () => {
  test.each([
    ['none', 'no hashtag'],
    ['#one', '1 hashtag'],
    ['#one, #Zwei. (#три) #ताज़ा ＃四', '5 hashtags'],
    ['C# & a#b and &#39; https://www.example.com/#top', 'no hashtag'],
    ['# 1 and #!', 'no hashtag'],
  ])('in "%s" are complete', (caption, text) => {
    expect(check('hashtags', caption)).toEqual({ ok: true, text });
  });

  test.each([
    ['#News #new #NEWS', '#NEWS appears twice'],
    ['#well-known', '#well ends at "-": TikTok allows letters, digits and _'],
    ['#rock&roll', '#rock ends at "&"'],
    [`#${'x'.repeat(100)}`, 'is longer than 100 characters'],
  ])('in "%s" are not complete', (caption, text) => {
    expect(check('hashtags', caption)).toEqual({ ok: false, text: expect.stringContaining(text) });
  });
});

describe('links', () => {
  test.each([
    ['none', 'no link'],
    ['Read https://www.example.com/a/long/path?x=1.', '1 link, complete; not clickable on TikTok'],
    ['(https://www.example.com/) and www.example.org', '2 links, complete; not clickable on TikTok'],
  ])('in "%s" are complete', (caption, text) => {
    expect(check('links', caption)).toEqual({ ok: true, text });
  });

  test('that are cut are reported', () => {
    expect(check('links', 'Read https://www.example.com/a/lo…')).toEqual({
      ok: false,
      text: 'cut off: https://www.example.com/a/lo',
    });
  });
});

describe('the first line', () => {
  test('is what is visible before the fold, counted in user-perceived characters', () => {
    expect(beforeFold('👩‍🚀'.repeat(200))).toBe('👩‍🚀'.repeat(150));
    expect(check('first line', 'Short')).toEqual({ ok: true, text: 'TikTok shows all of it before "more"' });
    expect(check('first line', `Long ${'x'.repeat(150)}`)).toMatchObject({
      ok: true,
      text: 'TikTok shows the first 150 characters before "more"',
    });
  });

  test.each(['#only #tags', '🎈🎈', 'https://www.example.com/ @someone', `${'#a'.repeat(76)} Words`])(
    'of "%s" contains no word',
    (text) => {
      expect(check('first line', text).ok).toBe(false);
    },
  );
});

test.each([
  [{}, true, 'no thumbnail; a draft gets its video in Dash Social'],
  [
    { thumbnail_url: 'https://www.example.com/a.jpg' },
    true,
    'a thumbnail; a draft gets its video in Dash Social',
  ],
  [{ media_ids: [7] }, true, 'one video, no thumbnail'],
  [{ media_ids: [7, 8] }, false, '2 videos: TikTok allows one'],
  [{ status: 'SCHEDULED' }, false, 'no video: a public post needs one'],
])('media %j', (changes, ok, text) => {
  expect(check('media', 'text', changes)).toEqual({ ok, text });
});

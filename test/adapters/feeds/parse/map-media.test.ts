import { describe, expect, test } from 'vitest';
import {
  isImage,
  type Medium,
  pickVideo,
  positive,
  seconds,
} from '../../../../lib/adapters/feeds/parse/map-media.ts';

const file = (given: Partial<Medium>): Medium => ({
  url: 'https://m.example/file',
  type: null,
  length: null,
  medium: null,
  isDefault: false,
  weight: 0,
  durationS: null,
  ...given,
});

describe('a file is recognized as an image', () => {
  test.each([
    ['by its type', { type: 'image/webp' }, true],
    ['by its medium', { medium: 'image' }, true],
    ['by its name', { url: 'https://m.example/a.JPG?w=1' }, true],
    ['by its medium when its type is malformed', { type: 'image', medium: 'image' }, true],
    ['not by its name when its type differs', { url: 'https://m.example/a.jpg', type: 'audio/mpeg' }, false],
    [
      'not by its name when its medium differs',
      { url: 'https://m.example/a.jpg', medium: 'document' },
      false,
    ],
    ['not when it is a page', { medium: 'image', type: 'text/html' }, false],
    ['not without any of these', {}, false],
  ])('%s', (_, given, image) => {
    expect(isImage(file(given))).toBe(image);
  });
});

describe('among several videos', () => {
  const small = file({ url: 'https://m.example/small.mp4', weight: 1 });
  const large = file({ url: 'https://m.example/large.mp4', weight: 2, type: 'video/mp4', length: 9 });

  test('the largest is picked', () => {
    expect(pickVideo([small, large, small], 30)).toEqual({
      url: large.url,
      type: 'video/mp4',
      length: 9,
      durationS: 30,
    });
  });

  test('the default is preferred over the largest', () => {
    expect(pickVideo([large, { ...small, isDefault: true, durationS: 7 }], 30)).toMatchObject({
      url: small.url,
      durationS: 7,
    });
  });

  test('a player is never picked', () => {
    const players = ['text/html', 'application/x-shockwave-flash'].map((type) =>
      file({ type, medium: 'video' }),
    );

    expect(pickVideo(players, null)).toBeNull();
  });
});

test.each([
  ['75', 75],
  ['1:15', 75],
  ['01:01:15', 3675],
  [' 75.6 ', 76],
  ['0', null],
  ['00:00', null],
  ['-5', null],
  ['1:2:3:4', null],
  ['5 min', null],
  [undefined, null],
])('duration %j is %j seconds', (text, duration) => {
  expect(seconds(text)).toBe(duration);
});

test.each([
  ['1024', 1024],
  ['1024 bytes', 1024],
  ['0', null],
  ['-1', null],
  ['', null],
  ['9'.repeat(30), null],
])('length %j is %j', (text, length) => {
  expect(positive(text)).toBe(length);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashtags } from '../../../lib/core/captions/hashtags.ts';

test.each([
  ['one word', 'news', '#news'],
  ['several words', 'Machine learning', '#MachineLearning'],
  ['an abbreviation', 'AI', '#AI'],
  ['a hashtag already', '#News', '#News'],
  ['an ampersand', 'R&D', '#RD'],
  ['an apostrophe', 'Women’s day', '#WomensDay'],
  ['a hyphen', 'covid-19', '#Covid19'],
  ['an underscore', 'slow_food', '#slow_food'],
  ['digits only', '2026', '#2026'],
  ['German', 'Öffentliche Straße', '#ÖffentlicheStraße'],
  ['a decomposed letter', 'Cafe\u0301', '#Caf\u00e9'],
  ['Japanese', '機械 学習', '#機械学習'],
  ['Arabic', 'ذكاء اصطناعي', '#ذكاءاصطناعي'],
  ['Persian with a joiner', 'می‌خواهم', '#میخواهم'],
  ['Hindi with vowel signs', 'हिन्दी समाचार', '#हिन्दीसमाचार'],
  ['Thai', 'ข่าว', '#ข่าว'],
  ['Cyrillic', 'новости дня', '#НовостиДня'],
  ['an astral letter', '𐐨𐐩 𐐨', '#𐐀𐐩𐐀'],
  ['an emoji beside a word', '❤️ love', '#love'],
  ['a keycap', '1️⃣ first', '#1First'],
  ['tags of HTML', '<b>x</b>', '#BXB'],
])('makes a hashtag of %s', (_what, text, tag) => {
  expect(hashtags([text], 5)).toEqual([tag]);
});

test.each(['', ' ', '!!!', '❤️', '___', '\u0301', '#', 'x'.repeat(100), 'long words '.repeat(100)])(
  'makes no hashtag of %.30j',
  (text) => {
    expect(hashtags([text], 5)).toEqual([]);
  },
);

test('the same word in other case, spacing or width is one hashtag', () => {
  expect(hashtags(['News', 'news', 'NEWS ', '#news', 'ｎｅｗｓ', 'sport'], 5)).toEqual(['#News', '#sport']);
});

test('the count applies to hashtags, not texts', () => {
  expect(hashtags(['!', 'a', 'A', 'b', 'c', 'd'], 3)).toEqual(['#a', '#b', '#c']);
  expect(hashtags(['a'], 0)).toEqual([]);
});

test('every hashtag consists of letters, marks, digits and underscores, and is unique', () => {
  const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { maxLength: 20 });
  fc.assert(
    fc.property(texts, fc.integer({ min: 0, max: 10 }), (categories, count) => {
      const tags = hashtags(categories, count);

      expect(tags.length).toBeLessThanOrEqual(count);
      expect(new Set(tags.map((tag) => tag.toLowerCase())).size).toBe(tags.length);
      for (const tag of tags) expect(tag).toMatch(/^#[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*$/u);
    }),
  );
});

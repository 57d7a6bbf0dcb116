import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shorten } from '../../../lib/core/captions/shorten.ts';

const boundariesOf = (text: string): Set<number> => {
  const segments = new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text);
  return new Set([...[...segments].map(({ index }) => index), text.length]);
};

describe('a text that is too long', () => {
  test.each([
    ['ends at a word', 'The quick brown fox jumps', 20, 'The quick brown…'],
    ['ends at a word, without a trailing comma', 'One, two, three, four', 16, 'One, two…'],
    ['ends before an opening bracket', 'One two (three four', 12, 'One two…'],
    ['ends before a dash', 'One two – three four', 13, 'One two…'],
    ['ends within a very long word', 'x'.repeat(100), 50, `${'x'.repeat(48)}…`],
    ['ends between characters in text without spaces', '日本語のとても長い文章です', 8, '日本語のとて…'],
    ['ends before an emoji of eleven units', 'ab 👨‍👩‍👧‍👦 cd', 12, 'ab…'],
    ['ends before a flag', '🇩🇪🇫🇷🇮🇹', 9, '🇩🇪…'],
    ['ends after a letter and its marks', 'e\u0301'.repeat(10), 8, `${'e\u0301'.repeat(3)}…`],
    ['ends before an empty line', 'Title\n\nThe rest of it', 9, 'Title…'],
    ['is empty when the first character does not fit', '👨‍👩‍👧‍👦 family', 8, ''],
    ['is empty when the limit is 0', 'The quick brown fox', 0, ''],
  ])('%s', (_how, text, limit, shortened) => {
    expect(shorten(text, limit)).toBe(shortened);
  });

  test('can end with another ellipsis or none', () => {
    expect(shorten('The quick brown fox', 18, ' [more]')).toBe('The quick [more]');
    expect(shorten('The quick brown fox', 18, '')).toBe('The quick brown');
  });
});

test('a text that fits is unchanged', () => {
  expect(shorten('The quick, ', 11)).toBe('The quick, ');
});

describe('a link, a hashtag or a mention', () => {
  test.each([
    ['is left out whole when it does not fit', 'See https://www.example.com/a/long/path now', 30, 'See…'],
    [
      'is kept whole when it fits',
      'See https://a.example/path now and then',
      30,
      'See https://a.example/path …',
    ],
    ['keeps its last mark', 'See https://a.example/a-. Then more', 28, 'See https://a.example/a-. …'],
    ['may begin with www', 'See www.example.com/a/long/path', 20, 'See…'],
    ['may be a hashtag', 'Hello #MachineLearning', 16, 'Hello…'],
    ['may be a hashtag in Hindi', 'नमस्ते #हिन्दीसमाचार', 16, 'नमस्ते…'],
    ['may be a mention', 'Hello @someone_else', 16, 'Hello…'],
    ['may be the whole text', 'https://www.example.com/a/long/path', 20, ''],
  ])('%s', (_how, text, limit, shortened) => {
    expect(shorten(text, limit)).toBe(shortened);
  });
});

const token = fc.constantFrom(
  'https://www.example.com/a?b=c&d=(e)#f',
  'http://a.example/ü-',
  '#MachineLearning',
  '#हिन्दी',
  '@someone',
);
const oddCharacters = fc.constantFrom(
  '👨‍👩‍👧‍👦',
  '🇩🇪',
  'e\u0301',
  '\u0600',
  'क्षि',
  '1️⃣',
  '\r\n',
  '，',
  '…',
  '(',
  '—',
  '\uD83D',
);
const piece = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
  { weight: 2, arbitrary: oddCharacters },
  { weight: 2, arbitrary: fc.constantFrom(' ', ' ', '\n') },
  { weight: 1, arbitrary: token.map((text) => ` ${text} `) },
);
const anyText = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
const anyLimit = fc.integer({ min: 0, max: 80 });

/** Start and end of each token in a text. */
const spansOf = (text: string): [number, number][] =>
  [...text.matchAll(/(?:https?:\/\/|www\.)\S+|[#＃@][\p{L}\p{M}\p{N}_]+/giu)].map(({ index, 0: match }) => [
    index,
    index + match.length,
  ]);

test('the result fits the limit and is a prefix up to a grapheme boundary', () => {
  fc.assert(
    fc.property(anyText, anyLimit, (text, limit) => {
      const shortened = shorten(text, limit);

      expect(shortened.length).toBeLessThanOrEqual(limit);
      if (text.length <= limit || shortened === '') return;
      const kept = shortened.replace(/ ?…$/, '');
      const end = text.startsWith(shortened.slice(0, -1)) ? shortened.length - 1 : kept.length;
      expect(text.startsWith(shortened.slice(0, end))).toBe(true);
      expect(boundariesOf(text)).toContain(end);
    }),
    { numRuns: 2_000 },
  );
});

test('no link, hashtag or mention is ever cut', () => {
  fc.assert(
    fc.property(anyText, anyLimit, (text, limit) => {
      const shortened = shorten(text, limit);

      if (shortened === text) return;
      const kept = shortened.replace(/ ?…$/, '');
      for (const [from, to] of spansOf(text)) expect(kept.length <= from || kept.length >= to).toBe(true);
      // and none is extended by what follows it
      const known = spansOf(text).map(([from, to]) => text.slice(from, to));
      for (const [from, to] of spansOf(shortened)) expect(known).toContain(shortened.slice(from, to));
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['a word', 'x'.repeat(1_000_000)],
  ['spaces', ' '.repeat(1_000_000)],
  ['hash signs', '#'.repeat(1_000_000)],
  ['marks on one letter', `a${'\u0301'.repeat(1_000_000)}`],
  ['joined emoji', '👩‍'.repeat(300_000)],
  ['flags', '🇩🇪'.repeat(250_000)],
  ['ellipses', '…'.repeat(1_000_000)],
])('a megabyte of %s is shortened quickly', (_what, text) => {
  const began = performance.now();

  shorten(text, 2_200);

  expect(performance.now() - began).toBeLessThan(5_000);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldTypography, plainTypography } from '../../../../lib/core/entries/normalize/typography.ts';
import { anyText } from '../any-text.ts';

describe('a text with plain typography', () => {
  it.each([
    ['quotes', 'It’s ‘here’, ‚there‛', "It's 'here', 'there'"],
    ['double quotes', '“Loop” „Loop‟ «Loop» 〝Loop〟', '"Loop" "Loop" "Loop" "Loop"'],
    ['accents and primes for quotes', 'don´t don`t 6′ 6″', "don't don't 6' 6\""],
    ['dashes', 'a‐b a‑b a‒b a–b a—b a―b a−b', 'a-b a-b a-b a-b a-b a-b a-b'],
    ['an ellipsis', 'Wait…', 'Wait...'],
    ['spaces', 'a\u00A0b\u2009c\u202Fd\u3000e\u0085f', 'a b c d e f'],
    ['line breaks and tabs', ' a\r\n\n b\t\tc\u2028d ', 'a b c d'],
    ['soft hyphens', 'Ge\u00ADwinn\u00ADspiel', 'Gewinnspiel'],
    ['zero-width characters', '\uFEFFa\u200Bb\u200Cc\u200Dd\u2060e', 'abcde'],
    ['direction marks', '\u200Fمنتج\u200E \u202Ba\u202C', 'منتج a'],
    ['the emoji variation selector', '❤\uFE0F', '❤'],
    ['width', 'Ｌｏｏｐ　ｶﾞ', 'Loop ガ'],
    ['ligatures', 'ﬁt', 'fit'],
    ['decomposition', 'Cafe\u0301', 'Café'],
    ['invisible characters only', ' \u00A0\u200B ', ''],
  ])('has normalized %s', (_, text, expected) => {
    expect(plainTypography(text)).toBe(expected);
  });

  it('keeps letter case, which folding removes', () => {
    expect(plainTypography('LOOP')).toBe('LOOP');
    expect(foldTypography('LOOP ‘Straße’ GROẞ ΟΔΟΣ İstanbul')).toBe("loop 'strasse' gross οδοσ istanbul");
  });
});

/** All Unicode characters, several thousand per text, each between two letters. */
const everything = Array.from({ length: 0x110 }, (_, block) => {
  const points = Array.from({ length: 0x1000 }, (_, at) => block * 0x1000 + at);
  const assigned = points
    .map((point) => String.fromCodePoint(point))
    .filter((one) => /[^\p{Cn}\p{Cs}]/u.test(one));
  return assigned.map((one) => `a${one}b `).join('');
});

it.each([
  ['plainTypography', plainTypography],
  ['foldTypography', foldTypography],
])('%s is idempotent for every Unicode character', (_, fold) => {
  for (const text of everything.map(fold)) expect(fold(text)).toBe(text);
});

describe('folding', () => {
  it('is idempotent', () => {
    fc.assert(
      fc.property(anyText, (one) => {
        expect(foldTypography(foldTypography(one))).toBe(foldTypography(one));
      }),
    );
  });

  it.each(['NFC', 'NFD'] as const)('is the same for a text in %s', (form) => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (one) => {
        expect(foldTypography(one.normalize(form))).toBe(foldTypography(one));
      }),
    );
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isVisible, tidyText } from '../../../lib/core/text/tidy-text.ts';

test.each([
  ['line breaks of every kind', 'a\r\nb\rc\u2028d\u2029e\u0085f\vg\fh', 'a\nb\nc\nd\ne\nf\ng\nh'],
  ['white space at the ends', ' \n\t a \n\n', 'a'],
  ['spaces before and after a line break', 'a  \n  b', 'a\nb'],
  ['runs of spaces and tabs', 'a \t  b', 'a b'],
  ['more than one blank line', 'a\n\n\n \n\nb', 'a\n\nb'],
  ['one blank line, which is kept', 'a\n\nb', 'a\n\nb'],
  ['control characters', 'a\0b\u0007c\u009fd', 'abcd'],
  ['byte order marks', '\uFEFFa\uFEFFb', 'ab'],
  ['lone surrogates', 'a\uD83Db\uDE00c', 'abc'],
  ['spaces around removed characters', 'a \0 b', 'a b'],
  ['a non-breaking space, which is kept', 'Bon\u00a0!', 'Bon\u00a0!'],
  ['joiners, which are kept', '👩‍👩‍👧 می‌خواهم', '👩‍👩‍👧 می‌خواهم'],
])('tidies %s', (_what, text, tidied) => {
  expect(tidyText(text)).toBe(tidied);
});

const roughText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(' ', '\n', '\t', '\r', '\0', '\uFEFF', '\uD83D', '\uDE00', '\u2028', '\u00a0', '#'),
    fc.string({ unit: 'binary', maxLength: 2 }),
  ),
  maxLength: 60,
});

test('is idempotent', () => {
  fc.assert(
    fc.property(roughText, (text) => {
      const once = tidyText(text);

      expect(tidyText(once)).toBe(once);
      expect(once.isWellFormed()).toBe(true);
      expect(once).not.toMatch(/\n{3}|^\s|\s$| \n|\n /);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['spaces', ' '.repeat(1_000_000)],
  ['line breaks', '\n'.repeat(1_000_000)],
  ['lines of spaces', `${' '.repeat(1_000)}\n`.repeat(1_000)],
  ['spaces before a letter', `${' \t'.repeat(500_000)}x`],
])('a megabyte of %s is tidied quickly', (_what, text) => {
  const began = performance.now();

  tidyText(text);

  expect(performance.now() - began).toBeLessThan(5_000);
});

test.each([
  ['a', true],
  ['#', true],
  ['👍', true],
  ['日', true],
  ['', false],
  [' \n\u00a0\u3000', false],
  ['\u200b\u200d\u00ad\u2060', false],
  ['\ufe0f\u0301', false],
])('%j is visible: %s', (text, visible) => {
  expect(isVisible(text)).toBe(visible);
});

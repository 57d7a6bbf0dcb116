import { describe, expect, it } from 'vitest';
import { hasWord, searchable } from '../../../lib/core/editorial/find-word.ts';
import { normalizeGuid } from '../../../lib/core/entries/normalize/normalize-guid.ts';
import { normalizeText } from '../../../lib/core/entries/normalize/normalize-text.ts';
import { normalizeTitle } from '../../../lib/core/entries/normalize/normalize-title.ts';

const cpuMs = (work: () => unknown): number => {
  const start = process.cpuUsage().user;
  work();
  return (process.cpuUsage().user - start) / 1000;
};
const bestOfFive = (work: () => unknown): number => Math.min(...Array.from({ length: 5 }, () => cpuMs(work)));

const n = 100_000;
const hostile: [string, (length: number) => string][] = [
  ['combining marks', (length) => `a${'\u0301'.repeat(length)}`],
  ['combining marks out of order', (length) => `a${'\u0301\u0323'.repeat(length / 2)}`],
  ['marks that decompose into two', (length) => '\u0344'.repeat(length)],
  ['a character that expands to eighteen', (length) => '\uFDFA'.repeat(length / 4)],
  ['letters that are three in upper case', (length) => '\u0390'.repeat(length)],
  ['Hangul letters', (length) => '\u1100\u1161'.repeat(length / 2)],
  ['grapheme joiners', (length) => '\u034F'.repeat(length)],
  ['soft hyphens', (length) => '\u00AD'.repeat(length)],
  ['inner spaces', (length) => `a${' '.repeat(length)}b`],
  ['no space at all', (length) => 'x'.repeat(length)],
  ['separators', (length) => `a${' | x'.repeat(length / 4)}`],
  ['slashes', (length) => `https://example.com/${'/'.repeat(length)}a`],
  ['percent signs', (length) => `https://example.com/${'%'.repeat(length)}`],
];

// Native code has no steps to count, so this compares the time for four times the input, with room for noise.
describe.each([
  ['title', (text: string) => normalizeTitle(text, 'x')],
  ['text', normalizeText],
  ['guid', normalizeGuid],
  ['text searched by rules', (text: string) => hasWord(searchable(text), 'ab')],
])('the time for a %s', (_, normalize) => {
  it.each(hostile)('grows linearly: %s', (_name, make) => {
    const [short, long] = [make(n), make(4 * n)];

    expect(bestOfFive(() => normalize(long))).toBeLessThan(8 * bestOfFive(() => normalize(short)) + 20);
  });
});

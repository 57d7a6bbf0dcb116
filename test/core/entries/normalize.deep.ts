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
  ['marks that are two', (length) => '\u0344'.repeat(length)],
  ['a character that is eighteen', (length) => '\uFDFA'.repeat(length / 4)],
  ['letters that are three in capitals', (length) => '\u0390'.repeat(length)],
  ['Hangul letters', (length) => '\u1100\u1161'.repeat(length / 2)],
  ['grapheme joiners', (length) => '\u034F'.repeat(length)],
  ['soft hyphens', (length) => '\u00AD'.repeat(length)],
  ['spaces that are not at the end', (length) => `a${' '.repeat(length)}b`],
  ['no space at all', (length) => 'x'.repeat(length)],
  ['separators', (length) => `a${' | x'.repeat(length / 4)}`],
  ['slashes', (length) => `https://example.com/${'/'.repeat(length)}a`],
  ['percent signs', (length) => `https://example.com/${'%'.repeat(length)}`],
];

// What is native tells no steps: the time that four times as much takes, with as much again for noise.
describe.each([
  ['title', (text: string) => normalizeTitle(text, 'x')],
  ['text', normalizeText],
  ['guid', normalizeGuid],
  ['text that rules look in', (text: string) => hasWord(searchable(text), 'ab')],
])('the time for a %s', (_, normalize) => {
  it.each(hostile)('grows with its length only: %s', (_name, make) => {
    const [short, long] = [make(n), make(4 * n)];

    expect(bestOfFive(() => normalize(long))).toBeLessThan(8 * bestOfFive(() => normalize(short)) + 20);
  });
});

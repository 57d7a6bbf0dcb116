import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { normalizeTitle } from '../../../../lib/core/entries/normalize/normalize-title.ts';
import { differentTitles } from '../corpus.ts';

describe('a title', () => {
  it.each([
    ['case', 'The LOOP Vest', 'the loop vest'],
    ['width', 'Ｓｕｍｍｅｒ', 'Summer'],
    ['white space', '  Summer\n\u00A0 Drop ', 'Summer Drop'],
    ['quotes and dashes', 'It’s here – the “Loop” vest', 'It\'s here - the "Loop" vest'],
    ['hyphens', 'T‑shirt', 'T-shirt'],
    ['soft hyphens', 'Ge\u00ADwinn\u00ADspiel', 'Gewinnspiel'],
    ['zero-width characters', '\u200BLoop\uFEFF', 'Loop'],
    ['composition', 'Cafe\u0301', 'Café'],
    ['the German ß in capitals', 'STRASSE', 'Straße'],
  ])('is the same regardless of %s', (_, one, other) => {
    expect(normalizeTitle(one, null)).toBe(normalizeTitle(other, null));
  });

  it.each([null, '', ' \u00A0\u200B '])('is null for %j', (title) => {
    expect(normalizeTitle(title, 'Newsroom')).toBeNull();
  });

  it.each([
    ['Story | Newsroom', 'Newsroom', 'story'],
    ['Story - Newsroom', 'Newsroom', 'story'],
    ['Story – NEWSROOM', ' Newsroom ', 'story'],
    ['Story — News\u00ADroom', 'Newsroom', 'story'],
    ['Story « Newsroom', 'Newsroom', 'story'],
    ['Story · Newsroom', 'Newsroom', 'story'],
    ['Story ｜ Newsroom', 'Newsroom', 'story'],
    ['Story | Harbour – News', 'Harbour - News', 'story'],
    ['Story - Newsroom | Newsroom', 'Newsroom', 'story'],
    ['Story | Newsroom', null, 'story | newsroom'],
    ['Story | Newsroom', '', 'story | newsroom'],
    ['Story | Other', 'Newsroom', 'story | other'],
    ['Story | The Newsroom', 'Newsroom', 'story | the newsroom'],
    ['Story-Newsroom', 'Newsroom', 'story-newsroom'],
    ['Story from the Newsroom', 'Newsroom', 'story from the newsroom'],
    ['Newsroom', 'Newsroom', 'newsroom'],
    ['| Newsroom', 'Newsroom', '| newsroom'],
    ['Newsroom | Story', 'Newsroom', 'newsroom | story'],
  ])("loses its feed's title and nothing else: %j in %j is %j", (title, feedTitle, expected) => {
    expect(normalizeTitle(title, feedTitle)).toBe(expected);
  });

  it('stays distinct if readers can distinguish it', () => {
    const known = differentTitles.map((title) => normalizeTitle(title, 'Harbour Supply'));

    expect(differentTitles.filter((_, at) => known.indexOf(known[at] ?? null) !== at)).toEqual([]);
  });

  it('is replaced by its hash over 2,048 bytes, so that equal beginnings stay distinct', () => {
    const long = 'é'.repeat(1_024);

    expect(normalizeTitle(long, null)).toBe(long);
    expect(normalizeTitle(`${long}a`, null)).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(normalizeTitle(`${long}a`, null)).toBe(normalizeTitle(`${long.normalize('NFD')}A | Feed`, 'feed'));
    expect(normalizeTitle(`${long}a`, null)).not.toBe(normalizeTitle(`${long}b`, null));
  });

  it('is replaced by its hash over 65,536 characters', () => {
    const long = 'A word – '.repeat(20_000);

    expect(normalizeTitle(`${long}a`, null)).toMatch(/^a word - .* sha256:[0-9a-f]{64}$/);
    expect(normalizeTitle(`${long}a`, null)).toBe(normalizeTitle(`${long.toUpperCase()}A`, null));
    expect(normalizeTitle(`${long}a`, null)).not.toBe(normalizeTitle(`${long}b`, null));
  });

  it('is normalized idempotently, and equally for every Unicode form', () => {
    const feed = fc.constantFrom(null, '', 'News', 'News | News', '-', 'é');
    const word = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('News', ' | News', ' – ', '“é”'));
    const title = fc.array(word).map((words) => words.join(''));
    fc.assert(
      fc.property(title, feed, fc.constantFrom('NFC', 'NFD'), (one, feedTitle, form) => {
        const once = normalizeTitle(one, feedTitle);

        expect(normalizeTitle(once, feedTitle)).toBe(once);
        expect(normalizeTitle(one.normalize(form), feedTitle)).toBe(once);
      }),
    );
  });

  it('takes steps in proportion to its length', () => {
    const steps = (n: number) => {
      const looks = vi.spyOn(String.prototype, 'endsWith');
      normalizeTitle(`a${' | n'.repeat(n)}`, 'n');
      const count = looks.mock.calls.length;
      looks.mockRestore();
      return count;
    };

    expect(steps(2_000)).toBeLessThanOrEqual(2.5 * steps(1_000));
  });

  it('keeps an overlong feed title', () => {
    const name = 'n'.repeat(501);

    expect(normalizeTitle(`Story | ${name}`, name)).toBe(`story | ${name}`);
  });
});

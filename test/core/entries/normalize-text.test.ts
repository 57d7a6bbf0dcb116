import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeText } from '../../../lib/core/entries/normalize-text.ts';

describe('a text', () => {
  it.each([
    [null, ''],
    [' \n\u00A0', ''],
    ['One paragraph.\n\nAnother\u00A0one.', 'One paragraph. Another one.'],
    ['It’s “here” – now', 'It\'s "here" - now'],
    ['Ge\u00ADwinn', 'Gewinn'],
  ])('%j is %j', (text, expected) => {
    expect(normalizeText(text)).toBe(expected);
  });

  it('counts letter case, and is whole however long', () => {
    const long = 'Word '.repeat(50_000);

    expect(normalizeText(long)).toBe(long.trim());
    expect(normalizeText('us')).not.toBe(normalizeText('US'));
  });

  it('changes nothing more the second time, and is the same in every normal form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('NFC', 'NFD'), (text, form) => {
        const once = normalizeText(text);

        expect(normalizeText(once)).toBe(once);
        expect(normalizeText(text.normalize(form))).toBe(once);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeText } from '../../../../lib/core/entries/normalize/normalize-text.ts';

describe('a text', () => {
  it.each([
    [null, ''],
    [' \n\u00A0', ''],
    ['One paragraph.\n\nAnother\u00A0one.', 'One paragraph. Another one.'],
    ['It’s “here” – now', 'It\'s "here" - now'],
    ['Ge\u00ADwinn', 'Gewinn'],
  ])('%j becomes %j', (text, expected) => {
    expect(normalizeText(text)).toBe(expected);
  });

  it('is case-sensitive', () => {
    expect(normalizeText('us')).not.toBe(normalizeText('US'));
  });

  it('is its beginning and a hash over 65,536 characters', () => {
    const long = 'Word '.repeat(20_000);

    expect(normalizeText(long)).toMatch(/^(?:Word ){200}sha256:[0-9a-f]{64}$/);
    expect(normalizeText(`${long}a`)).not.toBe(normalizeText(`${long}b`));
    expect(normalizeText(long.replaceAll(' ', '\r\n\u00A0'))).toBe(normalizeText(long));
    expect(normalizeText(normalizeText(long))).toBe(normalizeText(long));
  });

  it('is normalized idempotently, and equally for every Unicode form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('NFC', 'NFD'), (text, form) => {
        const once = normalizeText(text);

        expect(normalizeText(once)).toBe(once);
        expect(normalizeText(text.normalize(form))).toBe(once);
      }),
    );
  });
});

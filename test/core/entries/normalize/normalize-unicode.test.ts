import fc from 'fast-check';
import { expect, it } from 'vitest';
import { normalizeUnicode } from '../../../../lib/core/entries/normalize/normalize-unicode.ts';
import { anyText } from '../any-text.ts';

const marks = fc.string({ unit: fc.constantFrom('\u0301', '\u0323', '\u0344', '\u034F'), maxLength: 200 });

it.each(['NFC', 'NFKC'] as const)('returns %s for every text with realistic numbers of marks', (form) => {
  fc.assert(
    fc.property(anyText, (text) => {
      fc.pre(!/\p{M}{8}/u.test(text.normalize('NFKD')));

      expect(normalizeUnicode(text, form)).toBe(text.normalize(form));
    }),
  );
});

it('is idempotent for any marks', () => {
  fc.assert(
    fc.property(anyText, marks, anyText, (before, crowd, after) => {
      const once = normalizeUnicode(before + crowd + after, 'NFKC');

      expect(normalizeUnicode(once, 'NFKC')).toBe(once);
    }),
  );
});

it('limits runs to 30 marks, because longer ones make normalizing quadratic', () => {
  fc.assert(
    fc.property(marks, (crowd) => {
      expect(normalizeUnicode(`a${crowd}`, 'NFKC')).not.toMatch(/[\p{M}--\u034F]{31}/v);
    }),
  );
});

it('keeps every mark', () => {
  const crowd = '\u0323'.repeat(1_000);

  expect(normalizeUnicode(`x${crowd}`, 'NFKC').replaceAll('\u034F', '')).toHaveLength(1_001);
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { normalizeUnicode } from '../../../../lib/core/entries/normalize/normalize-unicode.ts';
import { anyText } from '../any-text.ts';

const marks = fc.string({ unit: fc.constantFrom('\u0301', '\u0323', '\u0344', '\u034F'), maxLength: 200 });

it.each(['NFC', 'NFKC'] as const)(
  'is %s for every text whose marks are as few as in any language',
  (form) => {
    fc.assert(
      fc.property(anyText, (text) => {
        fc.pre(!/\p{M}{8}/u.test(text.normalize('NFKD')));

        expect(normalizeUnicode(text, form)).toBe(text.normalize(form));
      }),
    );
  },
);

it('changes nothing more the second time, whatever the marks', () => {
  fc.assert(
    fc.property(anyText, marks, anyText, (before, crowd, after) => {
      const once = normalizeUnicode(before + crowd + after, 'NFKC');

      expect(normalizeUnicode(once, 'NFKC')).toBe(once);
    }),
  );
});

it('never leaves more than 30 marks in a row, which is what makes normalising quadratic', () => {
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

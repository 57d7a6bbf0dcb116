import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { foldLong } from '../../../../lib/core/entries/normalize/fold-long.ts';
import { plainTypography } from '../../../../lib/core/entries/normalize/typography.ts';

describe('a long text', () => {
  it.each([
    ['words', 'It’s a “Loop” vest. '],
    ['accents', 'cafe\u0301\u00A0 '],
    ['line breaks', 'a\r\n\nb '],
    ['invisible words', 'a \u200B \u200B'],
    ['emoji', '👍🏽 '],
    ['spaces only', '\r\n\u200B '],
  ])('is represented by the hash of its whole folded form: %s', (_, unit) => {
    const text = unit.repeat(Math.ceil(70_000 / unit.length));
    const whole = plainTypography(text);

    expect(foldLong(text, plainTypography)).toBe(
      `${whole.slice(0, 1_000).toWellFormed().trimEnd()} sha256:${createHash('sha256').update(whole).digest('hex')}`,
    );
  });

  it.each([
    ['words', 'a word '.repeat(20_000)],
    ['no space at all', 'x'.repeat(140_000)],
    ['surrogate pairs only', `a${'😀'.repeat(70_000)}`],
    ['a leading space only', ` ${'x'.repeat(140_000)}`],
  ])('is folded once, in parts of at most 32,768 characters: %s', (_, text) => {
    const parts: string[] = [];

    foldLong(text, (part) => {
      parts.push(part);
      return part.trim();
    });

    expect(parts.join('')).toBe(text);
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(32_768);
    expect(parts.length).toBeLessThanOrEqual(7);
    expect(parts.every((part) => part.isWellFormed())).toBe(true);
  });

  it('differs from any other text', () => {
    const text = 'a word '.repeat(20_000);

    expect(foldLong(`${text}x`, plainTypography)).not.toBe(foldLong(`${text}y`, plainTypography));
    expect(foldLong(`x${text}`, plainTypography)).not.toBe(foldLong(`y${text}`, plainTypography));
  });
});

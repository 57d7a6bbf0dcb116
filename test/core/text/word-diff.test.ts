import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DiffPart, wordDiff } from '../../../lib/core/text/word-diff.ts';

const marked = (parts: DiffPart[]): string =>
  parts
    .map(({ kind, text }) => (kind === 'same' ? text : kind === 'removed' ? `[-${text}-]` : `{+${text}+}`))
    .join('');

const without = (parts: DiffPart[], kind: DiffPart['kind']): string =>
  parts.flatMap((part) => (part.kind === kind ? [] : part.text)).join('');

describe('the difference of two texts by words', () => {
  it.each([
    ['nothing', 'One word', 'One word', 'One word'],
    [
      'a replaced word',
      'Opens on Friday at nine',
      'Opens on Monday at nine',
      'Opens on [-Friday-]{+Monday+} at nine',
    ],
    ['several words as one change', 'a b c d', 'a x y d', 'a [-b c-]{+x y+} d'],
    ['an addition at the end', 'Closed.', 'Closed. Update: open.', 'Closed.{+ Update: open.+}'],
    ['a removal', 'The very big house', 'The big house', 'The [-very -]big house'],
    ['a text that was empty', '', 'New', '{+New+}'],
    ['a text without spaces', '橋は金曜日に開通', '橋は月曜日に開通', '橋は[-金曜日-]{+月曜日+}に開通'],
  ])('shows %s', (_, before, after, expected) => {
    expect(marked(wordDiff(before, after))).toBe(expected);
  });

  it('makes up both texts, and no part is empty', () => {
    const words = fc
      .array(fc.constantFrom('a', 'b', 'c', ' ', '  ', '\n', 'ü', '🌉', '橋'), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(words, words, (before, after) => {
        const parts = wordDiff(before, after);

        expect(without(parts, 'added')).toBe(before);
        expect(without(parts, 'removed')).toBe(after);
        expect(parts.every(({ text }) => text !== '')).toBe(true);
      }),
    );
  });

  it('replaces a long middle as a whole, so that the work stays linear', () => {
    const text = (seed: number) => Array.from({ length: 3_000 }, (_, n) => `w${n * seed}`).join(' ');

    const parts = wordDiff(`Start ${text(7)} end`, `Start ${text(11)} end`);

    expect(parts.map(({ kind }) => kind)).toEqual(['same', 'removed', 'added', 'same']);
  });
});

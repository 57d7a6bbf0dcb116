import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textOfMarkdown } from '../../lib/webhooks/markdown.ts';

test.each([
  ['# Bread #1', 'Bread #1'],
  ['Bread **first**, then *cheese*', 'Bread first, then cheese'],
  ['__Bread__ and _cheese_', 'Bread and cheese'],
  ['***both***', 'both'],
  ['2 * 3 * 4, 2*3*4, a_b_c, *', '2 * 3 * 4, 2*3*4, a_b_c, *'],
  ['[cheese](https://x.example/a_(b)) and <https://x.example/c>', 'cheese and https://x.example/c'],
  ['![a board](/board.jpg)Bread', 'Bread'],
  ['- bread\n* cheese\n+ wine', 'bread\ncheese\nwine'],
  ['1. bread\n2. cheese', '1. bread\n2. cheese'],
  ['> > Bread', 'Bread'],
  ['Bread\n\n---\n\n***\n\nCheese', 'Bread\n\nCheese'],
  ['Bread\n=====\n\nCheese', 'Bread\n\nCheese'],
  ['```sh\na_b_ * c\n```\nBread `now`', 'a_b_ * c\nBread now'],
  ['\\*not\\* \\_this\\_', '*not* _this_'],
  ['~~stale~~ fresh', 'stale fresh'],
  ['Brot & Käse <br> 5 < 6 €', 'Brot & Käse <br> 5 < 6 €'],
])('%j becomes %j', (markdown, text) => {
  expect(textOfMarkdown(markdown)).toBe(text);
});

test('plain words are unchanged', () => {
  const word = fc.stringMatching(/^[\p{L}\p{N},.?!]{1,12}$/u);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
      expect(textOfMarkdown(words.join(' '))).toBe(words.join(' '));
    }),
  );
});

test.each(['[', '![', '](', '*', '_', '`', '~~', '> ', '\\', '<https://', '[a](', '(', '- '])(
  'a megabyte of %j is converted quickly',
  (mark) => {
    const texts = [mark.repeat(1_000_000 / mark.length), `${mark}a`.repeat(1_000_000 / (mark.length + 1))];

    expect(texts.map((text) => typeof textOfMarkdown(text))).toEqual(['string', 'string']);
  },
);

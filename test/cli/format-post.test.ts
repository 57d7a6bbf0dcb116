import { expect, it } from 'vitest';
import { postLines } from '../../cli/format-post.ts';
import { pageFor } from '../../cli/page.ts';
import { fakeTerminal } from '../support/cli.ts';
import { postOf } from '../support/entries.ts';

it('shows a caption line by line, dimmed after the fold, with words kept apart', () => {
  const text = `${'word '.repeat(40)}end\n\nLast line`;

  const plainly = postLines(pageFor(fakeTerminal()), postOf(text));
  const [first = ''] = postLines(pageFor(fakeTerminal({ color: true })), postOf(text));

  expect(plainly.slice(0, 3)).toEqual([`  │ ${'word '.repeat(40)}end`, '  │ ', '  │ Last line']);
  expect(first.split('\u001B[2m').map((part) => part.length > 40)).toEqual([true, true]);
});

it('strips control characters from captions', () => {
  const lines = postLines(pageFor(fakeTerminal()), postOf('a\u001B[2J\u202Eb\u0007c'));

  expect(lines[0]).toBe('  │ ab c');
});

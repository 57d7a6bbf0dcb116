import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLine, plain, plainJson } from '../../local/plain-text.ts';

/** What a terminal obeys, what ends a line, and what turns the direction of a text. */
const steers = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;
const hostile = fc.string({
  unit: fc.constantFrom(
    '\u001B[2J',
    '\u009B31m',
    '\u0007',
    '\r',
    '\n',
    '\u2028',
    '\u202E',
    '\u2066',
    'a',
    '"',
    'é',
    '🌉',
  ),
});

describe('what a feed says, on a terminal,', () => {
  it('steers nothing as a line', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(plain(text)).not.toMatch(steers);
      }),
    );
  });

  it.each([
    ['on one line', jsonLine],
    ['over several', (value: unknown) => plainJson(value).replaceAll('\n', '')],
  ])('steers nothing as JSON %s, and reads back as it was', (_, print) => {
    fc.assert(
      fc.property(hostile, (text) => {
        const printed = print({ [text]: [text] });

        expect(printed).not.toMatch(steers);
        expect(JSON.parse(printed)).toEqual({ [text]: [text] });
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLine, plain, plainJson } from '../../local/plain-text.ts';

/** Control characters, line ends and characters that change text direction. */
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

describe('feed text on a terminal', () => {
  it('contains no control characters when printed as a line', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(plain(text)).not.toMatch(steers);
      }),
    );
  });

  it.each([
    ['on one line', jsonLine],
    ['on several lines', (value: unknown) => plainJson(value).replaceAll('\n', '')],
  ])('contains no control characters when printed as JSON %s, and parses to the same value', (_, print) => {
    fc.assert(
      fc.property(hostile, (text) => {
        const printed = print({ [text]: [text] });

        expect(printed).not.toMatch(steers);
        expect(JSON.parse(printed)).toEqual({ [text]: [text] });
      }),
    );
  });
});

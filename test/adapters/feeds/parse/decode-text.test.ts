import { describe, expect, test } from 'vitest';
import { decodeText } from '../../../../lib/adapters/feeds/parse/decode-text.ts';

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );

const utf8 = (text: string): number[] => [...Buffer.from(text, 'utf8')];
const utf16le = (text: string): number[] => [...Buffer.from(text, 'utf16le')];
const utf16be = (text: string): number[] => [...Buffer.from(text, 'utf16le').swap16()];
const declared = (charset: string) => `<?xml version="1.0" encoding="${charset}"?>`;

describe('the charset is chosen as in a browser', () => {
  const table: [string, Uint8Array, string | null, string][] = [
    ['undeclared, valid UTF-8', bytes(utf8('é 😀')), null, 'é 😀'],
    ['undeclared, not UTF-8', bytes('caf', [0xe9, 0x20, 0x80]), null, 'café €'],
    ['declared', bytes(declared('windows-1251'), [0xcf, 0xf0, 0xe8]), null, `${declared('windows-1251')}При`],
    ['latin1 means windows-1252', bytes(declared('ISO-8859-1'), [0x93]), null, `${declared('ISO-8859-1')}“`],
    ['declared by the content type', bytes([0x82, 0xa0]), 'text/xml; charset="Shift_JIS"', 'あ'],
    [
      'the content type overrides the declaration',
      bytes(declared('utf-8'), [0xe1]),
      'text/xml;charset=iso-8859-2',
      `${declared('utf-8')}á`,
    ],
    [
      'the byte order mark overrides everything',
      bytes([0xef, 0xbb, 0xbf], declared('koi8-r'), utf8('é')),
      'text/xml; charset=big5',
      `${declared('koi8-r')}é`,
    ],
    [
      'UTF-16 with a mark, little-endian',
      bytes([0xff, 0xfe], utf16le('<é')),
      'text/xml; charset=utf-8',
      '<é',
    ],
    ['UTF-16 with a mark, big-endian', bytes([0xfe, 0xff], utf16be('<é')), null, '<é'],
    ['UTF-16 without a mark, big-endian', bytes(utf16be('<é')), null, '<é'],
    ['UTF-16 without a mark, little-endian', bytes(utf16le('<é')), null, '<é'],
    [
      'UTF-16 declared in ASCII is wrong',
      bytes(declared('utf-16'), utf8('é')),
      null,
      `${declared('utf-16')}é`,
    ],
    [
      'windows-1252 declared as UTF-8',
      bytes(declared('utf-8'), 'caf', [0xe9]),
      null,
      `${declared('utf-8')}café`,
    ],
    ['UTF-8 declared as ASCII', bytes(declared('us-ascii'), utf8('é')), null, `${declared('us-ascii')}é`],
    ['UTF-8 declared as ASCII by the content type', bytes(utf8('é')), 'text/xml; charset=US-ASCII', 'é'],
    [
      'windows-1252 declared as ASCII',
      bytes(declared('us-ascii'), 'caf', [0xe9]),
      null,
      `${declared('us-ascii')}café`,
    ],
    ['UTF-8 with one bad byte stays UTF-8', bytes(utf8('éàü'), [0xff]), null, 'éàü\ufffd'],
    [
      'UTF-8 that already contains replacement characters',
      bytes(utf8('a\ufffd\ufffdé')),
      null,
      'a\ufffd\ufffdé',
    ],
    ['cut in the middle of a character', bytes(utf8('éàü').slice(0, -1)), null, 'éà\ufffd'],
    [
      'an unknown label is ignored',
      bytes(declared('klingon'), utf8('é')),
      'text/xml; charset=vulcan',
      `${declared('klingon')}é`,
    ],
    [
      'text before the declaration',
      bytes('oops\n', declared('koi8-r'), [0xc1]),
      null,
      `oops\n${declared('koi8-r')}а`,
    ],
    ['an empty document', bytes(), null, ''],
  ];

  test.each(table)('%s', (_, document, contentType, text) => {
    expect(decodeText(document, contentType)).toBe(text);
  });
});

test.each([
  ['gbk', [0xd6, 0xd0], '中'],
  ['gb18030', [0xd6, 0xd0], '中'],
  ['big5', [0xa4, 0xa4], '中'],
  ['euc-jp', [0xa4, 0xa2], 'あ'],
  ['iso-2022-jp', [0x1b, 0x24, 0x42, 0x24, 0x22, 0x1b, 0x28, 0x42], 'あ'],
  ['euc-kr', [0xb0, 0xa1], '가'],
  ['koi8-r', [0xc1], 'а'],
  ['koi8-u', [0xa4], 'є'],
  ['windows-1250', [0x9a], 'š'],
  ['windows-1253', [0xe1], 'α'],
  ['windows-1254', [0xfe], 'ş'],
  ['windows-1255', [0xe0], 'א'],
  ['windows-1256', [0xc7], 'ا'],
  ['windows-1257', [0xe0], 'ą'],
  ['windows-874', [0xa1], 'ก'],
  ['tis-620', [0xa1], 'ก'],
  ['iso-8859-5', [0xd0], 'а'],
  ['iso-8859-7', [0xe1], 'α'],
  ['iso-8859-15', [0xa4], '€'],
  ['macintosh', [0x8e], 'é'],
  ['ibm866', [0xa0], 'а'],
])('%s is supported', (charset, raw, text) => {
  expect(decodeText(Buffer.from(raw), `application/xml; charset=${charset}`)).toBe(text);
});
